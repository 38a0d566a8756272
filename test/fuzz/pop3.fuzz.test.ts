/** Every parser of POP3 with noise: errors of the protocol, and nothing else; whole or byte by byte. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { it } from 'vitest';
import { concat, fromLatin1, hex, latin1, utf8 } from '../../src/lib/bytes.ts';
import { DotReader, DotWriter, LineEndGuard, withCrLf } from '../../src/lib/dot.ts';
import { ProtocolError } from '../../src/lib/errors.ts';
import { LineReader } from '../../src/lib/lines.ts';
import { ByteReader, type Connection, type Host } from '../../src/net/index.ts';
import { World } from '../../src/net/sim/index.ts';
import { Pop3Client, pop3Dissector, servePop3 } from '../../src/pop3/index.ts';
import { parseCapabilities } from '../../src/pop3/machine/capabilities.ts';
import { TopCutter } from '../../src/pop3/machine/top.ts';
import { surrogate } from '../../src/pop3/surrogate.ts';
import { encodeCommand, lineText, parseCommand } from '../../src/pop3/wire/command.ts';
import { parseListing, parseStat, parseUniqueIds } from '../../src/pop3/wire/listing.ts';
import { encodeResponse, parseChallenge, parseResponse } from '../../src/pop3/wire/response.ts';
import { TestDrop, TestStore } from '../pop3/test-store.ts';
import { fuzz, ROUNDS } from './mutate.ts';

const TIME = 120_000;

function allowed<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

const COMMANDS = [
  'USER bob\r\n',
  'PASS  a b \r\n',
  'APOP bob c4c9334bac560ecc979e58001b3e22fb\r\n',
  'AUTH PLAIN AGEAYg==\r\n',
  'AUTH\r\n',
  'TOP 1 10\r\n',
  'LIST 2\r\n',
  'uidl\r\n',
];
const SPICE = [
  ' ',
  '  ',
  '\t',
  '\r',
  '\n',
  '\r\n',
  '\0',
  '\xff',
  '.',
  '0',
  '-1',
  '9999999999',
  '=',
];

it('commands, and what is read is read again', { timeout: TIME }, () => {
  fuzz(COMMANDS, SPICE, (bytes) => {
    const reader = new LineReader(300);
    reader.push(bytes);
    const line = reader.next();
    const command = line && allowed(() => parseCommand(lineText(line)));
    if (!command) return;
    const again = new TextDecoder('utf-8', { ignoreBOM: true }).decode(encodeCommand(command));
    deepEqual(parseCommand(again.slice(0, -2)), command, again);
  });
});

it('responses and listings', { timeout: TIME }, () => {
  const examples = [
    '+OK 2 320',
    '-ERR [IN-USE] no',
    '+ YQ==',
    '1 120\r\n2 200\r\n',
    '1 a.b\r\n',
    '+OK [a/b] x',
  ];
  fuzz(examples, [...SPICE, '[', ']', '+', '+OK', '-ERR'], (bytes) => {
    const response = allowed(() => parseResponse({ bytes }));
    allowed(() => parseChallenge({ bytes }));
    if (response) {
      allowed(() => parseStat(response));
      const written = encodeResponse(response);
      match(fromLatin1(written), /^(\+OK|-ERR)[^\r\n]*\r\n$/);
    }
    const text = fromLatin1(bytes);
    allowed(() => parseListing(text));
    allowed(() => parseUniqueIds(text));
    parseCapabilities(text);
  });
});

it('the top of a message, whole and byte by byte', { timeout: TIME }, () => {
  fuzz(
    ['A: b\r\n\r\n1\r\n2\r\n3\r\n', 'A: b\n\n1\n2\n', '\r\n1\r\n'],
    ['\r', '\n', '\r\n', '\n\n'],
    (bytes) => {
      const lines = bytes.length % 4;
      const cut = (parts: readonly Uint8Array[]): string => {
        const cutter = new TopCutter(lines);
        return parts.map((part) => (cutter.done ? '' : hex(cutter.push(part)))).join('');
      };
      const whole = cut([bytes]);
      equal(cut([...bytes].map((byte) => Uint8Array.of(byte))), whole);
      ok(hex(bytes).startsWith(whole));
    },
  );
});

it('what is sent is in lines of CR LF, and read as it was mended', { timeout: TIME }, () => {
  const spice = ['.', '\r', '\n', '\r\n', '\r\n.', '\r\n.\r\n', '\n.\n', '\r\r\n'];
  fuzz(['a\r\n.\r\n', '..\r\n.a\r\n', '\r\n', 'a\n.\nb'], spice, (bytes) => {
    const write = (parts: readonly Uint8Array[]): Uint8Array => {
      const writer = new DotWriter();
      return concat([...parts.flatMap((part) => writer.push(part)), ...writer.end()]);
    };
    const wire = write([bytes]);
    equal(hex(write([...bytes].map((byte) => Uint8Array.of(byte)))), hex(wire));
    equal(new LineEndGuard().push(wire), undefined);
    const read: Uint8Array[] = [];
    const reader = new DotReader((part) => read.push(part));
    equal(reader.push(wire), wire.length);
    ok(reader.done);
    const mended = fromLatin1(withCrLf(bytes));
    const whole = mended === '' || mended.endsWith('\r\n') ? mended : `${mended}\r\n`;
    equal(fromLatin1(concat(read)), whole);
  });
});

it('a patient reader: whole and byte by byte, and nothing is lost', { timeout: TIME }, () => {
  const spice = ['.', '\r', '\n', '\r\n', '\r\n.', '\r\n.\r\n', '\n.\n', '\r\r\n'];
  fuzz(['a\r\n.\r\n', '..\r\n.a\r\n.\r\nx', '.\r', 'a\n.\nb\r\n.\r\n'], spice, (bytes) => {
    const read = (parts: readonly Uint8Array[]): unknown => {
      const out: Uint8Array[] = [];
      const reader = new DotReader((part) => out.push(part), { patient: true });
      let taken = 0;
      for (const part of parts) if (!reader.done) taken += reader.push(part);
      return { taken, done: reader.done, text: fromLatin1(concat(out)) };
    };
    const whole = read([bytes]);
    deepEqual(read([...bytes].map((byte) => Uint8Array.of(byte))), whole);
    const text = fromLatin1(bytes);
    const end = text.startsWith('.\r\n') ? 0 : text.indexOf('\r\n.\r\n') + 2;
    if (end < 2 && !text.startsWith('.\r\n')) return;
    const content = text.slice(0, end).replace(/(^|\r\n)\./g, '$1');
    deepEqual(whole, { taken: end + 3, done: true, text: content });
  });
});

it('surrogates have headers in ASCII and the same body', { timeout: TIME }, () => {
  const examples = [
    'Subject: \xc3\xb6\r\nTo: \xc3\xb6 <\xc3\xb6@b.c>, g: a@b.c;\r\n\r\nb\xc3\xb6dy',
    'A: b\r\n\r\nx',
  ];
  fuzz(
    examples,
    [...SPICE, ':', '<', '>', '"', '@', ',', '\xc3\xb6', '\r\n '],
    (bytes) => {
      const shown = fromLatin1(surrogate(bytes));
      const end = (text: string): number => /(?:^|\n)\r?\n/.exec(text)?.index ?? -1;
      if (end(fromLatin1(bytes)) < 0) return;
      match(shown.slice(0, end(shown)), /^[\0-\x7f]*$/);
    },
    ROUNDS / 10,
  );
});

it('the dissector: every byte is shown once, every field within', { timeout: TIME }, () => {
  const examples = [
    ...COMMANDS,
    '+OK\r\nA: b\r\n\r\nc\r\n.\r\n+OK\r\n',
    '+ YQ==\r\n',
    '\x16\x03\x01',
  ];
  fuzz(
    examples,
    SPICE,
    (bytes) => {
      const stream = pop3Dissector.stream?.();
      if (!stream) return;
      const before = 'AUTH X\r\nRETR 1\r\nLIST\r\n';
      const said = [
        ...stream.push('server', utf8('+OK\r\n')),
        ...stream.push('client', utf8(before)),
        ...stream.push('server', bytes),
        ...stream.push('client', bytes),
        ...stream.push('server', bytes),
        ...stream.end('client'),
        ...stream.end('server'),
      ];
      const total = said.reduce((sum, { length }) => sum + length, 0);
      equal(total, 5 + before.length + 3 * bytes.length);
      for (const { length, fields } of said) {
        for (const { start, end } of fields()) ok(start <= end && end <= length);
      }
    },
    ROUNDS / 4,
  );
});

/** Sessions of noise: each ends, nothing stays locked, and what was not asked for is not deleted. */
it('a server that is told anything', { timeout: TIME }, async () => {
  const inputs: Uint8Array[] = [];
  const session = 'USER bob\r\nPASS hungry\r\n';
  fuzz(
    [
      `${session}LIST\r\nRETR 1\r\nRSET\r\nQUIT\r\n`,
      `${session}TOP 2 1\r\nUIDL\r\n`,
      'AUTH CRAM-MD5\r\n*\r\n',
      `CAPA\r\n${session}NOOP\r\n`,
    ],
    [...SPICE, 'RETR 2\r\n', 'AUTH PLAIN\r\n', 'STLS\r\n', 'QUIT\r\n', 'UTF8\r\n'],
    (bytes) => void inputs.push(bytes),
    ROUNDS / 100,
  );
  const world = new World({ seed: 1, strict: true });
  const [server, client] = [world.host('s'), world.host('c')];
  const store = (await world.run(TestStore.open(server))) as TestStore;
  const bob = new TestDrop(store.mail, 'bob');
  await world.run(bob.put(utf8('a\r\n'), utf8('b\n.\nc')));
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const listening = await world.run(servePop3(server, { store, plaintext: true, onError }));
  const talk = async (from: Host, bytes: Uint8Array): Promise<void> => {
    const to = { address: server.address, port: 110 };
    const reader = new ByteReader(await from.network.connect(to));
    await reader.write(bytes);
    reader.end();
    match(fromLatin1(await reader.readAll()), /^\+OK .*\r\n/);
  };
  for (const bytes of inputs) {
    if (/dele/i.test(fromLatin1(bytes))) continue;
    await world.run(talk(client, bytes));
    equal(bob.locked, false);
  }
  equal(bob.messages.length, 2);
  await world.run(listening?.close({ graceMs: 0 }));
  deepEqual(errors, []);
});

/** Servers of noise: each call ends, by a value or by an error of ours. */
it('a client that is told anything', { timeout: TIME }, async () => {
  const inputs: Uint8Array[] = [];
  const session =
    '+OK <1@a>\r\n+OK\r\nUIDL\r\n.\r\n+OK\r\n+OK\r\n+OK\r\n1 3\r\n.\r\n+OK\r\n1 x\r\n.\r\n+OK\r\na\r\n.\r\n+OK\r\n';
  fuzz(
    [session],
    [...SPICE, '+OK', '-ERR\r\n', '.\r\n', '+ \r\n'],
    (bytes) => void inputs.push(bytes),
    ROUNDS / 200,
  );
  const world = new World({ seed: 1, strict: true });
  const [server, client] = [world.host('s'), world.host('c')];
  let next: Uint8Array = latin1('');
  const accept = (connection: Connection): void => {
    connection.attach({ onData() {}, onClose() {} });
    connection.write(next);
    connection.end();
  };
  await world.run(server.network.listen({ port: 110 }, accept));
  const fetch = async (): Promise<void> => {
    const to = { address: server.address, port: 110 };
    const options = { greetingMs: 100, replyMs: 100, blockMs: 100 };
    const session = await Pop3Client.connect(client, to, options);
    try {
      await session.login({ user: 'a', password: 'b' }, { plaintext: true });
      for await (const _ of session.download({ mode: 'keep', seen: new Set() }));
    } finally {
      session.close();
    }
  };
  for (const bytes of inputs) {
    next = bytes;
    await world.run(
      fetch().catch((error: { code?: string }) => match(String(error.code), /^(NET|POP3)_/)),
    );
  }
});

/** Every parser of mail's transport with noise: errors of the protocol, and nothing else; whole or byte by byte. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { expect, it } from 'vitest';
import { concat, fromLatin1, hex, utf8 } from '../../src/lib/bytes.ts';
import { DotWriter, LineEndGuard, withCrLf } from '../../src/lib/dot.ts';
import { ProtocolError } from '../../src/lib/errors.ts';
import { LineReader } from '../../src/lib/lines.ts';
import { ByteReader, type Host, seededRandom } from '../../src/net/index.ts';
import { World } from '../../src/net/sim/index.ts';
import { MECHANISMS, saslClient, saslServer, saslUsers } from '../../src/sasl/index.ts';
import { bareLineEnd } from '../../src/smtp/errors.ts';
import { collecting, DotReader, serveSmtp, smtpDissector } from '../../src/smtp/index.ts';
import { encodeCommand, lineText, parseCommand } from '../../src/smtp/wire/command.ts';
import { ReplyReader } from '../../src/smtp/wire/reply.ts';
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
  'EHLO [IPv6:::1]\r\n',
  'MAIL FROM:<"a b"@c.org> SIZE=10 BODY=8BITMIME RET=FULL ENVID=a+2Bb AUTH=<>\r\n',
  'RCPT TO:<@a.b,@c.d:e@[1.2.3.4]> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;a+40b\r\n',
  'BDAT 10 LAST\r\n',
  'AUTH PLAIN AGEAYg==\r\n',
  'MAIL FROM:<\xc3\xa4@b.c> SMTPUTF8\r\n',
];
const SPICE = [
  '<',
  '>',
  '"',
  '\\',
  '@',
  ':',
  '=',
  '+',
  ' ',
  '\t',
  '\r',
  '\n',
  '\r\n',
  '\0',
  '\xff',
  '..',
  '[',
  ']',
];

it('commands, and what is read is read again', { timeout: TIME }, () => {
  fuzz(COMMANDS, SPICE, (bytes) => {
    const reader = new LineReader(200);
    reader.push(bytes);
    const line = reader.next();
    const command = line && allowed(() => parseCommand(lineText(line), true));
    if (!command || command.type === 'NOOP' || command.type === 'HELP') return;
    const again = fromLatin1(encodeCommand(command)).slice(0, -2);
    deepEqual(
      parseCommand(new TextDecoder().decode(encodeCommand(command)).slice(0, -2), true),
      command,
      again,
    );
  });
});

it('lines, whole and byte by byte', { timeout: TIME }, () => {
  fuzz(
    ['ab\r\ncd\r\n', 'ab\ncd\r\n', `${'x'.repeat(30)}\r\na\r\n`],
    ['\r', '\n', '\r\n'],
    (bytes) => {
      const read = (parts: readonly Uint8Array[]) => {
        const reader = new LineReader(20);
        const lines: string[] = [];
        for (const part of parts) {
          reader.push(part);
          for (let line = reader.next(); line; line = reader.next()) {
            lines.push(line.fault ?? hex(line.bytes));
          }
        }
        return lines;
      };
      deepEqual(read([...bytes].map((byte) => Uint8Array.of(byte))), read([bytes]));
    },
  );
});

it('messages: no end but one, whole and byte by byte, and written as read', {
  timeout: TIME,
}, () => {
  fuzz(
    ['a\r\n.\r\n', '..\r\n.a\r\n.\r\nQUIT\r\n', '\r\n\r\n.\r\n', 'a\n.\r\nb\r\n.\r\n'],
    ['.', '\r', '\n', '\r\n', '\r\n.', '\r\n.\r\n', '\n.\n', '\n.\r\n', '\r.\r'],
    (bytes) => {
      const read = (parts: readonly Uint8Array[]) => {
        const out: Uint8Array[] = [];
        const reader = new DotReader((part) => out.push(part));
        let taken = 0;
        for (const part of parts) if (!reader.done && !reader.abandoned) taken += reader.push(part);
        const { done, fault, abandoned } = reader;
        const content = concat(out);
        return {
          taken,
          done,
          fault,
          abandoned,
          content: fault ? '' : hex(content),
          bytes: content,
        };
      };
      const whole = read([bytes]);
      const slowly = read([...bytes].map((byte) => Uint8Array.of(byte)));
      deepEqual({ ...slowly, bytes: undefined }, { ...whole, bytes: undefined });
      const text = fromLatin1(bytes);
      const end = text.startsWith('.\r\n') ? 3 : text.indexOf('\r\n.\r\n') + 5;
      if (whole.done) equal(whole.taken, end);
      if (whole.done && !whole.fault) {
        equal(new LineEndGuard().push(whole.bytes), undefined);
        const writer = new DotWriter(bareLineEnd);
        const again = concat([...writer.push(whole.bytes), ...writer.end()]);
        expect(read([again])).toMatchObject({ done: true, content: whole.content });
      }
      const writer = new DotWriter(bareLineEnd);
      writer.push(withCrLf(bytes));
      writer.end();
    },
  );
});

it('replies, whole and byte by byte', { timeout: TIME }, () => {
  fuzz(
    ['250 ok\r\n', '250-a\r\n250 b\r\n', '334 \r\n', '220\r\n'],
    ['-', ' ', '\r', '\n', '\r\n', '250'],
    (bytes) => {
      const read = (parts: readonly Uint8Array[]) => {
        const reader = new ReplyReader();
        const replies: unknown[] = [];
        const done = allowed(() => {
          for (const part of parts) {
            reader.push(part);
            for (let reply = reader.next(); reply; reply = reader.next()) replies.push(reply);
          }
          return true;
        });
        return [replies, done];
      };
      deepEqual(read([...bytes].map((byte) => Uint8Array.of(byte))), read([bytes]));
    },
  );
});

it('the dissector: every byte is shown once, every field within', { timeout: TIME }, () => {
  const examples = [
    ...COMMANDS,
    'DATA\r\nA: b\r\n\r\nc\r\n.\r\n',
    'BDAT 3\r\nabcNOOP\r\n',
    '\x16\x03\x01',
  ];
  fuzz(examples, SPICE, (bytes) => {
    const stream = smtpDissector.stream?.();
    if (!stream) return;
    const said = [
      ...stream.push('server', utf8('220 a\r\n')),
      ...stream.push('client', utf8('DATA\r\n')),
      ...stream.push('server', bytes[0] === 65 ? utf8('354 go\r\n') : utf8('503 no\r\n')),
      ...stream.push('client', bytes),
      ...stream.push('server', bytes),
      ...stream.end('client'),
      ...stream.end('server'),
    ];
    const head = 7 + 6 + 8;
    const total = said.reduce((sum, { length }) => sum + length, 0);
    equal(total, head + 2 * bytes.length);
    for (const { length, fields } of said) {
      for (const { start, end } of fields()) ok(start <= end && end <= length);
    }
  });
});

const random = seededRandom(1);
const luck = (length: number): Uint8Array => random.bytes(length);
const setting = {
  users: saslUsers({ a: 'b' }, luck),
  hostname: 'h',
  luck,
  disguise: utf8('d'),
  now: 0,
};

it('SASL: nobody gets in by noise', { timeout: TIME }, async () => {
  const steps: Promise<void>[] = [];
  fuzz(
    [
      '\0a\0c',
      'n,,n=a,r=xyz',
      'c=biws,r=x,p=AAAA',
      'a 0123456789abcdef0123456789abcdef',
      'r=a,s=YQ==,i=4096',
    ],
    ['\0', ',', '=', 'n,,', 'p=', 'r=', ' ', '\xff'],
    (bytes) => {
      for (const mechanism of MECHANISMS) {
        const server = saslServer(mechanism, setting);
        steps.push(
          (async () => {
            const first = await server.step(bytes);
            if (first.type === 'challenge') await server.step(bytes);
            // The one right password may be hit by PLAIN, whose example is one letter away.
            if (first.type === 'success') match(fromLatin1(bytes), /^a?\0a\0b$/);
          })(),
        );
        const client = saslClient(mechanism, { user: 'a', password: 'b' }, luck);
        if (mechanism !== 'SCRAM-SHA-256') allowed(() => client.respond(bytes));
      }
    },
    ROUNDS / 20,
  );
  await Promise.all(steps);
});

/** Sessions of noise: each ends, and none leaves anything behind. */
it('a server that is told anything', { timeout: TIME }, async () => {
  const inputs: Uint8Array[] = [];
  const session = `EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<a@b.c>\r\n`;
  fuzz(
    [
      `${session}DATA\r\nx\r\n.\r\nQUIT\r\n`,
      `${session}BDAT 2 LAST\r\nxyQUIT\r\n`,
      `${session}RSET\r\nAUTH PLAIN\r\n`,
    ],
    [...SPICE, 'DATA\r\n', 'BDAT 5\r\n', 'RSET\r\n', '.\r\n', 'AUTH CRAM-MD5\r\n', 'STARTTLS\r\n'],
    (bytes) => void inputs.push(bytes),
    ROUNDS / 100,
  );
  const world = new World({ seed: 1, strict: true });
  const [server, client] = [world.host('s'), world.host('c')];
  const errors: unknown[] = [];
  const options = {
    users: setting.users,
    requireAuth: false,
    onError: (error: unknown) => void errors.push(error),
  };
  const backend = collecting(() => undefined);
  const listening = await world.run(serveSmtp(server, { port: 25, backend, ...options }));
  const talk = async (from: Host, bytes: Uint8Array): Promise<void> => {
    const reader = new ByteReader(
      await from.network.connect({ address: server.address, port: 25 }),
    );
    await reader.write(bytes);
    reader.end();
    const said = fromLatin1(await reader.readAll());
    for (const line of said.split('\r\n').slice(0, -1)) match(line, /^[2-5]\d\d[- ]/);
  };
  for (const bytes of inputs) await world.run(talk(client, bytes));
  await world.run(listening.close({ graceMs: 0 }));
  deepEqual(errors, []);
});

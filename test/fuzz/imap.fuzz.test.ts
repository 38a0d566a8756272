/** Every parser of IMAP with noise: errors of the protocol, and nothing else; whole or byte by byte. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { it } from 'vitest';
import { imapDissector, serveImap } from '../../src/imap/index.ts';
import { commandPieces, parseCommand } from '../../src/imap/wire/command.ts';
import { parseResponse } from '../../src/imap/wire/response.ts';
import { type Unit, UnitReader } from '../../src/imap/wire/unit-reader.ts';
import { fromUtf7, toUtf7 } from '../../src/imap/wire/utf7.ts';
import { concat, fromLatin1, fromUtf8, latin1, utf8 } from '../../src/lib/bytes.ts';
import { ProtocolError } from '../../src/lib/errors.ts';
import { MailStore, memoryMailTables } from '../../src/mail/index.ts';
import { ByteReader, type Host } from '../../src/net/index.ts';
import { World } from '../../src/net/sim/index.ts';
import { quickUsers } from '../imap/stage.ts';
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

function units(parts: readonly Uint8Array[], limit = 200): Unit[] {
  const reader = new UnitReader(limit);
  const list: Unit[] = [];
  for (const part of parts) {
    reader.push(part);
    for (let step = reader.next(); step; step = reader.next()) {
      if (step.type === 'unit') list.push(step.unit);
      else if (step.size > 1_000) list.push(reader.refuse());
      else reader.keep();
    }
  }
  return list;
}

const COMMANDS = [
  'a LOGIN "al\\"ice" {3+}\r\ntea\r\n',
  'a FETCH 1:*,5 (FLAGS BODY.PEEK[1.2.HEADER.FIELDS (A "b c")]<0.9> BINARY[1]) (CHANGEDSINCE 3)\r\n',
  'a UID SEARCH RETURN (MIN SAVE) OR (SEEN FROM x) NOT HEADER y {2+}\r\n\xc3\xa4 SINCE 1-Feb-2026\r\n',
  'a SELECT x (QRESYNC (1 2 3:4 (5 6)))\r\n',
  'a LIST (SUBSCRIBED) "" (a% "&AOQ-*") RETURN (STATUS (MESSAGES))\r\n',
  'a STORE $ (UNCHANGEDSINCE 9) +FLAGS.SILENT (\\Seen x)\r\n',
  'a UID SORT (REVERSE DATE) UTF-8 ALL\r\n',
  'a ID ("a" "b" "c" NIL)\r\n',
];
const SPICE = [
  '(',
  ')',
  '"',
  '\\',
  '{',
  '}',
  '{3}',
  '{3+}\r\n',
  '[',
  ']',
  '<',
  '>',
  ' ',
  '\r',
  '\n',
  '\r\n',
  '\0',
  '\xff',
  '*',
  ':',
  '$',
  'NIL',
  '0',
  '4294967296',
  '&',
  '-',
  '~',
];

it('commands, and what is read is said and read again', { timeout: TIME }, () => {
  fuzz(COMMANDS, SPICE, (bytes) => {
    for (const unit of units([bytes])) {
      const command = allowed(() => parseCommand(unit, { utf8: true }));
      if (!command || command.name === 'APPEND') continue;
      const said = commandPieces(command, true).list.map((piece) =>
        typeof piece === 'string'
          ? utf8(piece)
          : concat([latin1(`{${piece.octets.length}+}\r\n`), piece.octets]),
      );
      const reader = new UnitReader(100_000);
      reader.push(concat([latin1(`${command.tag} `), ...said, latin1('\r\n')]));
      let step = reader.next();
      for (; step?.type === 'literal'; step = reader.next()) reader.keep();
      if (!step) throw new Error('not whole');
      deepEqual(parseCommand(step.unit, { utf8: true }), command);
    }
  });
});

it('units, whole and byte by byte', { timeout: TIME }, () => {
  fuzz(
    [...COMMANDS, `a ${'x'.repeat(250)}{2+}\r\nab\r\nb\r\n`],
    SPICE,
    (bytes) => {
      const slowly = units([...bytes].map((byte) => Uint8Array.of(byte)));
      const whole = units([bytes]);
      const plain = (list: readonly Unit[]): unknown[] =>
        list.map(({ text, literals, fault }) =>
          fault === 'too long' ? fault : [text, literals, fault],
        );
      deepEqual(plain(slowly), plain(whole));
    },
    ROUNDS / 2,
  );
});

const RESPONSES = [
  '* 12 FETCH (FLAGS (\\Seen) UID 7 INTERNALDATE "17-Jul-1996 02:44:25 -0700" ENVELOPE ("d" {1}\r\ns (("A" NIL "a" "b.c")) NIL NIL NIL NIL NIL NIL "<i>") BODY[1]<3> {2}\r\nhi)\r\n',
  '* 1 FETCH (BODYSTRUCTURE (("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "7BIT" 10 2 NIL ("inline" NIL) NIL)("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 20 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) ("TEXT" "X" NIL NIL NIL "7BIT" 5 1) 4) "MIXED"))\r\n',
  '* OK [PERMANENTFLAGS (\\Seen a]b \\*)] x\r\n',
  '* LIST (\\A) "/" "&AOQ-" ("CHILDINFO" ("SUBSCRIBED"))\r\n',
  '* ESEARCH (TAG "a") UID MIN 7 ALL 7,9:10\r\n',
  '* THREAD (2)(3 6 (4 23)(44 7))\r\n',
  '* STATUS x (MESSAGES 3 UIDNEXT 4)\r\n',
  '* NAMESPACE (("" "/")) NIL (("#s/" "/"))\r\n',
  'a1 NO [X] y\r\n',
  '+ z\r\n',
];

it('responses', { timeout: TIME }, () => {
  fuzz(RESPONSES, SPICE, (bytes) => {
    for (const unit of units([bytes])) allowed(() => parseResponse(unit));
  });
});

it('names in modified UTF-7', { timeout: TIME }, () => {
  fuzz(['&AOQ-', 'a&-b', '&2D3eAA-', '&ZeVnLIqe-x'], ['&', '-', ',', '/', 'A'], (bytes) => {
    const text = fromLatin1(bytes);
    equal(typeof fromUtf7(text), 'string');
    const name = fromUtf8(bytes);
    equal(fromUtf7(toUtf7(name)), name);
  });
});

it('the dissector: every octet is shown once, every field within', { timeout: TIME }, () => {
  fuzz(
    [...COMMANDS, ...RESPONSES, 'a IDLE\r\nDONE\r\n', '\x16\x03\x01'],
    SPICE,
    (bytes) => {
      const stream = imapDissector.stream?.();
      if (!stream) return;
      const said = [
        ...stream.push('server', utf8('* OK hi\r\n')),
        ...stream.push('client', bytes),
        ...stream.push('server', bytes),
        ...stream.push('server', utf8('a NO x\r\n')),
        ...stream.push('client', bytes),
        ...stream.end('client'),
        ...stream.end('server'),
      ];
      const total = said.reduce((sum, { length }) => sum + length, 0);
      equal(total, 9 + 8 + 3 * bytes.length);
      for (const { length, fields } of said) {
        for (const { start, end } of fields()) ok(start <= end && end <= length);
      }
    },
    ROUNDS / 5,
  );
});

/** Sessions of noise: each ends, says what can be read, and leaves nothing behind. */
it('a server that is told anything', { timeout: TIME }, async () => {
  const inputs: Uint8Array[] = [];
  const begin = 'a LOGIN alice tea\r\nb SELECT INBOX\r\n';
  fuzz(
    [
      ...COMMANDS.map((command) => `${begin}${command}`),
      `${begin}c APPEND INBOX (\\Seen) {10+}\r\n0123456789 {3+}\r\nabc\r\nd EXPUNGE\r\n`,
      `${begin}c IDLE\r\nDONE\r\nd NOOP\r\n`,
      'a AUTHENTICATE PLAIN\r\nAGEAYg==\r\n',
      `${begin}c COMPRESS DEFLATE\r\nxyz`,
    ],
    [...SPICE, 'c NOOP\r\n', 'IDLE\r\n', '{70000+}\r\n', 'APPEND INBOX {5}\r\n', 'STARTTLS\r\n'],
    (bytes) => void inputs.push(bytes),
    ROUNDS / 100,
  );
  const world = new World({ seed: 1, strict: true });
  const [server, client] = [world.host('s'), world.host('c')];
  const errors: unknown[] = [];
  const start = async () => {
    const store = MailStore.open(server, memoryMailTables());
    await store.addAccount({ name: 'alice', addresses: ['alice@a.org'] });
    return serveImap(server, {
      port: 143,
      store,
      users: quickUsers(server),
      plaintext: true,
      authDelayMs: 1,
      onError: (error: unknown) => void errors.push(error),
    });
  };
  const listening = await world.run(start());
  const talk = async (from: Host, bytes: Uint8Array): Promise<void> => {
    const to = { address: server.address, port: 143 };
    const reader = new ByteReader(await from.network.connect(to));
    await reader.write(bytes);
    reader.end();
    const said = await reader.readAll();
    if (fromLatin1(bytes).includes('COMPRESS')) return;
    for (const unit of units([said], 10_000)) parseResponse(unit);
  };
  for (const bytes of inputs) await world.run(talk(client, bytes));
  await world.run(listening.close({ graceMs: 0 }));
  deepEqual(errors, []);
});

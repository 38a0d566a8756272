/** Whatever registries, registrars and WHOIS servers are told: an answer, or an error of ours. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { beforeAll, it } from 'vitest';
import { parseZoneFile } from '../../src/dns/index.ts';
import { fromLatin1, fromUtf8, utf8 } from '../../src/lib/bytes.ts';
import { AppError, ProtocolError } from '../../src/lib/errors.ts';
import { World } from '../../src/net/sim/index.ts';
import { formCommand, readForm } from '../../src/registration/forms.ts';
import {
  encodeCommand,
  parseAnswer,
  parseCommand,
  RegistrationError,
  Registry,
  referralAnswer,
  registrableName,
  unicodeName,
  whoisAnswer,
} from '../../src/registration/index.ts';
import { answer } from '../../src/registration/rdap.ts';
import { QueryReader, referralOf, whoisDissector } from '../../src/whois/index.ts';
import { encodeAnswer } from '../../src/whois/wire/answer.ts';
import { fuzz } from './mutate.ts';

const TIME = 120_000;

let registry: Registry;

beforeAll(async () => {
  const world = new World({ seed: 1 });
  const zone =
    '$TTL 60\n@ SOA a.nic h.nic 1 2 3 4 1\n NS a.nic\na.nic A 127.0.0.1\nshop NS ns.shop\nns.shop A 127.0.0.2\n';
  registry = await world.run(
    Registry.open(world.host('registry'), {
      zone: 'com.',
      base: parseZoneFile(zone, { origin: 'com.' }),
      registrars: [{ id: 'course', name: 'Course', secret: 'x', url: 'http://a/' }],
      onZone: () => {},
    }),
  );
});

/** Runs it; errors that are none of `kind` are failures. */
function allowed<T>(kind: new (...args: never[]) => Error, act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof kind) return undefined;
    throw error;
  }
}

/** The query that bytes make, or the error that they are, whole or byte by byte. */
function queryIn(pieces: readonly Uint8Array[]): string | undefined {
  const reader = new QueryReader();
  try {
    for (const piece of pieces) {
      const query = reader.push(piece);
      if (query !== undefined) return query;
    }
    return undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return `error ${error.code}`;
    throw error;
  }
}

it('WHOIS queries, whole and byte by byte, and what they are answered', { timeout: TIME }, () => {
  const referrals = [{ zone: 'com', whois: 'whois.nic.com', rdap: 'http://rdap.nic.com/' }];
  fuzz(
    [
      'shop.com\r\n',
      'domain shop.com\r\n',
      'nameserver ns.shop.com\n',
      'registrar course\r\n',
      '\r\n',
    ],
    ['\r', '\n', '\0', '.', '=', ' ', '\x1b', 'com', 'domain ', '\xff', 'a'.repeat(300)],
    (bytes) => {
      const query = queryIn([bytes]);
      equal(queryIn([...bytes].map((byte) => Uint8Array.of(byte))), query);
      for (const text of [
        whoisAnswer(registry, query ?? ''),
        referralAnswer(referrals, query ?? ''),
      ]) {
        // Nothing that was asked comes back as control characters for a terminal.
        equal(/[^\x20-\x7e\n]/.test(text), false);
      }
      const dissector = whoisDissector.stream?.();
      for (const message of [
        ...(dissector?.push('client', bytes) ?? []),
        ...(dissector?.end('client') ?? []),
        ...(dissector?.push('server', bytes) ?? []),
        ...(dissector?.end('server') ?? []),
      ]) {
        for (const { start, end } of message.fields()) {
          ok(start <= end && end <= message.length);
        }
      }
      referralOf(fromUtf8(encodeAnswer(fromLatin1(bytes))));
    },
  );
});

const COMMANDS = [
  '{"command":"check","name":"a.com"}',
  '{"command":"create","name":"a.com","registrant":{"name":"A","email":"a@b.c"},"years":2,"nameServers":[{"name":"ns.a.com","addresses":["127.0.0.1"]}]}',
  '{"command":"update","name":"a.com","lock":["clientHold"],"unlock":[],"addresses":["::1"]}',
  '{"command":"renew","name":"a.com","expires":"2027-01-01"}',
  '{"command":"transfer","name":"a.com","code":"x"}',
  '{"result":2302,"code":"REG_EXISTS","message":"a.com: registered"}',
  '{"result":1000,"message":"ok","domains":[]}',
];

it('commands and answers', { timeout: TIME }, () => {
  fuzz(
    COMMANDS,
    [
      '"',
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      'null',
      '-1',
      '1e9',
      '"__proto__"',
      '\\u0000',
      '\\ud800',
      'xn--',
    ],
    (bytes) => {
      const text = fromUtf8(bytes);
      const command = allowed(ProtocolError, () => parseCommand(text));
      // What is understood is understood the same way by whom it is passed on to.
      if (command) deepEqual(parseCommand(encodeCommand(command)), command);
      allowed(AppError, () => parseAnswer(text));
    },
  );
});

it('forms', { timeout: TIME }, () => {
  fuzz(
    [
      'name=a.com&owner=A&years=2&servers=ns.a.com+127.0.0.1%0D%0Ans.b.edu&addresses=',
      'name=a.com&sure=yes',
    ],
    ['&', '=', '%', '%00', '+', '%ff', 'owner=', 'years=x', '%F0%9F%98%80'],
    (bytes) => {
      const form = readForm(fromLatin1(bytes));
      for (const action of ['register', 'change', 'renew', 'transfer', 'delete', 'restore']) {
        allowed(ProtocolError, () => formCommand(action, form));
      }
    },
  );
});

it('RDAP paths: always JSON with the status that it says', { timeout: TIME }, () => {
  fuzz(
    [
      '/domain/shop.com',
      '/nameserver/ns.shop.com',
      '/entity/C1-COM',
      '/help',
      '/ip/127.0.0.1/8',
      '/domains?name=*',
    ],
    ['/', '%', '%2f', '..', '?', '%00', 'xn--', '.', 'domain', '%c3%bc', '\xff'],
    (bytes) => {
      const { status, body } = answer({ registry, base: 'http://rdap.nic.com' }, fromLatin1(bytes));
      const object = JSON.parse(String(body)) as { errorCode?: number; rdapConformance: string[] };
      deepEqual(object.rdapConformance, ['rdap_level_0']);
      equal(object.errorCode ?? 200, status);
    },
  );
});

it('names', { timeout: TIME }, () => {
  fuzz(
    ['books.com', 'xn--bcher-kva.com', 'a-b.c.com', 'xn--4gbwdl.com'],
    ['.', '-', '--', 'xn--', '\0', ' ', 'COM', '_', '9'.repeat(60)],
    (bytes) => {
      const name = allowed(RegistrationError, () => registrableName(fromLatin1(bytes), 'com'));
      if (name === undefined) return;
      match(name, /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.com$/);
      ok(utf8(unicodeName(name)).length > 0);
    },
  );
});

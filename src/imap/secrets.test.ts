/** TLS and signing in. */
import { describe, expect, it } from 'vitest';
import { stage, Typist } from '../../test/imap/stage.ts';
import { base64 } from '../lib/base64.ts';
import { latin1, utf8 } from '../lib/bytes.ts';
import { ByteReader, type Connection } from '../net/index.ts';
import { simulatedAuthority, World } from '../net/sim/index.ts';
import { type SaslUsers, saslUsers } from '../sasl/index.ts';
import { ImapClient, type ImapClientOptions } from './index.ts';

const authority = simulatedAuthority('ca');
const certificate = authority.issue(['campus.edu']);
const secure = { certificateFor: () => certificate };
const tls = { serverName: 'campus.edu', authorities: [authority.certificate] };
const luck = (length: number): Uint8Array => new Uint8Array(length).fill(7);
const all = saslUsers({ alice: 'tea' }, luck);
const good = { user: 'alice', password: 'tea' };

type Stage = Awaited<ReturnType<typeof stage>>;

function open(
  { server, client }: Pick<Stage, 'server' | 'client'>,
  options: ImapClientOptions = {},
): Promise<ImapClient> {
  return ImapClient.connect(client, { address: server.address, port: 143 }, options);
}

describe('TLS', () => {
  it('by STARTTLS begins anew, and then the password may be said', async () => {
    const s = await stage({ secure, plaintext: false, users: { verify: all.verify } });
    const run = async (): Promise<void> => {
      const plain = await open(s);
      expect(plain.capabilities.has('LOGINDISABLED')).toBe(true);
      await expect(plain.authenticate(good)).rejects.toMatchObject({
        responseCode: 'PRIVACYREQUIRED',
      });
      await expect(plain.login('alice', 'tea')).rejects.toMatchObject({
        responseCode: 'PRIVACYREQUIRED',
      });
      const client = await open(s, { security: 'starttls', tls });
      expect(client.secure).toBe(true);
      expect([...client.capabilities].filter((one) => /AUTH=|LOGIN|TLS/.test(one))).toEqual([
        'AUTH=PLAIN',
        'AUTH=LOGIN',
      ]);
      await client.authenticate(good);
      expect((await client.select('INBOX')).exists).toBe(0);
      await client.logout();
    };
    await s.world.run(run());
  });

  it('words in clear behind STARTTLS are nobody’s (RFC 9051 §6.2.1)', async () => {
    const s = await stage({ secure });
    const run = async (): Promise<string[]> => {
      const typist = await Typist.at(s);
      await typist.reader.write(latin1('a STARTTLS\r\nb LOGIN alice tea\r\n'));
      const said = await typist.until('a ');
      const { connection } = typist.reader;
      const mine = await s.client.network.secure?.(connection, { role: 'client', ...tls });
      const reader = new ByteReader(mine as Connection);
      await reader.write(latin1('c SELECT INBOX\r\n'));
      return [...said, (await reader.readLine()) ?? ''];
    };
    expect(await s.world.run(run())).toEqual(['a OK Begin TLS now', 'c BAD Sign in first']);
  });

  it('from the first, and only with the right certificate', async () => {
    const s = await stage({ secure, implicitTls: true });
    const run = async (): Promise<void> => {
      const client = await open(s, { security: 'implicit', tls });
      expect(client.secure).toBe(true);
      const other = { ...tls, serverName: 'other.edu' };
      await expect(open(s, { security: 'implicit', tls: other })).rejects.toMatchObject({
        code: 'NET_INSECURE',
      });
    };
    await s.world.run(run());
  });
});

const WAYS: readonly (readonly [string, SaslUsers])[] = [
  ['SCRAM-SHA-256', { scramKeys: all.scramKeys }],
  ['CRAM-MD5', { password: all.password }],
  ['PLAIN', { verify: all.verify }],
];

describe('signing in', () => {
  it.each(WAYS)('by %s, rightly and wrongly', async (mechanism, users) => {
    const s = await stage({ users });
    const said: string[] = [];
    const run = async (): Promise<void> => {
      const client = await open(s, { observe: (who, line) => said.push(`${who} ${line}`) });
      const wrong = client.authenticate({ user: 'alice', password: 'coffee' }, { plaintext: true });
      await expect(wrong).rejects.toMatchObject({ responseCode: 'AUTHENTICATIONFAILED' });
      await client.authenticate(good, { plaintext: true });
      await client.noop();
    };
    await s.world.run(run());
    expect(said.some((line) => line.includes(`AUTHENTICATE ${mechanism}`))).toBe(true);
  });

  it('cancelled, not in base64, by nothing known, twice', async () => {
    const s = await stage();
    const run = async (): Promise<string[]> => {
      const typist = await Typist.at(s);
      const lines: string[] = [];
      for (const [text, end] of [
        ['a AUTHENTICATE PLAIN\r\n*', 'a '],
        ['b AUTHENTICATE PLAIN\r\n!', 'b '],
        ['c AUTHENTICATE GSSAPI', 'c '],
        [`d AUTHENTICATE CRAM-MD5 ${base64(utf8('x'))}`, 'd '],
        [`e AUTHENTICATE PLAIN ${base64(utf8('\0alice\0tea'))}`, 'e '],
        ['f AUTHENTICATE PLAIN', 'f '],
      ] as const) {
        await typist.reader.write(latin1(`${text}\r\n`));
        lines.push((await typist.until(end)).at(-1)?.replace(/\[CAP.*?\] /, '') ?? '');
      }
      return lines;
    };
    expect(await s.world.run(run())).toEqual([
      'a BAD Authentication cancelled',
      'b BAD That is not base64',
      'c NO [CANNOT] No such mechanism here',
      'd BAD In that mechanism the server begins',
      'e OK Welcome',
      'f BAD You have signed in already',
    ]);
  });
});

describe('a client of a server that breaks the rules', () => {
  /** A server that says these lines, each after a line of the client's. */
  async function against(
    lines: readonly string[],
    use: (client: Promise<ImapClient>) => Promise<void>,
    options: ImapClientOptions = {},
  ): Promise<void> {
    const world = new World({ seed: 1, strict: true });
    const [server, client] = [world.host('campus.edu'), world.host('laptop')];
    const answer = async (connection: Connection): Promise<void> => {
      const reader = new ByteReader(connection);
      const [greeting = '', ...rest] = lines;
      await reader.write(latin1(greeting));
      for (const line of rest) {
        if ((await reader.readLine()) === null) return;
        await reader.write(latin1(line));
      }
    };
    await world.run(server.network.listen({ port: 143 }, (connection) => void answer(connection)));
    await world.run(use(open({ server, client }, options)));
  }

  it.each([
    [['* BYE busy\r\n'], 'IMAP_REFUSED'],
    [['hello\r\n'], 'IMAP_BAD_RESPONSE'],
    [['* OK [CAPABILITY IMAP4rev1] hi\r\n', 'A1 OK go\r\n* OK evil\r\n'], 'IMAP_BAD_RESPONSE'],
    [['* OK [CAPABILITY IMAP4rev1] hi\r\n', 'A1 NO not here\r\n'], 'IMAP_REFUSED'],
  ])('%j is refused with %s', (lines, code) =>
    against(
      lines,
      async (client) => {
        await expect(client).rejects.toMatchObject({ code });
      },
      { security: 'starttls', tls },
    ),
  );

  it.each([
    ['A2 OK done\r\n', 'IMAP_BAD_RESPONSE'],
    ['* 1 FETCH (FLAGS\r\n', 'IMAP_BAD_RESPONSE'],
    [`* 1 FETCH (BODY[] {${2 ** 31}}\r\n`, 'IMAP_BAD_RESPONSE'],
    ['A1 BAD what\r\n', 'IMAP_REFUSED'],
    ['', 'NET_TIMEOUT'],
  ])('%j for an answer is refused with %s', (line, code) =>
    against(['* OK [CAPABILITY IMAP4rev1] hi\r\n', line], async (opening) => {
      const client = await opening;
      await expect(client.noop()).rejects.toMatchObject({ code });
    }),
  );
});

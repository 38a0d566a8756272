/**
 * Conversations from imap/*.txt. Without a `# client:` line they are played against our server, whose INBOX holds
 * eighteen messages, the twelfth of them that of RFC 9051 §8; with it, against our client, which does what the lines
 * say. `C:` and `S:` are lines that end with CR LF; `X: server closes` ends a conversation.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ImapClient, serveImap } from '../../src/imap/index.ts';
import { fromLatin1, latin1, utf8 } from '../../src/lib/bytes.ts';
import { type Folder, MailStore, memoryMailTables } from '../../src/mail/index.ts';
import { ByteReader, type Connection } from '../../src/net/index.ts';
import { World } from '../../src/net/sim/index.ts';
import { quickUsers } from '../imap/stage.ts';

const FOLDER = join(import.meta.dirname, 'imap');

interface Transcript {
  readonly turns: { readonly who: 'C' | 'S'; text: string }[];
  readonly calls: string[][];
  readonly closes: boolean;
}

function read(name: string): Transcript {
  const text = readFileSync(join(FOLDER, name), 'utf8');
  const turns: Transcript['turns'] = [];
  for (const line of text.split('\n')) {
    const [, who, said = ''] = /^([CS]): ?(.*)$/.exec(line) ?? [];
    if (!who) continue;
    const words = `${fromLatin1(utf8(said))}\r\n`;
    const last = turns.at(-1);
    if (last?.who === who) last.text += words;
    else turns.push({ who: who as 'C' | 'S', text: words });
  }
  const calls = [...text.matchAll(/^# client: (.*)$/gm)].map(([, call = '']) => call.split(' '));
  return { turns, calls, closes: /^X: server closes$/m.test(text) };
}

async function hear(reader: ByteReader, expected: string): Promise<string> {
  let text = '';
  while (text.length < expected.length) {
    const bytes = await reader.read();
    if (!bytes) break;
    text += fromLatin1(bytes);
  }
  return text;
}

/** RFC 9051 §8, with a body of the size that it tells of. */
const TERRY_GRAY: string = [
  'Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)',
  'From: Terry Gray <gray@cac.washington.edu>',
  'Subject: IMAP4rev2 WG mtg summary and minutes',
  'To: imap@cac.washington.edu',
  'cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>',
  'Message-Id: <B27397-0100000@cac.washington.edu>',
  'MIME-Version: 1.0',
  'Content-Type: TEXT/PLAIN; CHARSET=US-ASCII',
  '',
  ...Array.from({ length: 91 }, () => 'x'.repeat(31)),
  'x'.repeat(23),
  '',
].join('\r\n');

async function playToServer({ turns, closes }: Transcript): Promise<void> {
  const world = new World({ seed: 'transcripts', strict: true });
  const [server, client] = [world.host('imap.example.org'), world.host('client')];
  const play = async (): Promise<void> => {
    const store = MailStore.open(server, memoryMailTables());
    await store.addAccount({ name: 'alice', addresses: ['alice@example.org'] });
    const account = store.open('alice');
    const messages = Array.from({ length: 18 }, (_, i) => ({
      staged: store.stageBytes(utf8(i === 11 ? TERRY_GRAY : `Subject: ${i + 1}\r\n\r\n`)),
      received: Date.UTC(1996, 6, 17, 9, 44, 25),
      flags: i === 11 ? ['\\Seen'] : [],
    }));
    const inbox = account.folder('INBOX') as Folder;
    await account.append(inbox, messages);
    account.recent(inbox);
    await serveImap(server, { port: 143, store, users: quickUsers(server), plaintext: true });
    const to = { address: server.address, port: 143 };
    const reader = new ByteReader(await client.network.connect(to));
    for (const { who, text } of turns) {
      if (who === 'C') await reader.write(latin1(text));
      else expect(await hear(reader, text)).toBe(text);
    }
    if (closes) expect(await reader.read()).toBeNull();
    reader.destroy();
  };
  await world.run(play());
}

/** One line of what the client is to do; what it learns must be what the transcript says. */
async function act(client: ImapClient, [verb, ...rest]: readonly string[]): Promise<void> {
  const argument = rest.join(' ');
  if (verb === 'enable') expect(await client.enable(argument)).toEqual([argument]);
  else if (verb === 'login') await client.login(rest[0] ?? '', rest[1] ?? '');
  else if (verb === 'select') {
    expect(await client.select(argument)).toMatchObject({ exists: 18, uidValidity: 3857529045 });
  } else if (verb === 'full') {
    const wish = { flags: true, received: true, size: true, envelope: true, structure: true };
    for await (const message of client.fetch(argument, wish, { byNumber: true })) {
      expect(message).toMatchObject({
        number: 12,
        size: 4286,
        received: Date.UTC(1996, 6, 17, 9, 44, 25),
        envelope: {
          subject: 'IMAP4rev2 WG mtg summary and minutes',
          cc: [{}, { name: 'John Klensin' }],
        },
        structure: { type: 'text', size: 3028, lines: 92 },
      });
    }
  } else if (verb === 'header') {
    for await (const { bodies } of client.fetch(
      argument,
      { sections: ['HEADER'] },
      { byNumber: true },
    )) {
      expect(bodies.get('BODY[HEADER]')).toHaveLength(342);
    }
  } else if (verb === 'delete') {
    const { messages } = await client.store(argument, 'add', ['\\Deleted'], { byNumber: true });
    expect(messages).toMatchObject([{ number: 12, flags: ['\\Seen', '\\Deleted'] }]);
  } else if (verb === 'append') {
    const octets = utf8('Subject: old\r\n\r\n');
    expect(await client.append(argument, { octets, flags: ['\\Seen'] })).toBeUndefined();
  } else if (verb === 'logout') await client.logout();
}

async function playToClient({ turns, calls }: Transcript): Promise<void> {
  const world = new World({ seed: 'transcripts', strict: true });
  const [server, client] = [world.host('imap.example.org'), world.host('client')];
  const failures: unknown[] = [];
  const accept = async (connection: Connection): Promise<void> => {
    const reader = new ByteReader(connection);
    for (const { who, text } of turns) {
      if (who === 'C') expect(await hear(reader, text)).toBe(text);
      else await reader.write(latin1(text));
    }
    reader.end();
  };
  const play = async (): Promise<void> => {
    await server.network.listen({ port: 143 }, (connection) => {
      accept(connection).catch((error: unknown) => {
        failures.push(error);
        connection.destroy();
      });
    });
    const session = await ImapClient.connect(client, { address: server.address, port: 143 });
    for (const call of calls) await act(session, call);
  };
  await world.run(play()).catch((error: unknown) => failures.push(error));
  expect(failures).toEqual([]);
}

const names = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'));
const isForClient = (name: string): boolean => read(name).calls.length > 0;

describe('conversations', () => {
  test('are there', () => expect(names.length).toBeGreaterThan(4));
  test.each(names.filter((name) => !isForClient(name)))('%s, against our server', (name) =>
    playToServer(read(name)),
  );
  test.each(names.filter(isForClient))('%s, against our client', (name) =>
    playToClient(read(name)),
  );
});

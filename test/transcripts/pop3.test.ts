/**
 * Conversations from pop3/*.txt, played against our server and, where the file says what is called, against our
 * client: `# client: stat; retr 1`. `# mail:` is a message in Bob's maildrop. `C:` and `S:` are lines that end with
 * CR LF, `C=` and `S=` bytes without a line end (`\n` is a bare LF); `X: server closes` ends a conversation.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fromLatin1, latin1, utf8 } from '../../src/lib/bytes.ts';
import { ByteReader, type Connection } from '../../src/net/index.ts';
import type { Pop3Client } from '../../src/pop3/index.ts';
import { BOB, connect, type Stage, stage } from '../pop3/stage.ts';

const FOLDER = join(import.meta.dirname, 'pop3');

interface Transcript {
  readonly turns: { readonly who: 'C' | 'S'; text: string }[];
  readonly mail: readonly string[];
  readonly calls: readonly string[];
  readonly closes: boolean;
  readonly forServer: boolean;
}

function read(name: string): Transcript {
  const text = readFileSync(join(FOLDER, name), 'utf8');
  const turns: Transcript['turns'] = [];
  for (const line of text.split('\n')) {
    const [, who, kind, said = ''] = /^([CS])([:=]) ?(.*)$/.exec(line) ?? [];
    if (!who) continue;
    const bytes = fromLatin1(utf8(said));
    const words = kind === ':' ? `${bytes}\r\n` : bytes.replace(/\\n$/, '\n');
    const last = turns.at(-1);
    if (last?.who === who) last.text += words;
    else turns.push({ who: who as 'C' | 'S', text: words });
  }
  const all = (pattern: RegExp): string[] =>
    [...text.matchAll(pattern)].map(([, one]) => one ?? '');
  return {
    turns,
    mail: all(/^# mail: (.*)$/gm).map((one) => one.replaceAll('\\r\\n', '\r\n')),
    calls: all(/^# client: (.*)$/gm).flatMap((one) => one.split('; ')),
    closes: /^X: server closes$/m.test(text),
    forServer: !/^# only our client$/m.test(text),
  };
}

/** What was received until it is as long as it should be, or the other side has ended. */
async function hear(reader: ByteReader, expected: string): Promise<string> {
  let text = '';
  while (text.length < expected.length) {
    const bytes = await reader.read();
    if (!bytes) break;
    text += fromLatin1(bytes);
  }
  return text;
}

async function playToServer({ turns, mail, closes }: Transcript): Promise<void> {
  const { world, server, client } = await stage({ apop: false }, mail);
  const play = async (): Promise<void> => {
    const to = { address: server.address, port: 110 };
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

type Call = (client: Pop3Client, argument: number) => Promise<unknown>;

const CALLS: Readonly<Record<string, Call>> = {
  login: (client) => client.login(BOB, { plaintext: true }),
  user: (client) => client.login(BOB, { plaintext: true, by: 'user' }),
  stat: (client) => client.stat(),
  list: (client) => client.list(),
  retr: (client, message) => client.retr(message),
  dele: (client, message) => client.dele(message),
  quit: (client) => client.quit(),
};

async function playToClient({ turns, calls }: Transcript): Promise<void> {
  const at: Stage = await stage();
  const failures: unknown[] = [];
  const accept = async (connection: Connection): Promise<void> => {
    const reader = new ByteReader(connection);
    for (const { who, text } of turns) {
      if (who === 'C') expect(await hear(reader, text)).toBe(text);
      else await reader.write(latin1(text));
    }
    reader.end();
  };
  const other = at.world.host('other');
  await at.world.run(
    other.network.listen({ port: 110 }, (connection) => {
      accept(connection).catch((error: unknown) => {
        failures.push(error);
        connection.destroy();
      });
    }),
  );
  const play = async (): Promise<void> => {
    const client = await connect({ server: other, client: at.client });
    for (const call of calls) {
      const [name = '', argument] = call.split(' ');
      await CALLS[name]?.(client, Number(argument));
    }
  };
  await at.world.run(play()).catch((error: unknown) => failures.push(error));
  expect(failures).toEqual([]);
}

const names = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'));

describe('conversations', () => {
  test('are there', () => expect(names.length).toBeGreaterThan(5));
  const theirs = names.filter((name) => read(name).forServer);
  test.each(theirs)('%s, against our server', (name) => playToServer(read(name)));
  const ours = names.filter((name) => read(name).calls.length > 0);
  test.each(ours)('%s, against our client', (name) => playToClient(read(name)));
});

/**
 * Conversations from http/*.txt, played against our server and, where the file says what is asked
 * for, against our client. `C:` and `S:` are lines that end with CR LF, `C=` and `S=` bytes without
 * a line end (`\n` is a bare LF); `X: server closes` ends a conversation. All in the simulated world, so that dates agree.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chain, type Handler, HttpClient, serveHttp, staticFiles } from '../../src/http/index.ts';
import { fromLatin1, latin1, utf8 } from '../../src/lib/bytes.ts';
import { ByteReader, type Connection, type Host } from '../../src/net/index.ts';
import { World } from '../../src/net/sim/index.ts';

const FOLDER = join(import.meta.dirname, 'http');

interface Turn {
  readonly who: 'C' | 'S';
  text: string;
}

interface Transcript {
  readonly turns: readonly Turn[];
  /** `METHOD URL` for each request of our client; none when only a person would write so. */
  readonly asked: readonly string[];
  readonly closes: boolean;
}

function read(name: string): Transcript {
  const turns: Turn[] = [];
  const asked: string[] = [];
  let closes = false;
  for (const line of readFileSync(join(FOLDER, name), 'utf8').split('\n')) {
    const [, ask] = /^# client: (.*)$/.exec(line) ?? [];
    if (ask) asked.push(ask);
    if (line === 'X: server closes') closes = true;
    const [, who, kind, text = ''] = /^([CS])([:=]) ?(.*)$/.exec(line) ?? [];
    if (!who) continue;
    const bytes = fromLatin1(utf8(text));
    const said = kind === ':' ? `${bytes}\r\n` : bytes.replace(/\\n$/, '\n');
    const last = turns.at(-1);
    if (last?.who === who) last.text += said;
    else turns.push({ who: who as 'C' | 'S', text: said });
  }
  return { turns, asked, closes };
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

const stream: Handler = () => ({
  status: 200,
  headers: { 'Content-Type': 'text/plain' },
  body: {
    start(writer) {
      writer.write('one,');
      writer.write('two');
      writer.end({ 'X-Words': '2' });
    },
  },
});

const handler: Handler = chain(
  (next) => async (request, context) => {
    if (request.path === '/stream') return stream(request, context);
    if (request.path !== '/echo') return next(request, context);
    return { status: 200, body: await request.body.bytes() };
  },
  staticFiles(),
);

function stage(): { world: World; server: Host; alice: Host } {
  const world = new World({ seed: 'transcripts', strict: true });
  const [server, alice] = [world.host('server'), world.host('alice')];
  world.link(server, alice, { latency: 5 });
  return { world, server, alice };
}

async function playToServer({ turns, closes }: Transcript): Promise<void> {
  const { world, server, alice } = stage();
  await server.files.write('/hello.txt', utf8('Hello, world\n'));
  await world.run(serveHttp(server, { handler }));
  const play = async (): Promise<void> => {
    const to = { address: server.address, port: 80 };
    const reader = new ByteReader(await alice.network.connect(to));
    for (const { who, text } of turns) {
      if (who === 'C') await reader.write(latin1(text));
      else expect(await hear(reader, text)).toBe(text);
    }
    if (closes) expect(await reader.read()).toBeNull();
    reader.destroy();
  };
  await world.run(play());
}

async function playToClient({ turns, asked }: Transcript): Promise<void> {
  const { world, server, alice } = stage();
  const accept = async (connection: Connection): Promise<void> => {
    const reader = new ByteReader(connection);
    for (const { who, text } of turns) {
      if (who === 'C') expect(await hear(reader, text)).toBe(text);
      else await reader.write(latin1(text));
    }
  };
  const failures: unknown[] = [];
  await world.run(
    server.network.listen({ port: 80 }, (connection) => {
      accept(connection).catch((error: unknown) => {
        failures.push(error);
        connection.destroy();
      });
    }),
  );
  const client = new HttpClient(alice, { lookup: async () => [server.address] });
  const answers = turns.filter(({ who, text }) => who === 'S' && !text.startsWith('HTTP/1.1 1'));
  const play = async (): Promise<void> => {
    for (const [i, line] of asked.entries()) {
      const [method = '', url = '', body] = line.split(' ');
      const request = { method, url, ...(body === undefined ? {} : { body }) };
      const response = await client.request(request, { redirect: 'manual' });
      const text = answers[i]?.text ?? '';
      expect(text.startsWith(`HTTP/1.1 ${response.status} `)).toBe(true);
      const content = fromLatin1(await response.body.bytes());
      if (!response.headers.has('Transfer-Encoding'))
        expect(text.endsWith(`\r\n\r\n${content}`)).toBe(true);
    }
  };
  await world.run(play()).catch((error: unknown) => failures.push(error));
  client.close();
  expect(failures).toEqual([]);
}

const names = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'));

describe('conversations', () => {
  test('are there', () => expect(names.length).toBeGreaterThan(5));
  test.each(names)('%s, against our server', (name) => playToServer(read(name)));
  const ours = names.filter((name) => read(name).asked.length > 0);
  test.each(ours)('%s, against our client', (name) => playToClient(read(name)));
});

/**
 * Conversations from smtp/*.txt, played against our server and, where the file says what is sent,
 * against our client: `# client: FROM TO,TO MESSAGE`. `C:` and `S:` are lines that end with CR LF,
 * `C=` bytes without a line end (`\n` is a bare LF); `X: server closes` ends a conversation.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fromLatin1, latin1, utf8 } from '../../src/lib/bytes.ts';
import { ByteReader, type Connection, type Host } from '../../src/net/index.ts';
import { World } from '../../src/net/sim/index.ts';
import {
  collecting,
  parseMailbox,
  relayGuard,
  SmtpClient,
  serveSmtp,
} from '../../src/smtp/index.ts';

const FOLDER = join(import.meta.dirname, 'smtp');

interface Transcript {
  readonly turns: { readonly who: 'C' | 'S'; text: string }[];
  readonly sent: { from: string; to: string[]; message: string }[];
  readonly closes: boolean;
  readonly forServer: boolean;
}

function read(name: string): Transcript {
  const text = readFileSync(join(FOLDER, name), 'utf8');
  const transcript: Transcript = {
    turns: [],
    sent: [],
    closes: /^X: server closes$/m.test(text),
    forServer: !/^# only our client$/m.test(text),
  };
  for (const line of text.split('\n')) {
    const [, from = '', to = '', message = ''] = /^# client: (\S+) (\S+) (.*)$/.exec(line) ?? [];
    if (from) {
      transcript.sent.push({
        from,
        to: to.split(','),
        message: message.replaceAll('\\r\\n', '\r\n'),
      });
    }
    const [, who, kind, said = ''] = /^([CS])([:=]) ?(.*)$/.exec(line) ?? [];
    if (!who) continue;
    const bytes = fromLatin1(utf8(said));
    const words = kind === ':' ? `${bytes}\r\n` : bytes.replace(/\\n$/, '\n');
    const last = transcript.turns.at(-1);
    if (last?.who === who) last.text += words;
    else transcript.turns.push({ who: who as 'C' | 'S', text: words });
  }
  return transcript;
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

function stage(): { world: World; server: Host; client: Host } {
  const world = new World({ seed: 'transcripts', strict: true });
  const [server, client] = [world.host('hamburger.edu'), world.host('crepes.fr')];
  world.link(server, client, { latency: 5 });
  return { world, server, client };
}

async function playToServer({ turns, closes }: Transcript): Promise<void> {
  const { world, server, client } = stage();
  const backend = relayGuard(
    { domains: ['hamburger.edu'] },
    collecting(() => undefined),
  );
  await world.run(serveSmtp(server, { port: 25, backend }));
  const play = async (): Promise<void> => {
    const to = { address: server.address, port: 25 };
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

async function playToClient({ turns, sent }: Transcript): Promise<void> {
  const { world, server, client } = stage();
  const failures: unknown[] = [];
  const accept = async (connection: Connection): Promise<void> => {
    const reader = new ByteReader(connection);
    for (const { who, text } of turns) {
      if (who === 'C') expect(await hear(reader, text)).toBe(text);
      else await reader.write(latin1(text));
    }
    reader.end();
  };
  await world.run(
    server.network.listen({ port: 25 }, (connection) => {
      accept(connection).catch((error: unknown) => {
        failures.push(error);
        connection.destroy();
      });
    }),
  );
  const play = async (): Promise<void> => {
    const session = await SmtpClient.connect(client, { address: server.address, port: 25 });
    for (const { from, to, message } of sent) {
      const sender = from === '<>' ? null : parseMailbox(from, 'sender', false);
      const recipients = to.map((one) => ({ path: parseMailbox(one, 'recipient', false) }));
      await session.send({ from: sender, to: recipients }, message);
    }
    await session.quit();
  };
  await world.run(play()).catch((error: unknown) => failures.push(error));
  expect(failures).toEqual([]);
}

const names = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'));

describe('conversations', () => {
  test('are there', () => expect(names.length).toBeGreaterThan(5));
  const theirs = names.filter((name) => read(name).forServer);
  test.each(theirs)('%s, against our server', (name) => playToServer(read(name)));
  const ours = names.filter((name) => read(name).sent.length > 0);
  test.each(ours)('%s, against our client', (name) => playToClient(read(name)));
});

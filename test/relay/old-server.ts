/** A server that says what it is told to: old ones, mean ones, and those that go in the middle. */
import { latin1 } from '../../src/lib/bytes.ts';
import { ByteReader, type Connection, type Host } from '../../src/net/index.ts';

export interface OldServer {
  /** What EHLO offers. */
  readonly offers?: readonly string[];
  /** The reply to a command or, as `.`, to a message; undefined is the usual one, '' hangs up. */
  readonly say?: (line: string) => string | undefined;
}

export interface Heard {
  readonly lines: string[];
  readonly messages: string[];
  connections: number;
}

const USUAL: Readonly<Record<string, string>> = {
  GREETING: '220 old.server',
  DATA: '354 go on',
  QUIT: '221 bye',
};

/** Listens on port 25 and tells all that it has heard. */
export async function oldServer(host: Host, server: OldServer = {}): Promise<Heard> {
  const heard: Heard = { lines: [], messages: [], connections: 0 };
  await host.network.listen({ port: 25 }, (connection) => {
    heard.connections++;
    void converse(connection, server, heard).catch(() => connection.destroy());
  });
  return heard;
}

async function converse(
  connection: Connection,
  { offers = [], say = () => undefined }: OldServer,
  heard: Heard,
): Promise<void> {
  const reader = new ByteReader(connection);
  const reply = async (line: string): Promise<boolean> => {
    const verb = line.split(' ')[0]?.toUpperCase() ?? '';
    const text = say(line) ?? (verb === 'EHLO' ? hello(offers) : (USUAL[verb] ?? '250 fine'));
    if (text === '') connection.destroy();
    else await reader.write(latin1(`${text}\r\n`));
    return text.startsWith('354');
  };
  await reply('GREETING');
  for (let line = await reader.readLine(); line !== null; line = await reader.readLine()) {
    heard.lines.push(line);
    if (!(await reply(line))) continue;
    const lines: string[] = [];
    for (
      let one = await reader.readLine();
      one !== null && one !== '.';
      one = await reader.readLine()
    ) {
      lines.push(one.replace(/^\./, ''));
    }
    heard.messages.push(`${lines.join('\r\n')}\r\n`);
    await reply('.');
  }
  reader.end();
}

function hello(offers: readonly string[]): string {
  const lines = ['old.server', ...offers];
  return lines.map((line, i) => `250${i < lines.length - 1 ? '-' : ' '}${line}`).join('\r\n');
}

/** A server, a client and somebody at telnet, under virtual time. */
import { latin1 } from '../../src/lib/bytes.ts';
import { ByteReader, type Host } from '../../src/net/index.ts';
import { World } from '../../src/net/sim/index.ts';
import {
  collecting,
  type Mailbox,
  type Outcome,
  type ReceivedMessage,
  SmtpClient,
  type SmtpClientOptions,
  type SmtpServerOptions,
  serveSmtp,
} from '../../src/smtp/index.ts';

export const ALICE: Mailbox = { local: 'alice', domain: 'crepes.fr' };
export const BOB: Mailbox = { local: 'bob', domain: 'hamburger.edu' };
export const OK: Outcome = { code: 250, text: 'OK' };

export interface Stage {
  readonly world: World;
  readonly server: Host;
  readonly client: Host;
  readonly messages: ReceivedMessage[];
  readonly errors: unknown[];
}

export async function stage(options: Partial<SmtpServerOptions> = {}): Promise<Stage> {
  const world = new World({ seed: 'smtp', strict: true });
  const [server, client] = [world.host('hamburger.edu'), world.host('crepes.fr')];
  world.link(server, client, { latency: 10 });
  const messages: ReceivedMessage[] = [];
  const errors: unknown[] = [];
  const backend = collecting((message) => void messages.push(message));
  const onError = (error: unknown): void => void errors.push(error);
  await world.run(serveSmtp(server, { port: 25, backend, onError, ...options }));
  return { world, server, client, messages, errors };
}

export function connect(
  { server, client }: Pick<Stage, 'server' | 'client'>,
  options: SmtpClientOptions = {},
): Promise<SmtpClient> {
  return SmtpClient.connect(client, { address: server.address, port: 25 }, options);
}

/** A person at telnet: says a text, and reads to the end of the last reply that begins with `until`. */
export class Typist {
  readonly reader: ByteReader;

  private constructor(reader: ByteReader) {
    this.reader = reader;
  }

  static async at({ server, client }: Stage, port = 25): Promise<Typist> {
    const to = { address: server.address, port };
    const typist = new Typist(new ByteReader(await client.network.connect(to)));
    await typist.reply();
    return typist;
  }

  async say(text: string): Promise<string> {
    await this.reader.write(latin1(text));
    return this.reply();
  }

  async reply(): Promise<string> {
    const lines: string[] = [];
    for (;;) {
      const line = await this.reader.readLine();
      if (line === null) return [...lines, 'closed'].join('\n');
      lines.push(line);
      if (line[3] !== '-') return lines.join('\n');
    }
  }

  async all(count: number): Promise<string[]> {
    const codes: string[] = [];
    for (let i = 0; i < count; i++) codes.push((await this.reply()).slice(0, 3));
    return codes;
  }
}

/** Up to the message. */
export const ENVELOPE: string = 'EHLO c\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<d@e.f>\r\n';

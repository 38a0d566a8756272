/** A server with Bob's mail, a client and somebody at telnet, under virtual time. */
import { fromLatin1, latin1 } from '../../src/lib/bytes.ts';
import { ByteReader, type Host } from '../../src/net/index.ts';
import { type SimHost, World } from '../../src/net/sim/index.ts';
import {
  Pop3Client,
  type Pop3ClientOptions,
  type Pop3ServerOptions,
  servePop3,
} from '../../src/pop3/index.ts';
import { TestDrop, TestStore } from './test-store.ts';

export const BOB = { user: 'bob', password: 'hungry' };
export const FIRST = 'Subject: one\r\n\r\nHow about\r\n.pickles?\r\n';
export const SECOND = 'Subject: two\r\n\r\nKetchup.\r\n';

export interface Stage {
  readonly world: World;
  readonly server: SimHost;
  readonly client: SimHost;
  readonly store: TestStore;
  readonly bob: TestDrop;
  readonly errors: unknown[];
}

export async function stage(
  options: Partial<Pop3ServerOptions> = {},
  messages: readonly string[] = [FIRST, SECOND],
): Promise<Stage> {
  const world = new World({ seed: 'pop3', strict: true });
  const [server, client] = [world.host('hamburger.edu'), world.host('crepes.fr')];
  world.link(server, client, { latency: 10 });
  const store = (await world.run(TestStore.open(server))) as TestStore;
  const bob = new TestDrop(store.mail, 'bob');
  await world.run(bob.put(...messages.map(latin1)));
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  await world.run(servePop3(server, { port: 110, store, plaintext: true, onError, ...options }));
  return { world, server, client, store, bob, errors };
}

export function connect(
  { server, client }: { readonly server: Host; readonly client: Host },
  options: Pop3ClientOptions = {},
): Promise<Pop3Client> {
  return Pop3Client.connect(client, { address: server.address, port: 110 }, options);
}

/** A session that has signed in. */
export async function signedIn(at: Stage, options: Pop3ClientOptions = {}): Promise<Pop3Client> {
  const client = await connect(at, options);
  await client.login(BOB);
  return client;
}

/** A person at telnet: says lines, and reads what is answered at once. */
export class Typist {
  readonly reader: ByteReader;
  greeting = '';

  private constructor(reader: ByteReader) {
    this.reader = reader;
  }

  static async at({ server, client }: Stage, port = 110): Promise<Typist> {
    const to = { address: server.address, port };
    const typist = new Typist(new ByteReader(await client.network.connect(to)));
    typist.greeting = await typist.line();
    return typist;
  }

  /** Says a line and hears the first line of the response; `closed` where none comes. */
  async say(text: string): Promise<string> {
    await this.reader.write(latin1(`${text}\r\n`));
    return this.line();
  }

  async line(): Promise<string> {
    return (await this.reader.readLine()) ?? 'closed';
  }

  /** The lines that follow, up to the dot. */
  async lines(): Promise<string[]> {
    const lines: string[] = [];
    for (
      let line = await this.line();
      line !== '.' && line !== 'closed';
      line = await this.line()
    ) {
      lines.push(line);
    }
    return lines;
  }

  async signIn(): Promise<void> {
    await this.say('USER bob');
    await this.say('PASS hungry');
  }

  async rest(): Promise<string> {
    return fromLatin1(await this.reader.readAll());
  }
}

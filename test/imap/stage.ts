/** A server with a store, clients and somebody at telnet, under virtual time. */
import {
  ImapClient,
  type ImapClientOptions,
  type ImapServerOptions,
  serveImap,
} from '../../src/imap/index.ts';
import { latin1 } from '../../src/lib/bytes.ts';
import {
  type Folder,
  type MailAccount,
  MailStore,
  memoryMailTables,
} from '../../src/mail/index.ts';
import { ByteReader, type Host } from '../../src/net/index.ts';
import { World } from '../../src/net/sim/index.ts';
import { saslUsers } from '../../src/sasl/index.ts';

export interface Stage {
  readonly world: World;
  readonly server: Host;
  readonly client: Host;
  readonly store: MailStore;
  readonly account: MailAccount;
  readonly errors: unknown[];
}

/** A quick check of passwords: the store's takes the time that it should. */
export function quickUsers(host: Host): Required<ReturnType<typeof saslUsers>> {
  return saslUsers({ alice: 'tea' }, (length) => host.random.bytes(length));
}

export async function stage(options: Partial<ImapServerOptions> = {}): Promise<Stage> {
  const world = new World({ seed: 'imap', strict: true });
  const [server, client] = [world.host('campus.edu'), world.host('alice-laptop')];
  world.link(server, client, { latency: 10 });
  const store = MailStore.open(server, memoryMailTables());
  const errors: unknown[] = [];
  const begin = async (): Promise<void> => {
    await store.addAccount({ name: 'alice', addresses: ['alice@campus.edu'] });
    const onError = (error: unknown): void => void errors.push(error);
    const users = quickUsers(server);
    await serveImap(server, { port: 143, store, users, plaintext: true, onError, ...options });
  };
  await world.run(begin());
  return { world, server, client, store, account: store.open('alice'), errors };
}

/** A client that has signed in. */
export async function connect(
  { server, client }: Pick<Stage, 'server' | 'client'>,
  options: ImapClientOptions = {},
): Promise<ImapClient> {
  const session = await ImapClient.connect(client, { address: server.address, port: 143 }, options);
  await session.authenticate({ user: 'alice', password: 'tea' });
  return session;
}

export interface Letter {
  readonly subject?: string;
  readonly from?: string;
  readonly date?: string;
  readonly id?: string;
  readonly references?: string;
  readonly text?: string;
  readonly header?: string;
}

export function letter({
  subject = 'Hi',
  from = 'bob@b.org',
  text = 'Hello',
  ...more
}: Letter = {}): Uint8Array {
  const fields = [
    `From: ${from}`,
    'To: alice@campus.edu',
    `Subject: ${subject}`,
    ...(more.date ? [`Date: ${more.date}`] : []),
    ...(more.id ? [`Message-ID: <${more.id}>`] : []),
    ...(more.references ? [`References: ${more.references}`] : []),
    ...(more.header ? [more.header] : []),
  ];
  return new TextEncoder().encode(`${fields.join('\r\n')}\r\n\r\n${text}\r\n`);
}

/** Puts letters into a folder, in one commit. */
export async function fill(
  { store, account }: Pick<Stage, 'store' | 'account'>,
  path: string,
  letters: readonly (Letter & { readonly flags?: readonly string[]; readonly received?: number })[],
): Promise<void> {
  const folder = account.folder(path) as Folder;
  await account.append(
    folder,
    letters.map(({ flags = [], received, ...one }) => ({
      staged: store.stageBytes(letter(one)),
      flags,
      ...(received !== undefined && { received }),
    })),
  );
}

/** A person at telnet: says a text, and reads to the end of the answer of the last tag in it. */
export class Typist {
  readonly reader: ByteReader;

  private constructor(reader: ByteReader) {
    this.reader = reader;
  }

  static async at({ server, client }: Pick<Stage, 'server' | 'client'>): Promise<Typist> {
    const to = { address: server.address, port: 143 };
    const typist = new Typist(new ByteReader(await client.network.connect(to)));
    await typist.line();
    return typist;
  }

  static async signedIn(stage: Pick<Stage, 'server' | 'client'>): Promise<Typist> {
    const typist = await Typist.at(stage);
    await typist.say('a LOGIN alice tea');
    return typist;
  }

  async line(): Promise<string> {
    return (await this.reader.readLine()) ?? 'closed';
  }

  /** Lines of the answer, up to the one with the tag. */
  async say(text: string): Promise<string[]> {
    await this.reader.write(latin1(`${text}\r\n`));
    const tag = /(?:^|\r\n)(\S+) [^\r\n]*$/.exec(text)?.[1] ?? text;
    return this.until(`${tag} `);
  }

  async until(start: string): Promise<string[]> {
    const lines: string[] = [];
    for (;;) {
      const line = await this.line();
      lines.push(line);
      if (line === 'closed' || line.startsWith(start)) return lines;
    }
  }
}

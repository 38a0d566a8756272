/** A whole mail host with its API, and somebody beside it, under virtual time. */
import { HttpClient, serveHttp } from '../../src/http/index.ts';
import { fromUtf8, utf8 } from '../../src/lib/bytes.ts';
import { type AccountInit, memoryMailTables } from '../../src/mail/index.ts';
import {
  type MailDoor,
  MailHost,
  type MailHostOptions,
  mailApi,
} from '../../src/mailhost/index.ts';
import { ByteReader, type Host } from '../../src/net/index.ts';
import { World } from '../../src/net/sim/index.ts';
import { memoryQueueTables } from '../../src/relay/index.ts';
import { SmtpClient } from '../../src/smtp/index.ts';
import { NOWHERE } from '../storage/relay-host.ts';

export type Door = Extract<MailDoor, 'smtp' | 'submission' | 'pop3' | 'imap'>;

export const DOORS: Readonly<Record<Door, number>> = {
  smtp: 25,
  submission: 587,
  pop3: 110,
  imap: 143,
};

/** Alice keeps her password itself, so that every mechanism works, and quickly. */
export const ALICE: AccountInit = {
  name: 'alice',
  addresses: ['alice@shop.com'],
  password: 'tea',
  keepPassword: true,
};

export interface Stage {
  readonly world: World;
  readonly server: Host;
  readonly client: Host;
  readonly mail: MailHost;
  readonly errors: unknown[];
}

export async function stage(options: Partial<MailHostOptions> = {}): Promise<Stage> {
  const world = new World({ seed: 'mailhost', strict: true });
  const [server, client] = [world.host('mail.shop.com'), world.host('laptop')];
  world.link(server, client, { latency: 10 });
  const errors: unknown[] = [];
  const tables = memoryQueueTables(memoryMailTables());
  const open = async (): Promise<MailHost> => {
    const opened = await MailHost.open(server, {
      ...tables,
      domains: ['shop.com'],
      lookup: NOWHERE,
      accounts: [ALICE],
      plaintext: true,
      onError: (error) => void errors.push(error),
      ...options,
    });
    for (const door of Object.keys(DOORS) as Door[]) {
      await opened.serve(door, { port: DOORS[door] });
    }
    await serveHttp(server, { port: 80, handler: mailApi(server, opened) });
    return opened;
  };
  const mail = (await world.run(open())) as MailHost;
  return { world, server, client, mail, errors };
}

export interface Answer {
  readonly status: number;
  readonly headers: { get(name: string): string | undefined };
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a test expects of it is the type.
  readonly json: any;
}

/** Asks the API; an object is sent as JSON, a text as a message. */
export async function ask(
  { server, client }: Pick<Stage, 'server' | 'client'>,
  line: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const [method = '', path = ''] = line.split(' ');
  const http = new HttpClient(client, { connect: { address: server.address, port: 80 } });
  const isText = typeof body === 'string';
  const type = isText ? 'message/rfc822' : 'application/json';
  const said = await http.request(
    {
      method,
      url: `http://mail.shop.com/api${path}`,
      headers: { ...(body !== undefined && { 'Content-Type': type }), ...headers },
      ...(body !== undefined && { body: utf8(isText ? body : JSON.stringify(body)) }),
    },
    { timeoutMs: 20 * 60_000 },
  );
  const text = fromUtf8(await said.body.bytes({ limit: 100_000_000 }));
  http.close();
  const isJson = said.headers.get('Content-Type') === 'application/json' && text !== '';
  return {
    status: said.status,
    headers: said.headers,
    text,
    json: isJson ? JSON.parse(text) : undefined,
  };
}

/** A stranger sends a message on port 25; what was refused is in the outcome. */
export async function send(
  { server, client }: Pick<Stage, 'server' | 'client'>,
  to: string | readonly string[],
  message: string,
): ReturnType<SmtpClient['send']> {
  const at = { address: server.address, port: DOORS.smtp };
  const smtp = await SmtpClient.connect(client, at, { hello: 'laptop' });
  const path = (text: string) => ({
    local: text.split('@')[0] ?? '',
    domain: text.split('@')[1] ?? '',
  });
  try {
    return await smtp.send(
      { from: path('bob@b.org'), to: [to].flat().map((one) => ({ path: path(one) })) },
      message,
    );
  } finally {
    await smtp.quit();
  }
}

/** Bytes to and from a door. */
export async function dial(
  { server, client }: Pick<Stage, 'server' | 'client'>,
  door: Door,
): Promise<ByteReader> {
  const at = { address: server.address, port: DOORS[door] };
  return new ByteReader(await client.network.connect(at));
}

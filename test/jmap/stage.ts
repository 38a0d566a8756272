/** A mail host that speaks JMAP, and a program of Alice's, under virtual time. */
import { HttpClient, serveHttp } from '../../src/http/index.ts';
import {
  type JmapSiteOptions,
  type Json,
  type JsonObject,
  jmapSite,
} from '../../src/jmap/index.ts';
import { base64 } from '../../src/lib/base64.ts';
import { utf8 } from '../../src/lib/bytes.ts';
import { type MailAccount, MailStore, memoryMailTables } from '../../src/mail/index.ts';
import { type SimHost, World } from '../../src/net/sim/index.ts';
import { localSubmit, type Sent } from './local-submit.ts';

export const CORE = 'urn:ietf:params:jmap:core';
export const MAIL = 'urn:ietf:params:jmap:mail';
export const SUBMISSION = 'urn:ietf:params:jmap:submission';

export const ALICE: string = `Basic ${base64(utf8('alice:wonderland'))}`;

export type Called = readonly [name: string, args: JsonObject, id?: string];

/** What stands at a place in an answer; undefined where there is none. */
export function dig(
  value: Json | undefined,
  ...path: readonly (string | number)[]
): Json | undefined {
  let at = value;
  for (const key of path) at = (at as Record<string, Json> | undefined)?.[key];
  return at;
}

/** The same as a text. */
export function text(value: Json | undefined, ...path: readonly (string | number)[]): string {
  return String(dig(value, ...path));
}

export interface Answer {
  readonly status: number;
  readonly headers: { get(name: string): string | undefined };
  readonly text: string;
  readonly json: JsonObject;
}

export class Stage {
  readonly world: World = new World({ seed: 'jmap', epoch: Date.UTC(2026, 10, 26, 12) });
  readonly host: SimHost = this.world.host('mail');
  readonly program: SimHost = this.world.host('alice');
  readonly store: MailStore;
  readonly sent: Sent[] = [];
  /** Faults of the server's own: there should be none. */
  readonly faults: unknown[] = [];
  readonly base: string = `http://${this.host.address}`;
  private readonly client = new HttpClient(this.program);

  constructor() {
    this.store = MailStore.open(this.host, memoryMailTables());
  }

  static async set(options: Partial<JmapSiteOptions> = {}): Promise<Stage> {
    const stage = new Stage();
    await stage.world.run(stage.prepare(options));
    return stage;
  }

  get mail(): MailAccount {
    return this.store.open('alice');
  }

  run<T>(work: Promise<T>): Promise<T> {
    return this.world.run(work) as Promise<T>;
  }

  /** Puts messages into a folder of Alice's, a minute apart. */
  async put(folder: string, ...texts: readonly string[]): Promise<readonly string[]> {
    const target = this.mail.folder(folder);
    if (!target) throw new Error(`no folder ${folder}`);
    const before = this.mail.entries(target).length;
    const messages = texts.map((text, at) => ({
      staged: this.store.stageBytes(utf8(text.replaceAll('\n', '\r\n'))),
      received: Date.UTC(2026, 10, 20) + 60_000 * (before + at),
    }));
    const entries = await this.run(this.mail.append(target, messages));
    return entries.map(({ id }) => `M${id}`);
  }

  folder(path: string): string {
    return `F${this.mail.folder(path)?.id}`;
  }

  /** The answers, each as its name, its arguments, its id. */
  async call(...calls: readonly Called[]): Promise<readonly Json[]> {
    const methodCalls = calls.map(([name, args, id = 'c']) => [
      name,
      name.startsWith('Core/') ? args : { accountId: 'A1', ...args },
      id,
    ]);
    const { json } = await this.api({ using: [CORE, MAIL, SUBMISSION], methodCalls });
    return json['methodResponses'] as readonly Json[];
  }

  /** The arguments of the one answer. */
  async one(name: string, args: JsonObject = {}): Promise<JsonObject> {
    const [first] = await this.call([name, args]);
    const result = dig(first, 1) as JsonObject;
    return dig(first, 0) === 'error' ? { error: result } : result;
  }

  api(request: Json | string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const body = typeof request === 'string' ? request : JSON.stringify(request);
    return this.http('POST', '/jmap/api', body, {
      Authorization: ALICE,
      'Content-Type': 'application/json',
      ...headers,
    });
  }

  async http(
    method: string,
    path: string,
    body?: string | Uint8Array,
    headers: Readonly<Record<string, string>> = { Authorization: ALICE },
  ): Promise<Answer> {
    return this.run(this.request(method, path, body, headers));
  }

  private async request(
    method: string,
    path: string,
    body: string | Uint8Array | undefined,
    headers: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    const response = await this.client.request({
      url: this.base + path,
      method,
      headers,
      ...(body !== undefined && { body }),
    });
    const text = await response.body.text();
    const isJson = /json/.test(response.headers.get('Content-Type') ?? '');
    const { status, headers: got } = response;
    return { status, headers: got, text, json: isJson ? (JSON.parse(text) as JsonObject) : {} };
  }

  private async prepare(options: Partial<JmapSiteOptions>): Promise<void> {
    await this.store.addAccount({
      name: 'alice',
      title: 'Alice Adams',
      addresses: ['alice@campus.edu', 'adams@campus.edu'],
      password: 'wonderland',
      keepPassword: true,
    });
    const bob = { name: 'bob', addresses: ['bob@campus.edu'], password: 'hungry' };
    await this.store.addAccount({ ...bob, keepPassword: true });
    const submit = localSubmit(this.store, this.sent);
    const onError = (error: unknown): void => void this.faults.push(error);
    const site = { store: this.store, submit, plaintext: true, onError };
    const handler = jmapSite(this.host, { ...site, ...options });
    await serveHttp(this.host, { handler });
  }
}

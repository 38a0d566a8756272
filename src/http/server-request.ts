/** What a handler is given: the request, taken apart only as far as it looks. */
import type { Endpoint } from '../lib/endpoint.ts';
import { HeaderList, type HeadersInit } from '../lib/ordered-headers.ts';
import type { Connection, Host } from '../net/index.ts';
import type { Body, Context, Outcome, Request, RequestHead, Version } from './types.ts';
import { hostnameOf, type TargetParts, targetParts } from './wire/target.ts';

export class ServerRequest implements Request {
  readonly method: string;
  readonly target: string;
  readonly version: Version;
  readonly headers: HeaderList;
  readonly body: Body;
  private readonly local: Endpoint;
  readonly scheme: 'http' | 'https';
  private parts: TargetParts | undefined;

  constructor(head: RequestHead, body: Body, local: Endpoint, scheme: 'http' | 'https') {
    this.method = head.method;
    this.target = head.target;
    this.version = head.version;
    this.headers = head.headers;
    this.body = body;
    this.local = local;
    this.scheme = scheme;
  }

  get path(): string {
    return this.taken.path;
  }

  get query(): string {
    return this.taken.query;
  }

  get hostname(): string {
    return hostnameOf(this.authority);
  }

  get url(): string {
    const { path, query } = this.taken;
    const suffix = path === '*' ? '' : path;
    return `${this.scheme}://${this.authority}${suffix}${query === '' ? '' : `?${query}`}`;
  }

  private get taken(): TargetParts {
    this.parts ??= targetParts(this.target);
    return this.parts;
  }

  /** An absolute target outweighs Host (RFC 9112 §3.2.2); without either our own address must do. */
  private get authority(): string {
    return this.taken.authority ?? (this.headers.get('Host') || this.local.address);
  }
}

/** What the conversation lends to a context. */
export interface ContextOwner {
  readonly host: Host;
  readonly connection: Connection;
  sendInterim(status: number, headers: HeaderList): void;
}

export class ServerContext implements Context {
  private readonly owner: ContextOwner;
  private abort: AbortController | undefined;
  private listeners: ((outcome: Outcome) => void)[] | undefined;
  private gone = false;

  constructor(owner: ContextOwner) {
    this.owner = owner;
  }

  get host(): Host {
    return this.owner.host;
  }

  get local(): Endpoint {
    return this.owner.connection.local;
  }

  get remote(): Endpoint {
    return this.owner.connection.remote;
  }

  get signal(): AbortSignal {
    this.abort ??= new AbortController();
    if (this.gone && !this.abort.signal.aborted) this.abort.abort();
    return this.abort.signal;
  }

  onFinished(f: (outcome: Outcome) => void): void {
    this.listeners ??= [];
    this.listeners.push(f);
  }

  interim(status: number, headers: HeadersInit): void {
    this.owner.sendInterim(status, HeaderList.from(headers));
  }

  note(text: string, spec?: string): void {
    const { trace, name, clock } = this.owner.host;
    if (!trace.on) return;
    trace.emit({
      kind: 'note',
      at: clock.now(),
      host: name,
      transport: 'tcp',
      from: this.local,
      to: this.remote,
      text,
      ...(spec === undefined ? {} : { spec }),
    });
  }

  /** True when somebody wants to know the outcome: otherwise it need not be made. */
  get watched(): boolean {
    return this.listeners !== undefined;
  }

  finished(outcome: Outcome): void {
    for (const tell of this.listeners ?? []) tell(outcome);
  }

  /** The client went away. */
  left(): void {
    this.gone = true;
    this.abort?.abort();
  }
}

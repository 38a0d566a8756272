/** A client's session: one command at a time, and what the server says meanwhile. */
import { type Deferred, deferred } from '../../lib/deferred.ts';
import { NetworkError } from '../../lib/errors.ts';
import type { Host } from '../../net/index.ts';
import { LITERAL_MINUS_LIMIT } from '../defaults.ts';
import { badResponse, ImapReplyError } from '../errors.ts';
import { parseResponse, type Response, type StatusResponse } from '../wire/response.ts';
import type { LiteralPiece, Pieces } from '../wire/text.ts';
import type { Channel } from './channel.ts';
import type { ImapClientOptions, MailboxUpdate, SelectedMailbox } from './types.ts';

/** True when the response belongs to the command; else it is news. */
export type Take = (response: Response) => boolean;

export interface ConverseOptions {
  readonly replyMs?: number;
  /** Nobody reads any more: called once, and then with all that is still said. */
  readonly leave?: (response?: Response) => void;
}

const NOTHING: Take = () => false;

export class ClientSession {
  readonly host: Host;
  readonly channel: Channel;
  readonly options: ImapClientOptions;
  readonly replyMs: number;
  /** In capitals; empty where it is not known. */
  capabilities: ReadonlySet<string> = new Set();
  readonly enabled: Set<string> = new Set();
  mailbox: SelectedMailbox | undefined;
  /** BYE was said, with this text. */
  bye: string | undefined;
  private count = 0;
  private readonly queue: Deferred<void>[] = [];
  private isBusy = false;

  constructor(host: Host, channel: Channel, options: ImapClientOptions, replyMs: number) {
    this.host = host;
    this.channel = channel;
    this.options = options;
    this.replyMs = replyMs;
  }

  get utf8(): boolean {
    return this.enabled.has('UTF8=ACCEPT') || this.enabled.has('IMAP4REV2');
  }

  /** Runs a command to its end. Throws ImapReplyError, NetworkError, ProtocolError. */
  async run(pieces: Pieces, take: Take = NOTHING): Promise<StatusResponse> {
    const conversation = this.converse(pieces);
    for (;;) {
      const { value, done } = await conversation.next();
      if (done) return value;
      if (!take(value)) this.news(value);
    }
  }

  /** What is said until the command's end, which is returned. Who stops reading leaves the rest to be taken as news. */
  async *converse(
    pieces: Pieces,
    { replyMs = this.replyMs, leave }: ConverseOptions = {},
  ): AsyncGenerator<Response, StatusResponse, void> {
    await this.acquire();
    let tag: string | undefined;
    let isOver = false;
    try {
      tag = `A${++this.count}`;
      const early = await this.send(tag, pieces);
      for (;;) {
        const response = early.shift() ?? (await this.hear(replyMs));
        if (response.type === 'status' && response.tag !== undefined) {
          isOver = true;
          return this.ended(response, tag, pieces);
        }
        yield response;
      }
    } catch (error) {
      isOver = true;
      throw error;
    } finally {
      if (!isOver) await this.drain(leave);
      this.release();
    }
  }

  /** One response, whatever it is about. */
  async hear(timeoutMs: number = this.replyMs): Promise<Response> {
    const unit = await this.channel.next(timeoutMs);
    let response: Response;
    try {
      response = parseResponse(unit, { utf8: this.utf8 });
    } catch (error) {
      throw this.channel.fail(error as Error);
    }
    if (response.type === 'status' && response.status === 'BYE') this.bye = response.text;
    if (response.type === 'capability') this.learn(response.names);
    if (response.type === 'status') this.heed(response.responseCode ?? '');
    return response;
  }

  private heed(responseCode: string): void {
    const [name, ...values] = responseCode.split(' ');
    if (name?.toUpperCase() === 'CAPABILITY') this.learn(values);
    // RFC 9051 §7.1: also by itself, where the mailbox was deleted.
    if (name?.toUpperCase() === 'CLOSED') this.mailbox = undefined;
  }

  learn(names: readonly string[]): void {
    this.capabilities = new Set(names.map((name) => name.toUpperCase()));
  }

  /** Takes in what is said of the mailbox, and tells who wants to know. */
  news(response: Response): void {
    const update = this.updateOf(response);
    if (update) this.options.onUpdate?.(update);
  }

  /** What a response means for the mailbox; undefined where it is about something else. */
  updateOf(response: Response): MailboxUpdate | undefined {
    const { mailbox } = this;
    if (!mailbox) return undefined;
    switch (response.type) {
      case 'exists':
      case 'recent':
        mailbox[response.type] = response.number;
        return { type: response.type, number: response.number };
      case 'expunge':
        mailbox.exists--;
        return { type: 'expunge', number: response.number };
      case 'vanished':
        if (response.earlier) return undefined;
        for (const [from, to] of response.uids) mailbox.exists -= to - from + 1;
        return { type: 'vanished', uids: response.uids };
      case 'flags':
        mailbox.flags = response.flags;
        return response;
      case 'fetch':
        return response;
    }
    return undefined;
  }

  /** Sends a command; what was said before its literals were asked for is given back. */
  private async send(tag: string, { list }: Pieces): Promise<Response[]> {
    const early: Response[] = [];
    let text = `${tag} `;
    for (const piece of list) {
      if (typeof piece === 'string') {
        text += piece;
        continue;
      }
      const waits = !this.mayPush(piece);
      this.channel.say(
        `${text}${piece.binary ? '~' : ''}{${piece.octets.length}${waits ? '' : '+'}}\r\n`,
      );
      text = '';
      if (waits && !(await this.goAhead(early))) return early;
      await this.channel.octets(piece.octets, this.replyMs);
    }
    this.channel.say(`${text}\r\n`);
    return early;
  }

  /** RFC 7888 §3, §5. */
  private mayPush({ octets }: LiteralPiece): boolean {
    if (this.capabilities.has('LITERAL+')) return true;
    const isShort = octets.length <= LITERAL_MINUS_LIMIT;
    return isShort && (this.capabilities.has('LITERAL-') || this.capabilities.has('IMAP4REV2'));
  }

  /** False where the command was refused before its literal. */
  private async goAhead(early: Response[]): Promise<boolean> {
    for (;;) {
      const response = await this.hear();
      if (response.type === 'continuation') return true;
      early.push(response);
      if (response.type === 'status' && response.tag !== undefined) return false;
    }
  }

  private ended(response: StatusResponse, tag: string, pieces: Pieces): StatusResponse {
    if (response.tag !== tag) {
      throw this.channel.fail(badResponse(`an answer to ${response.tag}, which was not asked`));
    }
    if (response.status !== 'OK') throw new ImapReplyError(response, nameOf(pieces));
    return response;
  }

  /** Reads the rest of a command that nobody wants any more. */
  private async drain(leave: ConverseOptions['leave']): Promise<void> {
    leave?.();
    for (;;) {
      const response = await this.hear();
      leave?.(response);
      if (response.type === 'status' && response.tag !== undefined) return;
      this.news(response);
    }
  }

  private async acquire(): Promise<void> {
    if (this.bye !== undefined)
      throw new NetworkError('closed', `the server has left: ${this.bye}`);
    if (this.isBusy) {
      const turn = deferred<void>();
      this.queue.push(turn);
      await turn.promise;
    }
    this.isBusy = true;
  }

  private release(): void {
    const next = this.queue.shift();
    // The next one takes it over.
    if (next) next.resolve();
    else this.isBusy = false;
  }
}

/** A command's name, without what it says: a password may be in it. */
export function nameOf({ list }: Pieces): string {
  const [first] = list;
  const words = typeof first === 'string' ? first : '';
  return /^(?:UID )?[A-Z-]+/.exec(words)?.[0] ?? 'the command';
}

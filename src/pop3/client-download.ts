/** Download-and-keep and download-and-delete: several messages at once where the server can (RFC 2449 §6.6). */
import { concat } from '../lib/bytes.ts';
import type { Channel } from './client-channel.ts';
import type { ClientTimeouts, Downloaded, DownloadOptions, UniqueId } from './client-types.ts';
import { DOWNLOAD_WINDOW, MESSAGE_SIZE_LIMIT, PIPELINE_LIMIT } from './defaults.ts';
import { Pop3ReplyError, tooLarge } from './errors.ts';
import type { Listed } from './types.ts';

/** What the client does for it. */
interface Session {
  list(): Promise<readonly Listed[]>;
  uidl(): Promise<readonly UniqueId[]>;
  pipeline(): Promise<boolean>;
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** A message will have been marked as deleted. */
  marking(): void;
}

export class Downloader {
  private readonly channel: Channel;
  private readonly timeouts: ClientTimeouts;
  private readonly session: Session;

  constructor(channel: Channel, timeouts: ClientTimeouts, session: Session) {
    this.channel = channel;
    this.timeouts = timeouts;
    this.session = session;
  }

  async *run(options: DownloadOptions): AsyncGenerator<Downloaded> {
    const { mode, seen, limit = MESSAGE_SIZE_LIMIT } = options;
    const { session } = this;
    const listed = await session.list();
    const uids = new Map<number, string>();
    for (const { number, uid } of seen && listed.length > 0 ? await session.uidl() : []) {
      uids.set(number, uid);
    }
    if (seen) forget(seen, new Set(uids.values()));
    const isSeen = ({ number }: Listed): boolean => seen?.has(uids.get(number) ?? '') ?? false;
    if (mode === 'delete') await this.mark(listed.filter(isSeen));
    const wanted = listed.filter((one) => !isSeen(one));
    const most = wanted.length > 1 && (await session.pipeline()) ? PIPELINE_LIMIT : 1;
    for (const window of windows(wanted, most)) {
      const bodies = await session.alone(() => this.fetch(window, limit));
      for (const [i, { number }] of window.entries()) {
        const uid = uids.get(number);
        yield { number, uid, bytes: bodies[i] as Uint8Array };
        if (uid !== undefined) seen?.add(uid);
      }
      if (mode === 'delete') await this.mark(window);
    }
  }

  /** All are read before an error is thrown: the session stays in order. */
  private async fetch(window: readonly Listed[], limit: number): Promise<Uint8Array[]> {
    this.channel.say(...window.map(({ number }) => ({ type: 'RETR' as const, message: number })));
    const bodies: Uint8Array[] = [];
    let failure: Error | undefined;
    for (const { number } of window) {
      const response = await this.channel.response(this.timeouts.replyMs);
      if (!response.ok) failure ??= new Pop3ReplyError(response, `RETR ${number}`);
      const parts: Uint8Array[] = [];
      let size = 0;
      for await (const part of response.ok ? this.channel.content(this.timeouts.blockMs) : []) {
        size += part.length;
        if (size <= limit) parts.push(part);
      }
      if (size > limit) failure ??= tooLarge(`message ${number}`, limit);
      bodies.push(concat(parts));
    }
    if (failure) throw failure;
    return bodies;
  }

  private async mark(messages: readonly Listed[]): Promise<void> {
    const most = messages.length > 1 && (await this.session.pipeline()) ? PIPELINE_LIMIT : 1;
    for (let at = 0; at < messages.length; at += most) {
      const window = messages.slice(at, at + most);
      await this.session.alone(() => this.markAtOnce(window));
    }
  }

  private async markAtOnce(window: readonly Listed[]): Promise<void> {
    this.session.marking();
    this.channel.say(...window.map(({ number }) => ({ type: 'DELE' as const, message: number })));
    let failure: Error | undefined;
    for (const { number } of window) {
      const response = await this.channel.response(this.timeouts.replyMs);
      if (!response.ok) failure ??= new Pop3ReplyError(response, `DELE ${number}`);
    }
    if (failure) throw failure;
  }
}

/** A server that lists nothing has nothing: what is not there any more need not be known. */
function forget(seen: Set<string>, present: ReadonlySet<string>): void {
  for (const uid of seen) if (!present.has(uid)) seen.delete(uid);
}

/** So many at a time, and not more than is held in memory with ease. */
function* windows(messages: readonly Listed[], most: number): Generator<readonly Listed[]> {
  let window: Listed[] = [];
  let size = 0;
  for (const message of messages) {
    if (window.length > 0 && (window.length >= most || size + message.size > DOWNLOAD_WINDOW)) {
      yield window;
      window = [];
      size = 0;
    }
    window.push(message);
    size += message.size;
  }
  if (window.length > 0) yield window;
}

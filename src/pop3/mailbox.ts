/** An account's INBOX as a maildrop (RFC 1939 §4): locked for one session, seen as it was at its beginning. */
import { concat } from '../lib/bytes.ts';
import type { Folder, MessageEntry } from '../mail/index.ts';
import { HEADER_ROOM, OUTPUT_CHUNK, WHOLE_MESSAGE_LIMIT } from './defaults.ts';
import { Maildrop } from './machine/maildrop.ts';
import { IN_USE, no } from './machine/responses.ts';
import { TopCutter } from './machine/top.ts';
import type { Pop3Account, Pop3Store } from './store.ts';
import { surrogate } from './surrogate.ts';
import type { Response } from './types.ts';

/** The maildrop of who has signed in, or why it cannot be had. */
export function openMailbox(store: Pop3Store, user: string): Mailbox | Response {
  const account = store.account(user);
  const mail = account && store.open(account);
  const inbox = mail?.folder('INBOX');
  if (!mail || !inbox) return no('There is no mailbox for that name', 'SYS/PERM');
  const release = mail.lock('pop3');
  if (!release) return IN_USE;
  try {
    return new Mailbox(mail, inbox, release);
  } catch (error) {
    release();
    throw error;
  }
}

export class Mailbox {
  readonly drop: Maildrop<MessageEntry>;
  /** Lets the next session in. */
  readonly release: () => void;
  private readonly mail: Pop3Account;
  private readonly inbox: Folder;

  constructor(mail: Pop3Account, inbox: Folder, release: () => void) {
    this.mail = mail;
    this.inbox = inbox;
    this.release = release;
    this.drop = new Maildrop(mail.entries(inbox));
  }

  /** Never given to another message, and kept from session to session (RFC 1939 §7). */
  uniqueId({ uid }: MessageEntry): string {
    return `${this.inbox.uidValidity}.${uid}`;
  }

  /** A message, large ones in pieces. Throws MAIL_GONE where another program has removed it. */
  content(entry: MessageEntry, utf8: boolean): { size: number; body: Iterable<Uint8Array> } {
    const isLarge = entry.size > WHOLE_MESSAGE_LIMIT;
    const pieces = isLarge ? this.mail.pieces(entry.content)[Symbol.iterator]() : undefined;
    const first = pieces ? beginning(pieces) : this.mail.bytes(entry.content);
    const shown = utf8 ? first : surrogate(first);
    const size = entry.size - first.length + shown.length;
    return { size, body: pieces ? following(shown, pieces) : [shown] };
  }

  top(entry: MessageEntry, lines: number, utf8: boolean): Iterable<Uint8Array> {
    return cut(this.content(entry, utf8).body, lines);
  }

  /** Resolves when that is durable, with what to say of it. */
  async removeDeleted(): Promise<string> {
    const uids = this.drop.deleted.map(({ uid }) => uid);
    await this.mail.expunge(this.inbox, uids);
    const left = this.drop.count;
    return `${uids.length} deleted, ${left === 0 ? 'maildrop empty' : `${left} left`}`;
  }
}

/** The header at least, which is read before anything is said: so it is known whether the message is still there. */
function beginning(pieces: Iterator<Uint8Array, unknown>): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let size = 0; size < HEADER_ROOM; size += parts.at(-1)?.length ?? 0) {
    const piece = pieces.next();
    if (piece.done) break;
    parts.push(piece.value);
  }
  return concat(parts);
}

function* following(first: Uint8Array, rest: Iterator<Uint8Array, unknown>): Generator<Uint8Array> {
  yield* small(first);
  for (let piece = rest.next(); !piece.done; piece = rest.next()) yield* small(piece.value);
}

/** What was stored at once may be one large piece: it must not all wait to leave. */
function* small(piece: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < piece.length; at += OUTPUT_CHUNK)
    yield piece.subarray(at, at + OUTPUT_CHUNK);
}

function* cut(pieces: Iterable<Uint8Array>, lines: number): Generator<Uint8Array> {
  const cutter = new TopCutter(lines);
  for (const piece of pieces) {
    yield cutter.push(piece);
    if (cutter.done) return;
  }
}

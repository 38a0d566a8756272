/** Where messages of mail were seen on the wire: handed over by SMTP, fetched by POP3, IMAP and HTTP. */
import { fromLatin1, fromUtf8 } from '../../../lib/bytes.ts';
import { decodeWords } from '../../../mime/index.ts';
import type { Message } from '../../../trace/index.ts';
import type { Internet } from '../../internet.ts';
import { idsRead } from './web-mail.ts';

/** Messages that are remembered; the list on the page is shorter. */
const LETTERS_KEPT = 1_000;

/** One message may be fetched again and again. */
const SIGHTINGS_KEPT = 100;

/** Octets in which the header is looked for. */
const HEADER_LIMIT = 16 * 1024;

export interface Sighting {
  /** Of the message of the recorder that carried it. */
  readonly id: number;
  readonly conversation: number;
  readonly protocol: string;
  readonly from: string;
  readonly to: string;
  readonly at: number;
  /** When the last of it came. */
  readonly until: number;
}

export interface Seen {
  readonly subject: string | undefined;
  readonly from: string | undefined;
  readonly sightings: Sighting[];
}

/** IMAP says on the line before a literal what follows (RFC 9051 §7.5.2). */
const LINE = 512;
/** What this project’s relays say last (RFC 5321 §4.2.5 leaves the words to them). */
const QUEUED = /^250 .*queued as (\w+)$/;

const FETCHED = /BODY\[|BINARY\[|RFC822/;

const SEEN = new WeakMap<Internet, Sightings>();

export class Sightings {
  private readonly seen = new Map<string, Seen>();

  /** Those of an internet: it is listened to from the first call on, and what was recorded before is read. */
  static of(internet: Internet): Sightings {
    const known = SEEN.get(internet);
    if (known) return known;
    const made = new Sightings();
    SEEN.set(internet, made);
    const { recorder } = internet;
    const take = (message: Message): void =>
      made.take(message, recorder.message(message.replyTo ?? 0));
    recorder.messages().forEach(take);
    recorder.watch({ onMessage: take });
    return made;
  }

  /** By its Message-ID; without one, by the name that its queue gave it. */
  get(id: string): Seen | undefined {
    return this.seen.get(id) ?? this.seen.get(/^(\w+) at /.exec(id)?.[1] ?? '');
  }

  /** Keeps what was found elsewhere, so that it is looked for once. */
  learn(id: string, facts: Pick<Seen, 'subject' | 'from'>): void {
    this.keep(id, { ...facts, sightings: this.seen.get(id)?.sightings ?? [] });
  }

  private take(message: Message, answered: Message | undefined): void {
    const queued = message.protocol === 'smtp' && QUEUED.exec(message.summary)?.[1];
    if (queued && answered) this.read(answered, queued);
    else if (mayCarry(message)) this.read(message, undefined);
    else for (const id of idsRead(message)) this.put(id, message, '');
  }

  /** What has a Message-ID is known by it; what has none, when it was queued. */
  private read(message: Message, queued: string | undefined): void {
    const header = fromUtf8(message.bytes.subarray(0, HEADER_LIMIT));
    const named = /^message-id:\s*<([^<>\s]+)>/im.exec(header)?.[1];
    if (queued === undefined && named !== undefined) this.put(named, message, header);
    else if (queued !== undefined && named === undefined) this.put(queued, message, header);
  }

  private put(id: string, message: Message, header: string): void {
    const known = this.seen.get(id) ?? { ...factsOf(header), sightings: [] };
    if (known.sightings.length < SIGHTINGS_KEPT) known.sightings.push(sightingOf(message));
    this.keep(id, known);
  }

  private keep(id: string, known: Seen): void {
    this.seen.delete(id);
    this.seen.set(id, known);
    if (this.seen.size <= LETTERS_KEPT) return;
    for (const oldest of this.seen.keys()) {
      this.seen.delete(oldest);
      return;
    }
  }
}

/** SMTP's client says the message; POP3's and IMAP's server does, or only its header. */
function mayCarry({ protocol, role, bytes }: Message): boolean {
  if (protocol === 'smtp') return role === 'request';
  if (role === 'request') return false;
  return protocol === 'pop3' || (protocol === 'imap' && FETCHED.test(fromLatin1(bytes, 0, LINE)));
}

function factsOf(header: string): Pick<Seen, 'subject' | 'from'> {
  const from = fieldOf(header, 'from');
  const subject = fieldOf(header, 'subject');
  return {
    subject: subject === undefined ? undefined : decodeWords(subject),
    from: from === undefined ? undefined : (/<([^<>]*)>/.exec(from)?.[1] ?? from),
  };
}

function fieldOf(header: string, name: string): string | undefined {
  const folded = new RegExp(`^${name}:(.*(?:\\r\\n[ \\t].*)*)`, 'im').exec(header)?.[1];
  return folded?.replace(/\r\n/g, '').trim();
}

function sightingOf(message: Message): Sighting {
  const { id, conversation, protocol, fromHost, toHost, startedAt, sentAt } = message;
  return {
    id,
    conversation,
    protocol,
    from: fromHost,
    to: toHost,
    at: startedAt,
    until: message.arrivedAt ?? sentAt,
  };
}

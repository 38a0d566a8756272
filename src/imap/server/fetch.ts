/** FETCH (RFC 9051 §6.4.5, §7.5.2; BINARY of RFC 3516; CHANGEDSINCE, VANISHED of RFC 7162). */
import { hasCode } from '../../lib/errors.ts';
import type { Flags, MessageEntry, Summary } from '../../mail/index.ts';
import { STREAM_ABOVE } from '../defaults.ts';
import { hasFlag } from '../machine/flags.ts';
import { no, ok, type Reply } from '../reply.ts';
import type { ImapSession, Selected } from '../session.ts';
import type { FetchItem, Of, Section } from '../types.ts';
import { dateTimeText } from '../wire/date.ts';
import { sectionText } from '../wire/fetch.ts';
import { numbersText } from '../wire/sequence-set.ts';
import { ghostCode } from './search.ts';
import { binaryOctets, partOf, sectionOctets } from './sections.ts';
import { vanishedUids } from './select.ts';

export async function fetch(session: ImapSession, command: Of<'FETCH'>): Promise<Reply> {
  const { set, uid, changedSince, vanished } = command;
  const { view, folder } = session.selected as Selected;
  const items = [...command.items];
  if (uid && !items.some(({ type }) => type === 'UID')) items.unshift({ type: 'UID' });
  if (changedSince !== undefined && !items.some(({ type }) => type === 'MODSEQ')) {
    items.push({ type: 'MODSEQ' });
  }
  if (items.some(({ type }) => type === 'MODSEQ')) session.enable('condstore');
  if (vanished && !session.has('qresync'))
    return { status: 'BAD', text: 'Say ENABLE QRESYNC first' };
  let indexes = session.indexes(set, uid);
  if (vanished && changedSince !== undefined && set !== '$') {
    const gone = vanishedUids(session, folder, set, { modSeq: changedSince });
    if (gone.length > 0) session.out.say(`* VANISHED (EARLIER) ${numbersText(gone)}\r\n`);
  }
  if (changedSince !== undefined) {
    indexes = indexes.filter((index) => view.at(index).modSeq > changedSince);
  }
  const seen = await markSeen(session, items, indexes);
  const rows = new RowWriter(session, items);
  for (const index of indexes) {
    const late = rows.write(index, seen.has(index));
    if (late) await late;
    if (session.out.full) await session.out.room();
  }
  if (rows.lost > 0) return no('Some of the messages are gone', 'EXPUNGEISSUED');
  return ok('FETCH completed', ghostCode(session, uid));
}

/** Who reads a body has seen the message (§6.4.5); in one commit for all. Gives the indexes of those that changed. */
async function markSeen(
  session: ImapSession,
  items: readonly FetchItem[],
  indexes: readonly number[],
): Promise<Set<number>> {
  const { view, folder, readOnly } = session.selected as Selected;
  if (readOnly || !items.some(marks)) return new Set();
  const fresh = indexes.filter((index) => !hasFlag(view.at(index).flags, '\\Seen'));
  if (fresh.length === 0) return new Set();
  const uids = fresh.map((index) => view.at(index).uid);
  const { changed } = await session.account.changeFlags(folder, uids, 'add', ['\\Seen'], {
    by: session,
  });
  view.apply({ added: [], changed, removed: [] }, true);
  return new Set(fresh);
}

function marks(item: FetchItem): boolean {
  if (item.type === 'RFC822' || item.type === 'RFC822.TEXT') return true;
  return (item.type === 'BODY[]' || item.type === 'BINARY[]') && !item.peek;
}

/** A message under way. */
interface Row {
  readonly entry: MessageEntry;
  summary: Summary | undefined;
}

/** What is said of one item: text, and the octets of a literal behind it. */
type Said = string | readonly [text: string, octets: Uint8Array];

type Writer = (row: Row) => Said;

const WHOLE: Section = { part: '', text: '' };

type PlainType =
  | 'FLAGS'
  | 'UID'
  | 'INTERNALDATE'
  | 'RFC822.SIZE'
  | 'MODSEQ'
  | 'ENVELOPE'
  | 'BODY'
  | 'BODYSTRUCTURE';

class RowWriter {
  /** Messages that were gone. */
  lost = 0;
  private readonly session: ImapSession;
  private readonly items: readonly FetchItem[];
  private readonly writers: readonly Writer[];
  private readonly tellsFlags: boolean;
  private readonly tellsModSeq: boolean;
  /** The whole message is among the items: a large one is streamed. */
  private readonly streams: boolean;
  private readonly texts = new Map<Flags, string>();

  constructor(session: ImapSession, items: readonly FetchItem[]) {
    this.session = session;
    this.writers = items.map((item) => this.writerOf(item));
    this.tellsFlags = items.some(({ type }) => type === 'FLAGS');
    this.tellsModSeq = items.some(({ type }) => type === 'MODSEQ');
    this.streams = items.filter(isWhole).length === 1;
    this.items = items;
  }

  /** `isNew`: its flags have just changed, and are told too. A promise asks to wait. */
  write(index: number, isNew: boolean): Promise<void> | undefined {
    const { session } = this;
    const { view } = session.selected as Selected;
    const entry = view.at(index);
    if (this.streams && entry.size > STREAM_ABOVE) return this.stream(index, isNew);
    try {
      const said = this.said(entry, this.writers, isNew);
      session.out.say(`* ${index + 1} FETCH (`);
      this.sayAll(said);
      session.out.say(')\r\n');
      if (isNew || this.tellsFlags) view.told(entry.uid);
    } catch (error) {
      if (!hasCode(error, 'MAIL_GONE')) throw error;
      this.lost++;
    }
    return undefined;
  }

  /** All is known before anything is said. */
  private said(entry: MessageEntry, writers: readonly Writer[], isNew: boolean): Said[] {
    const row: Row = { entry, summary: undefined };
    const said = writers.map((write) => write(row));
    if (isNew && !this.tellsFlags) said.push(`FLAGS (${this.flags(entry)})`);
    // RFC 7162 §3.1.4.2: new flags are told with their mod-sequence.
    if (isNew && !this.tellsModSeq && this.session.has('condstore')) {
      said.push(`MODSEQ (${entry.modSeq})`);
    }
    return said;
  }

  private sayAll(said: readonly Said[]): void {
    const { out } = this.session;
    let text = '';
    said.forEach((one, i) => {
      if (i > 0) text += ' ';
      if (typeof one === 'string') text += one;
      else {
        out.say(text + one[0]);
        out.octets(one[1]);
        text = '';
      }
    });
    out.say(text);
  }

  /** A large message leaves piece by piece, the other items before it. */
  private async stream(index: number, isNew: boolean): Promise<void> {
    const { account, out, selected } = this.session;
    const { view } = selected as Selected;
    const entry = view.at(index);
    const others = this.items.flatMap((item, i) =>
      isWhole(item) ? [] : [this.writers[i] as Writer],
    );
    let said: Said[];
    let pieces: Iterator<Uint8Array>;
    let first: IteratorResult<Uint8Array>;
    try {
      said = this.said(entry, others, isNew);
      pieces = account.pieces(entry.content)[Symbol.iterator]();
      first = pieces.next();
    } catch (error) {
      if (!hasCode(error, 'MAIL_GONE')) throw error;
      this.lost++;
      return;
    }
    out.say(`* ${index + 1} FETCH (`);
    this.sayAll(said);
    const name = this.items.find((item) => isWhole(item))?.type === 'RFC822' ? 'RFC822' : 'BODY[]';
    out.say(`${said.length > 0 ? ' ' : ''}${name} {${entry.size}}\r\n`);
    for (let piece = first; !piece.done; piece = pieces.next()) {
      out.octets(piece.value);
      if (out.full) await out.room();
    }
    out.say(')\r\n');
    if (isNew || this.tellsFlags) view.told(entry.uid);
  }

  private flags(entry: MessageEntry): string {
    if (this.session.selected?.view.isRecent(entry.uid)) return this.session.flagsText(entry);
    const known = this.texts.get(entry.flags);
    if (known !== undefined) return known;
    const text = entry.flags.join(' ');
    this.texts.set(entry.flags, text);
    return text;
  }

  private summary(row: Row): Summary {
    row.summary ??= this.session.account.summary(row.entry.content);
    return row.summary;
  }

  private writerOf(item: FetchItem): Writer {
    switch (item.type) {
      case 'FLAGS':
        return ({ entry }) => `FLAGS (${this.flags(entry)})`;
      case 'UID':
        return ({ entry }) => `UID ${entry.uid}`;
      case 'INTERNALDATE':
        return ({ entry }) => `INTERNALDATE ${dateTimeText(entry.received)}`;
      case 'RFC822.SIZE':
        return ({ entry }) => `RFC822.SIZE ${entry.size}`;
      case 'MODSEQ':
        return ({ entry }) => `MODSEQ (${entry.modSeq})`;
      case 'ENVELOPE':
        return (row) => `ENVELOPE ${this.summary(row).envelope}`;
      case 'BODY':
        return (row) => `BODY ${this.summary(row).body}`;
      case 'BODYSTRUCTURE':
        return (row) => `BODYSTRUCTURE ${this.summary(row).bodyStructure}`;
    }
    return this.octetsWriter(item);
  }

  private octetsWriter(item: Exclude<FetchItem, { type: PlainType }>): Writer {
    const { account } = this.session;
    switch (item.type) {
      case 'RFC822':
        return ({ entry }) => literal('RFC822', sectionOctets(account, entry, WHOLE));
      case 'RFC822.HEADER':
        return ({ entry }) =>
          literal('RFC822.HEADER', sectionOctets(account, entry, { part: '', text: 'HEADER' }));
      case 'RFC822.TEXT':
        return ({ entry }) =>
          literal('RFC822.TEXT', sectionOctets(account, entry, { part: '', text: 'TEXT' }));
      case 'BODY[]': {
        const { section, partial } = item;
        const name = `BODY${sectionText(section)}${partial ? `<${partial.offset}>` : ''}`;
        return ({ entry }) => literal(name, sectionOctets(account, entry, section, partial));
      }
      case 'BINARY[]': {
        const { part, partial } = item;
        const name = `BINARY[${part}]${partial ? `<${partial.offset}>` : ''}`;
        return ({ entry }) => {
          const octets = binaryOctets(account, entry, part);
          return literal(name, octets && partOf(octets, partial), true);
        };
      }
      case 'BINARY.SIZE[]':
        return ({ entry }) =>
          `BINARY.SIZE[${item.part}] ${binaryOctets(account, entry, item.part)?.length ?? 0}`;
    }
  }
}

function isWhole(item: FetchItem): boolean {
  if (item.type === 'RFC822') return true;
  const isBody = item.type === 'BODY[]' && !item.partial;
  return isBody && item.section.part === '' && item.section.text === '';
}

/** NUL stands in literal8 only (RFC 3516 §4.4). */
function literal(name: string, octets: Uint8Array | undefined, isBinary = false): Said {
  if (!octets) return `${name} NIL`;
  const tilde = isBinary && octets.includes(0) ? '~' : '';
  return [`${name} ${tilde}{${octets.length}}\r\n`, octets];
}

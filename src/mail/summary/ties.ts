/** What binds a message to others, read from its beginning alone: no more is needed to take it in. */
import { fromLatin1 } from '../../lib/bytes.ts';
import { decodeWords, Fields, parseMessageIds } from '../../mime/index.ts';
import { REFERENCES_LIMIT, TIES_WITHIN } from '../defaults.ts';
import type { Facts } from '../types.ts';

const CR = 13;
const LF = 10;

export type Ties = Pick<Facts, 'messageId' | 'references' | 'subject'>;

const FIELD =
  /^(message-id|references|in-reply-to|subject)[ \t]*:([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)/gim;

/** `beginning`: the first bytes of the message, with its header. */
export function tiesOf(beginning: Uint8Array): Ties {
  const header = fromLatin1(beginning, 0, headerEnd(beginning));
  const list = [...header.matchAll(FIELD)].map(([, name = '', raw = '']) => ({
    name,
    raw,
    offset: 0,
  }));
  return tiesIn(new Fields(list));
}

export function tiesIn(fields: Fields): Ties {
  return {
    messageId: parseMessageIds(fields.get('Message-ID') ?? '')[0],
    references: referencesOf(fields),
    subject: decodeWords(fields.get('Subject') ?? ''),
  };
}

/** RFC 5256 §3: References, and without one the first of In-Reply-To. */
function referencesOf(fields: Fields): readonly string[] {
  const ids = parseMessageIds(fields.get('References') ?? '');
  if (ids.length === 0) return parseMessageIds(fields.get('In-Reply-To') ?? '').slice(0, 1);
  if (ids.length <= REFERENCES_LIMIT) return ids;
  return [...ids.slice(0, 1), ...ids.slice(1 - REFERENCES_LIMIT)];
}

/** Where the first empty line is, within what is looked at. */
function headerEnd(bytes: Uint8Array): number {
  const within = Math.min(bytes.length, TIES_WITHIN);
  for (let at = bytes.indexOf(LF); at >= 0 && at < within; at = bytes.indexOf(LF, at + 1)) {
    const next = bytes[at + 1] === CR ? bytes[at + 2] : bytes[at + 1];
    if (next === LF) return at + 1;
  }
  return within;
}

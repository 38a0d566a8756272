/** Properties that are header fields: `header:List-Post:asURLs:all` (RFC 8621 §4.1.3). */
import type { HeaderForm, HeaderProperty } from '../types.ts';

const SHAPE =
  /^header:([!-9;-~]{1,200}?)(?::(as(?:Raw|Text|Addresses|GroupedAddresses|MessageIds|Date|URLs)))?(:all)?$/;

/** Undefined for another property, or one of no right form. */
export function parseHeaderProperty(property: string): HeaderProperty | undefined {
  const [whole, name, form = 'asRaw', all] = SHAPE.exec(property) ?? [];
  if (whole === undefined || name === undefined) return undefined;
  return { property, name, form: form as HeaderForm, all: all !== undefined };
}

const ADDRESSES = new Set([
  'from',
  'sender',
  'reply-to',
  'to',
  'cc',
  'bcc',
  'resent-from',
  'resent-sender',
  'resent-reply-to',
  'resent-to',
  'resent-cc',
  'resent-bcc',
]);
const IDS = new Set(['message-id', 'in-reply-to', 'references', 'resent-message-id']);
const DATES = new Set(['date', 'resent-date']);
const URLS = new Set([
  'list-help',
  'list-unsubscribe',
  'list-subscribe',
  'list-post',
  'list-owner',
  'list-archive',
]);
const TEXTS = new Set(['subject', 'comments', 'keywords', 'list-id']);
const TRACE = new Set(['return-path', 'received']);

const OWN_FORMS: readonly (readonly [ReadonlySet<string>, readonly HeaderForm[]])[] = [
  [ADDRESSES, ['asRaw', 'asAddresses', 'asGroupedAddresses']],
  [IDS, ['asRaw', 'asMessageIds']],
  [DATES, ['asRaw', 'asDate']],
  [URLS, ['asRaw', 'asURLs']],
  [TEXTS, ['asRaw', 'asText']],
  [TRACE, ['asRaw']],
];

/** Whether a field may be read in a form: those of RFC 5322 and RFC 2369 in their own only (§4.1.2). */
export function allowsForm(name: string, form: HeaderForm): boolean {
  const known = OWN_FORMS.find(([names]) => names.has(name.toLowerCase()));
  return known ? known[1].includes(form) : true;
}

/** A message from its parts: strict in what it writes (RFC 5322 §3.6, RFC 2045). */
import { concat, utf8 } from '../../lib/bytes.ts';
import { misuse } from '../errors.ts';
import type { AddressEntry } from '../types.ts';
import { formatAddress, mailboxes, parseAddresses } from '../wire/address.ts';
import { formatMailDate } from '../wire/date.ts';
import { flow } from '../wire/flowed.ts';
import { foldField, unstructured } from '../wire/fold.ts';
import { newMessageId } from '../wire/message-id.ts';
import type {
  AddressesInit,
  AttachmentDraft,
  BuildOptions,
  MessageDraft,
  PartDraft,
} from './draft.ts';
import { checkedId, writePart } from './part-writer.ts';

/**
 * The bytes of a message: lines end with CRLF and have 998 octets at most, and without `eightBit` no octet
 * is above 127. Throws MIME_BAD_FIELD, MIME_BAD_DRAFT or
 * MIME_NEEDS_UTF8 for what no message can say.
 */
export function buildMessage(draft: MessageDraft, options: BuildOptions): Uint8Array {
  const { luck, eightBit = false, utf8: inUtf8 = false } = options;
  const content = contentOf(draft);
  const { pieces } = writePart(content, { luck, eightBit, utf8: inUtf8 });
  const end = Array.isArray(content.body) ? '\r\n' : '';
  return concat([utf8(header(draft, options)), ...pieces, utf8(end)]);
}

function header(draft: MessageDraft, options: BuildOptions): string {
  const from = entriesOf(draft.from, 'From');
  const { now, zone = 0, luck } = options;
  const domain = options.domain ?? mailboxes(from)[0]?.domain ?? 'localhost';
  const id = draft.messageId ?? newMessageId(domain, now, luck);
  let text = foldField('Date', formatMailDate(draft.date ?? { ms: now, zone }));
  text += addressField('From', from, options);
  for (const [name, init] of [
    ['Sender', draft.sender],
    ['Reply-To', draft.replyTo],
    ['To', draft.to],
    ['Cc', draft.cc],
    ['Bcc', draft.bcc],
  ] as const) {
    if (init !== undefined) text += addressField(name, entriesOf(init, name), options);
  }
  if (draft.subject !== undefined) {
    text += foldField('Subject', unstructured(draft.subject, options));
  }
  text += foldField('Message-ID', `<${checkedId(id, options.utf8)}>`);
  text += identifiers('In-Reply-To', draft.inReplyTo, options);
  text += identifiers('References', draft.references, options);
  for (const [name, value] of draft.fields ?? []) {
    text += foldField(name, unstructured(value, options));
  }
  return `${text}MIME-Version: 1.0\r\n`;
}

function entriesOf(init: AddressesInit, name: string): readonly AddressEntry[] {
  if (typeof init !== 'string') return Array.isArray(init) ? init : [init as AddressEntry];
  return parseAddresses(init, () => {
    throw misuse('MIME_BAD_FIELD', `${name}: ${init}: not a list of addresses`, 'RFC 5322 §3.4');
  });
}

function addressField(
  name: string,
  entries: readonly AddressEntry[],
  options: BuildOptions,
): string {
  if (entries.length === 0) {
    throw misuse('MIME_BAD_DRAFT', `${name} needs an address`, 'RFC 5322 §3.6.2');
  }
  return foldField(name, entries.map((entry) => formatAddress(entry, options)).join(', '));
}

function identifiers(
  name: string,
  ids: readonly string[] | undefined,
  options: BuildOptions,
): string {
  if (ids === undefined || ids.length === 0) return '';
  return foldField(name, ids.map((id) => `<${checkedId(id, options.utf8)}>`).join(' '));
}

/** mixed(alternative(text, related(html, pictures)), attachments), each only where it is needed. */
function contentOf(draft: MessageDraft): PartDraft {
  if (draft.content) return draft.content;
  const attachments = draft.attachments ?? [];
  const isInline = ({ id, location }: AttachmentDraft): boolean =>
    draft.html !== undefined && (id !== undefined || location !== undefined);
  const texts: PartDraft[] = [];
  if (draft.text !== undefined || draft.html === undefined) texts.push(plain(draft));
  if (draft.html !== undefined) texts.push(html(draft.html, attachments.filter(isInline)));
  const body = multipart('alternative', texts);
  const rest = attachments.filter((attachment) => !isInline(attachment));
  return multipart('mixed', [body, ...rest.map((one) => attachmentPart(one, 'attachment'))]);
}

function multipart(subtype: string, parts: readonly PartDraft[]): PartDraft {
  const [only] = parts;
  return parts.length === 1 && only ? only : { type: `multipart/${subtype}`, body: parts };
}

function plain({ text = '', flowed = false }: MessageDraft): PartDraft {
  if (!flowed) return { type: 'text/plain', body: text };
  return { type: 'text/plain', parameters: { format: 'flowed' }, body: flow(text) };
}

/** The type of the root is a parameter (RFC 2387 §3.1). */
function html(text: string, shown: readonly AttachmentDraft[]): PartDraft {
  const root: PartDraft = { type: 'text/html', body: text };
  if (shown.length === 0) return root;
  const parts = shown.map((one) => attachmentPart(one, 'inline'));
  return { type: 'multipart/related', parameters: { type: 'text/html' }, body: [root, ...parts] };
}

function attachmentPart(
  { content, type = 'application/octet-stream', ...rest }: AttachmentDraft,
  disposition: 'inline' | 'attachment',
): PartDraft {
  return { ...rest, type, disposition, body: content };
}

/** The HTML of a message or a saved page with all that it shows, as one safe document (RFC 2557, RFC 2392). */

import { fromLatin1 } from '../../lib/bytes.ts';
import { SHOWN_BYTES, SHOWN_OBJECTS } from '../defaults.ts';
import { misuse } from '../errors.ts';
import type { Message } from '../message.ts';
import type { Part } from '../types.ts';
import { encodeBase64 } from '../wire/base64.ts';
import { typeName } from '../wire/content-fields.ts';
import { contentIdOf, parseMessageIds } from '../wire/message-id.ts';
import { type Resources, type ShowOptions, safeHtml } from './safe-html.ts';

/** What relative URLs are relative to where nothing says so (RFC 2557 §5). */
const NO_BASE = 'thismessage:/';

/**
 * A document to show in a sandboxed frame: pictures and styles that are parts of the message are in it as data: URLs;
 * scripts and everything from outside are gone, but for pictures where they are wanted. Throws MIME_NO_PART where the message has no HTML.
 */
export function showMessage(message: Message, options: ShowOptions = {}): string {
  const html = htmlPart(message);
  if (!html) throw misuse('MIME_NO_PART', 'The message has no HTML to show', 'RFC 2387 §3');
  const parts = new Parts(message);
  return safeHtml(message.textOf(html), locationOf(message, html), parts, options);
}

/** The start of a multipart/related, which is its first part unless a parameter names another (RFC 2387 §3.2). */
function htmlPart(message: Message): Part | undefined {
  const start = message.root.type.parameters.get('start');
  const id = start === undefined ? undefined : (parseMessageIds(start)[0] ?? start);
  const parts = [...message.parts()];
  const named = id === undefined ? undefined : parts.find((part) => idOf(part) === id);
  const isHtml = (part: Part): boolean =>
    typeName(part.type) === 'text/html' && part.disposition?.kind !== 'attachment';
  return named && isHtml(named) ? named : parts.find(isHtml);
}

/** Content-ID without its brackets. */
export function idOf({ fields }: Part): string | undefined {
  return parseMessageIds(fields.get('Content-ID') ?? '')[0];
}

/** The absolute Content-Location of a part, or what its multipart is relative to (RFC 2557 §5). */
export function locationOf({ root }: Message, { fields }: Part): string {
  const around = ['Content-Location', 'Content-Base', 'Snapshot-Content-Location']
    .map((name) => root.fields.get(name)?.replace(/\s+/g, ''))
    .find((value) => value !== undefined && URL.canParse(value));
  const base = around ?? NO_BASE;
  const own = fields.get('Content-Location')?.replace(/\s+/g, '') ?? '';
  return URL.parse(own, base)?.href ?? base;
}

/** The parts of a message by the URLs that name them. */
class Parts implements Resources {
  private readonly message: Message;
  private readonly byUrl = new Map<string, Part>();
  private readonly byId = new Map<string, Part>();
  private room = SHOWN_BYTES;

  constructor(message: Message) {
    this.message = message;
    for (const part of [...message.parts()].slice(0, SHOWN_OBJECTS)) {
      if (part.children.length > 0) continue;
      const id = idOf(part);
      if (id !== undefined && !this.byId.has(id)) this.byId.set(id, part);
      if (!part.fields.field('Content-Location')) continue;
      const url = locationOf(message, part);
      if (!this.byUrl.has(url)) this.byUrl.set(url, part);
    }
  }

  dataUrl(url: string): string | undefined {
    const part = this.find(url);
    if (
      !part ||
      !/^(?:image|font|audio|video)\b|^application\/(?:x-)?font/.test(typeName(part.type))
    ) {
      return undefined;
    }
    const text = fromLatin1(encodeBase64(this.message.content(part))).replaceAll('\r\n', '');
    this.room -= text.length;
    return this.room < 0 ? undefined : `data:${typeName(part.type)};base64,${text}`;
  }

  sheet(url: string): string | undefined {
    const part = this.find(url);
    if (!part || typeName(part.type) !== 'text/css') return undefined;
    const text = this.message.textOf(part);
    this.room -= text.length;
    return this.room < 0 ? undefined : text;
  }

  private find(url: string): Part | undefined {
    const id = contentIdOf(url);
    if (id !== undefined) return this.byId.get(id);
    const hash = url.indexOf('#');
    return this.byUrl.get(hash < 0 ? url : url.slice(0, hash));
  }
}

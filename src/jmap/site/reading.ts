/** What the page shows of a message beside JMAP: its HTML made safe, and how it is built. */
import type { Request, Response } from '../../http/index.ts';
import { formFields } from '../../lib/form.ts';
import type { Account } from '../../mail/index.ts';
import {
  fileName,
  type Message,
  type Part,
  showMessage,
  showPolicy,
  typeName,
} from '../../mime/index.ts';
import { STRUCTURE_PARTS } from '../defaults.ts';
import { deskOf } from '../desk.ts';
import { blobIdOf, idNumber } from '../machine/ids.ts';
import { htmlText } from '../machine/plain-text.ts';
import type { Service } from '../service.ts';
import type { Json, JsonObject } from '../types.ts';
import { json, problem } from './answers.ts';

interface Opened {
  readonly id: number;
  readonly message: Message;
}

function openEmail({ store }: Service, account: Account, id: string): Opened | undefined {
  const mail = store.open(account);
  const entry = deskOf(mail).entry(idNumber('M', id));
  return entry && { id: entry.id, message: mail.message(entry.content) };
}

/**
 * A document for a frame: sandboxed by its answer too, so that nothing of it runs even where somebody opens it by itself.
 * The frame is of this site only so that the page can learn how high it is.
 */
const FRAMED =
  "frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox";

/** With `?pictures=outside` as the reader wants it who has pressed the button. */
export function showEmail(
  service: Service,
  account: Account,
  id: string,
  { query }: Pick<Request, 'query'>,
): Response {
  const opened = openEmail(service, account, id);
  if (!opened) return problem(404, `There is no message ${id}.`);
  const options = { pictures: formFields(query).get('pictures') === 'outside' };
  const isHtml = opened.message.html !== undefined;
  return {
    status: 200,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': `${showPolicy(options)}; ${FRAMED}`,
      'Cache-Control': 'private, max-age=3600',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    },
    body: isHtml
      ? framed(showMessage(opened.message, options))
      : '<!doctype html><title>No HTML</title>',
  };
}

/** Before what the letter says itself, and by the rules of today: its height is that of its content. */
const LOOK =
  '<style>body{margin:0;font:14.5px/1.55 Inter,system-ui,"Segoe UI","DejaVu Sans",sans-serif;overflow-wrap:anywhere}img{max-width:100%;height:auto}body>p:first-child{margin-top:0}body>p:last-child{margin-bottom:0}</style>';

function framed(html: string): string {
  const whole = /^\s*<!doctype/i.test(html) ? html : `<!doctype html>${html}`;
  return whole.replace(/<head>/i, (head) => head + LOOK);
}

/** The tree of a message, and what it does wrong. */
export function structureOf(service: Service, account: Account, id: string): Response {
  const opened = openEmail(service, account, id);
  if (!opened) return problem(404, `There is no message ${id}.`);
  const { message } = opened;
  const defects = message.inspect().map(({ code, message: text, spec, offset, part }) => ({
    code,
    message: text,
    spec,
    offset,
    part,
  }));
  const budget = { left: STRUCTURE_PARTS };
  return json({
    size: message.bytes.length,
    root: partView(opened, message.root, budget),
    defects,
  });
}

const SHOWN_TEXT = 4_000;

function partView(opened: Opened, part: Part, budget: { left: number }): JsonObject {
  budget.left--;
  const { type, encoding, disposition, body, header, lines, path } = part;
  const isLeaf = part.children.length === 0;
  const children: Json[] = [];
  for (const child of part.children) {
    if (budget.left > 0) children.push(partView(opened, child, budget));
  }
  const { message } = opened;
  const content = isLeaf ? message.content(part) : undefined;
  return {
    path,
    type: typeName(type),
    parameters: Object.fromEntries(type.parameters),
    encoding,
    disposition: disposition?.kind ?? null,
    name: fileName(part) ?? null,
    header: headerText(message, part),
    start: header.start,
    end: body.end,
    lines,
    size: content?.length ?? body.end - body.start,
    encodedSize: body.end - body.start,
    blobId: isLeaf ? blobIdOf(opened.id, path === '' ? '1' : path) : null,
    text: isLeaf && type.type === 'text' ? beginning(message, part) : null,
    children,
  };
}

function headerText(message: Message, { header }: Part): string {
  return new TextDecoder()
    .decode(message.slice(header))
    .slice(0, 4 * SHOWN_TEXT)
    .trimEnd();
}

function beginning(message: Message, part: Part): string {
  const text = message.textOf(part);
  return (part.type.subtype === 'html' ? htmlText(text) : text).slice(0, SHOWN_TEXT);
}

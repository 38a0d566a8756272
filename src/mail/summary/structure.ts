/** BODYSTRUCTURE and BODY (RFC 9051 §7.5.2): the tree of a message as IMAP sends it. */
import type { Part } from '../../mime/index.ts';
import { envelopeText, nstring, parameterList, quotedString } from './imap-text.ts';

/** What a multipart without parts is said to have: the grammar asks for one. */
const EMPTY_PART = '("TEXT" "PLAIN" NIL NIL NIL "7BIT" 0 0)';

/** `extended`: with the extension data, as BODYSTRUCTURE has it. */
export function structureText(part: Part, extended: boolean): string {
  return part.type.type === 'multipart'
    ? multipartText(part, extended)
    : singleText(part, extended);
}

function multipartText(part: Part, extended: boolean): string {
  const children = part.children.map((child) => structureText(child, extended)).join('');
  const subtype = quotedString(part.type.subtype.toUpperCase());
  const tail = extended ? ` ${parameterList(part.type.parameters)} ${lastData(part)}` : '';
  return `(${children || EMPTY_PART} ${subtype}${tail})`;
}

function singleText(part: Part, extended: boolean): string {
  const { type, fields, body, lines } = part;
  const words = [
    quotedString(type.type.toUpperCase()),
    quotedString(type.subtype.toUpperCase()),
    parameterList(type.parameters),
    nstring(fields.get('Content-ID')),
    nstring(fields.get('Content-Description')),
    quotedString(part.encoding.toUpperCase()),
    String(body.end - body.start),
  ];
  const [inner] = part.children;
  if (type.type === 'message' && inner) {
    words.push(envelopeText(inner.fields), structureText(inner, extended), String(lines));
  } else if (type.type === 'text') words.push(String(lines));
  if (extended) words.push(nstring(fields.get('Content-MD5')), lastData(part));
  return `(${words.join(' ')})`;
}

/** Disposition, language, location. */
function lastData({ disposition, fields }: Part): string {
  const kind = disposition
    ? `(${quotedString(disposition.kind)} ${parameterList(disposition.parameters)})`
    : 'NIL';
  const language = fields.get('Content-Language');
  const languages = language?.split(',').map((one) => quotedString(one.trim())) ?? [];
  const list = languages.length === 0 ? 'NIL' : `(${languages.join(' ')})`;
  return `${kind} ${list} ${nstring(fields.get('Content-Location'))}`;
}

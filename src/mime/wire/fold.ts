/** Fields as they are written: folded, and nothing in them that could end them (RFC 5322 §2.2.3). */
import { utf8 } from '../../lib/bytes.ts';
import { FOLD_AT, LINE_LIMIT } from '../defaults.ts';
import { misuse } from '../errors.ts';
import { hasControl, type WritingOptions } from './address.ts';
import { encodeWords } from './encoded-word.ts';
import { isAscii } from './fields.ts';

/**
 * `Name: value` with its CRLF, folded at spaces so that lines have 78 characters where that is possible.
 * Throws MIME_BAD_FIELD for control characters and for lines that no fold makes short enough.
 */
export function foldField(name: string, value: string): string {
  if (!/^[!-9;-~]+$/.test(name)) {
    throw misuse('MIME_BAD_FIELD', `"${name}" is no field name`, 'RFC 5322 §2.2');
  }
  if (hasControl(value.replaceAll('\t', ' '))) {
    const message = `The value of ${name} holds a control character`;
    throw misuse('MIME_BAD_FIELD', message, 'RFC 5322 §2.2');
  }
  const lines = folded(`${name}: ${value}`);
  for (const line of lines) {
    if (line.length > LINE_LIMIT / 4 && utf8(line).length > LINE_LIMIT) {
      const message = `${name} has a word that is longer than a line may be`;
      throw misuse('MIME_BAD_FIELD', message, 'RFC 5322 §2.1.1');
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}

function folded(text: string): string[] {
  const lines: string[] = [];
  let start = 0;
  while (text.length - start > FOLD_AT) {
    const at = breakBefore(text, start);
    if (at < 0) break;
    lines.push(text.slice(start, at));
    start = at;
  }
  lines.push(text.slice(start));
  return lines;
}

/**
 * The last space that leaves a line of at most 78, else the first behind it. A line may not be blank, and the first
 * one not end behind the colon.
 */
function breakBefore(text: string, start: number): number {
  const least = start === 0 ? text.indexOf(':') + 2 : start + 1;
  for (let at = start + FOLD_AT; at >= least; at--) if (canBreak(text, at)) return at;
  for (let at = start + FOLD_AT + 1; at < text.length; at++) if (canBreak(text, at)) return at;
  return -1;
}

function canBreak(text: string, at: number): boolean {
  return text.charAt(at) === ' ' && at + 1 < text.length && !' \t'.includes(text.charAt(at + 1));
}

/** Text of an unstructured field: encoded words where ASCII and folding cannot carry it as it is. */
export function unstructured(text: string, { utf8: inUtf8 = false }: WritingOptions = {}): string {
  const safe =
    (inUtf8 || isAscii(text)) && !text.includes('=?') && !/^[ \t]|[ \t]$|[^ \t]{900}/.test(text);
  return safe || hasControl(text.replaceAll('\t', ' ')) ? text : encodeWords(text);
}

/** Replies (RFC 5321 §4.2), with enhanced codes at the start of each line (RFC 2034 §4). */
import { fromUtf8, utf8 } from '../../lib/bytes.ts';
import { LineReader } from '../../lib/lines.ts';
import { REPLY_LINE_READ_LIMIT, REPLY_LINES_LIMIT, REPLY_TEXT_LIMIT } from '../defaults.ts';
import { badReply } from '../errors.ts';
import type { Outcome, Reply } from '../types.ts';

/** A reply of one or more lines, each with the enhanced code where there is one. */
export function replyOf({ code, enhanced, text }: Outcome): Reply {
  const prefix = enhanced === undefined ? '' : `${enhanced} `;
  const lines = text.includes('\n') ? text.split(/\r?\n/) : [text];
  return { code, lines: lines.map((line) => prefix + line) };
}

export function encodeReply({ code, lines }: Reply): Uint8Array {
  const last = lines.length - 1;
  const texts = lines.map((line, i) => `${code}${i < last ? '-' : ' '}${oneLine(line)}\r\n`);
  return utf8(texts.join(''));
}

/** No text of a reply can begin another one, however it was made. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, '?').slice(0, REPLY_TEXT_LIMIT);
}

/** The enhanced code of a reply (RFC 3463 §2), and its text without it. */
export function enhancedOf({ code, lines }: Reply): Outcome {
  const texts = lines.map((line) => /^([245]\.\d{1,3}\.\d{1,3})(?: |$)(.*)$/.exec(line));
  const enhanced = texts[0]?.[1];
  // It must speak of the same class as the reply itself (RFC 2034 §4).
  if (enhanced === undefined || enhanced.charAt(0) !== String(code).charAt(0)) {
    return { code, text: lines.join('\n') };
  }
  return { code, enhanced, text: lines.map((line, i) => texts[i]?.[2] ?? line).join('\n') };
}

/** Takes bytes and gives replies. LF alone is understood: some servers end their lines so. */
export class ReplyReader {
  private readonly reader = new LineReader(REPLY_LINE_READ_LIMIT);
  private code = 0;
  private lines: string[] = [];

  push(bytes: Uint8Array): void {
    this.reader.push(bytes);
  }

  /** Bytes after the last whole reply, and lines of one that is not whole. */
  get pending(): number {
    return this.reader.buffered + this.lines.length;
  }

  /** The next whole reply, or undefined until more has come. Throws ProtocolError. */
  next(): Reply | undefined {
    for (let line = this.reader.next(); line; line = this.reader.next()) {
      if (line.fault === 'bare CR') throw badReply('a bare CR in a reply');
      if (line.fault === 'too long') throw badReply('a line of a reply is too long');
      const reply = this.take(fromUtf8(line.bytes));
      if (reply) return reply;
    }
    return undefined;
  }

  private take(text: string): Reply | undefined {
    const match = /^([2-5]\d\d)(?:([ -])(.*))?$/s.exec(text);
    if (!match) throw badReply(`no reply: ${JSON.stringify(text.slice(0, 60))}`);
    const code = Number(match[1]);
    if (this.lines.length > 0 && code !== this.code) throw badReply('a reply of two codes');
    if (this.lines.length >= REPLY_LINES_LIMIT) throw badReply('a reply of too many lines');
    this.code = code;
    this.lines.push(match[3] ?? '');
    if (match[2] === '-') return undefined;
    const { lines } = this;
    this.lines = [];
    return { code, lines };
  }
}

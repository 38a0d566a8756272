/** Answers: text up to the end of the connection (RFC 3912 §2), most of it as `Key: value`. */
import { utf8 } from '../../lib/bytes.ts';
import type { WhoisLine } from '../types.ts';

/** Each line ends with CR LF, whatever ended it before. */
export function encodeAnswer(text: string): Uint8Array {
  return utf8(text.replace(/\r?\n|\r/g, '\r\n'));
}

/** The lines that name something. Comments (`%`, `#`, `>>>`) are left out. */
export function answerLines(text: string): WhoisLine[] {
  return text.split(/\r?\n|\r/).flatMap((line) => {
    const match = /^\s*([A-Za-z][^:%#]{0,60}):\s*(\S.*)$/.exec(line);
    return match ? [{ key: (match[1] as string).trim(), value: (match[2] as string).trim() }] : [];
  });
}

/** Keys that name a server that knows more: IANA's, thin registries', address registries'. */
const REFERRAL_KEYS = [
  'whois',
  'refer',
  'registrar whois server',
  'whois server',
  'referralserver',
];

/** The host (and port) that an answer refers to; undefined when it is the last word. */
export function referralOf(text: string): string | undefined {
  for (const { key, value } of answerLines(text)) {
    if (!REFERRAL_KEYS.includes(key.toLowerCase())) continue;
    const host = value.replace(/^r?whois:\/\//i, '').replace(/\/.*$/, '');
    if (/^[a-z0-9.-]+(:\d{1,5})?$/i.test(host)) return host.toLowerCase();
  }
  return undefined;
}

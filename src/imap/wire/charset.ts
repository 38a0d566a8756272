/** What is searched for, out of its charset (RFC 9051 §6.4.4): US-ASCII and UTF-8 are known. */
import { ImapError } from '../errors.ts';
import { decoded } from './scanner.ts';

export function decodeText(octets: string, charset: string): string {
  checkCharset(charset);
  return decoded(octets);
}

export function checkCharset(charset: string): void {
  if (/^(?:US-ASCII|UTF-8)$/i.test(charset)) return;
  throw new ImapError('IMAP_BAD_CHARSET', `The charset is not known; UTF-8 is`, {
    spec: 'RFC 9051 §6.4.4',
    status: 'NO',
    responseCode: 'BADCHARSET (US-ASCII UTF-8)',
  });
}

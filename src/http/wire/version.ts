import { broken } from '../errors.ts';
import type { Version } from '../types.ts';

/** `HTTP/1.1`, and what else may stand there (RFC 9112 §2.3, RFC 9110 §2.5). */
export function parseVersion(text: string, offset: number): Version {
  if (text === 'HTTP/1.1') return '1.1';
  if (text === 'HTTP/1.0') return '1.0';
  const match = /^HTTP\/([0-9])\.([0-9])$/.exec(text);
  if (!match) {
    const shown = JSON.stringify(text.slice(0, 40));
    throw broken('HTTP_BAD_VERSION', `Not a version of HTTP: ${shown}`, 'RFC 9112 §2.3', offset);
  }
  // A later minor version must be read as the latest that is known.
  if (match[1] === '1') return '1.1';
  const message = `${text} is not spoken here, HTTP/1.1 is`;
  throw broken('HTTP_VERSION_NOT_SUPPORTED', message, 'RFC 9110 §15.6.6', offset, 505);
}

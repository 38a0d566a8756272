/** Names of mailboxes in modified UTF-7 (RFC 3501 §5.1.3). */
import { base64, fromBase64 } from '../../lib/base64.ts';

export function toUtf7(name: string): string {
  return name.replace(/&|[^\x20-\x7e]+/g, (run) => (run === '&' ? '&-' : `&${shifted(run)}-`));
}

/** What is no right UTF-7 stands for itself. */
export function fromUtf7(text: string): string {
  if (!text.includes('&')) return text;
  let isRight = true;
  const name = text.replace(/&([^-]*)(-?)/g, (whole, run: string, end: string) => {
    if (run === '' && end === '-') return '&';
    const characters = end === '-' ? unshifted(run) : undefined;
    if (characters === undefined) isRight = false;
    return characters ?? whole;
  });
  return isRight && toUtf7(name) === text ? name : text;
}

function shifted(run: string): string {
  const octets = new Uint8Array(2 * run.length);
  for (let i = 0; i < run.length; i++) {
    octets[2 * i] = run.charCodeAt(i) >> 8;
    octets[2 * i + 1] = run.charCodeAt(i) & 255;
  }
  return base64(octets).replaceAll('/', ',').replace(/=+$/, '');
}

function unshifted(run: string): string | undefined {
  const padded = run.replaceAll(',', '/') + '='.repeat((4 - (run.length % 4)) % 4);
  const octets = run.includes('/') ? undefined : fromBase64(padded);
  if (!octets || octets.length < 2) return undefined;
  let text = '';
  for (let i = 0; i + 1 < octets.length; i += 2) {
    text += String.fromCharCode(((octets[i] as number) << 8) | (octets[i + 1] as number));
  }
  return text;
}

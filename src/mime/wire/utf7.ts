/** UTF-7 (RFC 2152), read only. Modified base64 in `+...-`, of UTF-16 code units. */

const VALUES = new Int8Array(128).fill(-1);
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
for (let i = 0; i < 64; i++) VALUES[ALPHABET.charCodeAt(i)] = i;

const PLUS = 43;
const MINUS = 45;

/** Octets above 127 and bits left over become U+FFFD; `ok` is false then. */
export function decodeUtf7(bytes: Uint8Array): { readonly text: string; readonly ok: boolean } {
  const units: string[] = [];
  let ok = true;
  for (let i = 0; i < bytes.length; i++) {
    const code = bytes[i] as number;
    if (code === PLUS) {
      const run = shifted(bytes, i + 1);
      units.push(run.text);
      ok &&= run.ok;
      i = run.end - 1;
    } else {
      ok &&= code < 128;
      units.push(code < 128 ? String.fromCharCode(code) : '\ufffd');
    }
  }
  return { text: units.join('').toWellFormed(), ok };
}

function shifted(bytes: Uint8Array, start: number) {
  let text = '';
  let bits = 0;
  let count = 0;
  let at = start;
  for (; at < bytes.length; at++) {
    const value = VALUES[bytes[at] as number] ?? -1;
    if (value < 0) break;
    bits = ((bits << 6) | value) & 0xfffff;
    count += 6;
    if (count < 16) continue;
    count -= 16;
    text += String.fromCharCode((bits >> count) & 0xffff);
  }
  const closed = bytes[at] === MINUS;
  if (at === start)
    return { text: closed ? '+' : '\ufffd', ok: closed, end: at + (closed ? 1 : 0) };
  const ok = count < 6 && (bits & ((1 << count) - 1)) === 0;
  return { text: ok ? text : `${text}\ufffd`, ok, end: at + (closed ? 1 : 0) };
}

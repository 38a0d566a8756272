/** Lines end with LF in files of Unix, with CR LF in mail (RFC 5322 §2.1). */

const LF = 10;
const CR = 13;

/** LF alone becomes CR LF; the last line gets an end. */
export function toCrLf(bytes: Uint8Array): Uint8Array {
  let missing = bytes.length > 0 && bytes.at(-1) !== LF ? 2 : 0;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at - 1] !== CR) missing++;
  }
  if (missing === 0) return bytes;
  const out = new Uint8Array(bytes.length + missing);
  let [from, to] = [0, 0];
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    const end = bytes[at - 1] === CR ? at - 1 : at;
    out.set(bytes.subarray(from, end), to);
    to += end - from;
    out[to++] = CR;
    out[to++] = LF;
    from = at + 1;
  }
  out.set(bytes.subarray(from), to);
  to += bytes.length - from;
  if (to < out.length) out.set([CR, LF], to);
  return out;
}

/** CR LF becomes LF. */
export function toLf(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === CR && bytes[at + 1] === LF) continue;
    out[length++] = bytes[at] as number;
  }
  return out.subarray(0, length);
}

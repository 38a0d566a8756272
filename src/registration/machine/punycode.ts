/** Punycode (RFC 3492): the part of an internationalised label after `xn--`. */

const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;
const FIRST_BIAS = 72;
const FIRST_CODE = 0x80;
const LAST_CODE = 0x10_ffff;
const DIGITS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** The text that a punycode form stands for; undefined when it stands for none (RFC 3492 §6.2). */
export function decodePunycode(form: string): string | undefined {
  const cut = Math.max(0, form.lastIndexOf('-'));
  const points = Array.from(form.slice(0, cut), (char) => char.charCodeAt(0));
  let code = FIRST_CODE;
  let bias = FIRST_BIAS;
  let index = 0;
  for (let at = cut === 0 ? 0 : cut + 1, first = true; at < form.length; first = false) {
    const read = readNumber(form, at, bias);
    if (!read) return undefined;
    at = read.next;
    index += read.value;
    const count = points.length + 1;
    bias = adapt(read.value, count, first);
    code += Math.floor(index / count);
    index %= count;
    if (code > LAST_CODE || (code >= 0xd800 && code <= 0xdfff)) return undefined;
    points.splice(index++, 0, code);
  }
  return String.fromCodePoint(...points);
}

/** A number of variable length, its digits the least significant first; undefined when it breaks off. */
function readNumber(
  form: string,
  from: number,
  bias: number,
): { readonly value: number; readonly next: number } | undefined {
  let value = 0;
  for (let at = from, weight = 1, k = BASE; at < form.length; k += BASE) {
    const digit = DIGITS.indexOf(form.charAt(at++));
    if (digit < 0) return undefined;
    value += digit * weight;
    const threshold = thresholdAt(k, bias);
    if (digit < threshold) return { value, next: at };
    weight *= BASE - threshold;
    if (value > Number.MAX_SAFE_INTEGER / BASE) return undefined;
  }
  return undefined;
}

/** The punycode form of a text (RFC 3492 §6.3). */
export function encodePunycode(text: string): string {
  const points = Array.from(text, (char) => char.codePointAt(0) ?? 0);
  const basic = points.filter((point) => point < FIRST_CODE);
  let form = String.fromCodePoint(...basic) + (basic.length > 0 ? '-' : '');
  let code = FIRST_CODE;
  let bias = FIRST_BIAS;
  let delta = 0;
  for (let done = basic.length; done < points.length; ) {
    const next = Math.min(...points.filter((point) => point >= code));
    delta += (next - code) * (done + 1);
    code = next;
    for (const point of points) {
      if (point < code) delta++;
      if (point !== code) continue;
      form += digits(delta, bias);
      bias = adapt(delta, done + 1, done === basic.length);
      delta = 0;
      done++;
    }
    delta++;
    code++;
  }
  return form;
}

function digits(value: number, bias: number): string {
  let text = '';
  let rest = value;
  for (let k = BASE; ; k += BASE) {
    const threshold = thresholdAt(k, bias);
    if (rest < threshold) return text + DIGITS.charAt(rest);
    text += DIGITS.charAt(threshold + ((rest - threshold) % (BASE - threshold)));
    rest = Math.floor((rest - threshold) / (BASE - threshold));
  }
}

function thresholdAt(k: number, bias: number): number {
  return Math.min(T_MAX, Math.max(T_MIN, k - bias));
}

/** RFC 3492 §6.1. */
function adapt(delta: number, count: number, first: boolean): number {
  let rest = Math.floor(delta / (first ? DAMP : 2));
  rest += Math.floor(rest / count);
  let k = 0;
  for (; rest > ((BASE - T_MIN) * T_MAX) / 2; k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW));
}

/** `$GENERATE 1-254/1 host-$ A 10.0.0.$`: many records from one line, as BIND reads it. */
import { GENERATE_LIMIT } from '../defaults.ts';
import { ZoneFileError } from './zone-file-error.ts';
import type { Token } from './zone-file-lines.ts';

/** The lines that a range makes of a template of words. */
export function* generateLines(
  range: Token,
  template: readonly Token[],
): Generator<readonly Token[]> {
  const match = /^(\d{1,10})-(\d{1,10})(?:\/(\d{1,10}))?$/.exec(range.text);
  const [from, to, step] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3] ?? 1)];
  if (!match || from > to || step < 1) {
    throw new ZoneFileError(range.place, `expected a range such as 1-254, found ${range.text}`);
  }
  if ((to - from) / step >= GENERATE_LIMIT) {
    throw new ZoneFileError(range.place, `a range of more than ${GENERATE_LIMIT} records`);
  }
  for (let i = from; i <= to; i += step) {
    yield template.map((token) => ({ ...token, text: substitute(token, i) }));
  }
}

/** `$`, or `${offset,width,base}`, stands for the number; `$$` and `\$` for a dollar. */
function substitute(token: Token, i: number): string {
  return token.text.replace(/\\\$|\$\$|\$(?:\{([^}]*)\})?/g, (found, braces?: string) => {
    if (found === '\\$' || found === '$$') return '\\$';
    if (braces === undefined) return String(i);
    const match = /^(-?\d{1,9})(?:,(\d{1,2})(?:,([doxXnN]))?)?$/.exec(braces);
    if (!match) {
      throw new ZoneFileError(token.place, `expected offset,width,base in \${}, found ${braces}`);
    }
    return format(i + Number(match[1]), Number(match[2] ?? 0), match[3] ?? 'd');
  });
}

function format(value: number, width: number, base: string): string {
  const radix = base === 'd' ? 10 : base === 'o' ? 8 : 16;
  const digits = value.toString(radix).padStart(base === 'n' || base === 'N' ? 1 : width, '0');
  if (base === 'n' || base === 'N') {
    const nibbles = [...digits.padStart(Math.ceil(width / 2), '0')].reverse().join('.');
    return base === 'N' ? nibbles.toUpperCase() : nibbles;
  }
  return base === 'X' ? digits.toUpperCase() : digits;
}

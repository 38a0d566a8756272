import { fromHex, hex } from '../../../lib/bytes.ts';
import { UsageError } from '../../../lib/errors.ts';
import type { Words } from './fields.ts';

/** RDATA of any type as RFC 3597 §5 writes it: `\# 4 7F000001`. */
export function formatUnknown(data: Uint8Array): string {
  return data.length === 0 ? '\\# 0' : `\\# ${data.length} ${hex(data).toUpperCase()}`;
}

/** Reads what follows `\#`: the length and the hexadecimal digits, in words of any size. */
export function parseUnknown(words: Words): Uint8Array {
  const { text } = words.take('the length of the RDATA');
  let digits = '';
  while (words.more) digits += words.take('hexadecimal digits').text;
  const data = fromHex(digits);
  if (!data || !/^\d{1,5}$/.test(text) || data.length !== Number(text)) {
    throw new UsageError(`expected ${text} bytes in hexadecimal after \\#, found ${digits}`, {
      spec: 'RFC 3597 §5',
    });
  }
  return data;
}

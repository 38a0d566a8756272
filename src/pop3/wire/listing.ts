/** What STAT, LIST and UIDL say (RFC 1939 §5, §7), as a client reads it. */
import { badResponse } from '../errors.ts';
import type { Listed, Response } from '../types.ts';

export function parseStat({ text }: Response): { count: number; size: number } {
  const [, count, size] = /^(\d{1,15}) (\d{1,15})(?: |$)/.exec(text) ?? [];
  if (count === undefined) throw badResponse(`no drop listing: ${JSON.stringify(text)}`);
  return { count: Number(count), size: Number(size) };
}

/** What follows the size is the server's own (RFC 1939 §5). */
export function parseListing(text: string): Listed[] {
  return linesOf(text).map((line) => {
    const [, number, size] = /^(\d{1,15}) +(\d{1,15})(?: |$)/.exec(line) ?? [];
    if (number === undefined) throw badResponse(`no scan listing: ${JSON.stringify(line)}`);
    return { number: Number(number), size: Number(size) };
  });
}

export function parseUniqueIds(text: string): { number: number; uid: string }[] {
  return linesOf(text).map((line) => {
    const [, number, uid] = /^(\d{1,15}) +([!-~]{1,200})/.exec(line) ?? [];
    if (uid === undefined) throw badResponse(`no unique-id listing: ${JSON.stringify(line)}`);
    return { number: Number(number), uid };
  });
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line !== '');
}

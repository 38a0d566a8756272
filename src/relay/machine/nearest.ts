/** Names like one that was misspelt. */
import { NEAREST_SCAN_LIMIT, NEAREST_TOLD } from '../defaults.ts';

/** The nearest of `known`, at most two slips away, and fewer than half its letters. */
export function nearestNames(name: string, known: readonly string[]): readonly string[] {
  const wanted = name.toLowerCase();
  const most = Math.min(2, Math.floor((wanted.length - 1) / 2));
  return known
    .slice(0, NEAREST_SCAN_LIMIT)
    .map((one) => ({ one, slips: distance(wanted, one.toLowerCase(), most) }))
    .filter(({ slips }) => slips <= most)
    .sort((a, b) => a.slips - b.slips || (a.one < b.one ? -1 : 1))
    .slice(0, NEAREST_TOLD)
    .map(({ one }) => one);
}

/** Letters added, left out, changed, or two exchanged; above `most` it is only known to be above. */
function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min(cell(last, j) + 1, cell(row, j - 1) + 1, cell(last, j - 1) + +!same);
      const exchanged = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (exchanged) least = Math.min(least, cell(before, j - 2) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return cell(last, b.length);
}

function cell(row: readonly number[], at: number): number {
  return row[at] ?? Number.POSITIVE_INFINITY;
}

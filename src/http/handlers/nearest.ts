/** Names that somebody may have meant. */

/** Insertions, deletions, exchanges and swaps of neighbours from `a` to `b`, at most `limit` + 1. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, at(before, j - 2) + 1);
      }
      row.push(best);
    }
    before = last;
    last = row;
  }
  return Math.min(at(last, b.length), limit + 1);
}

function at(row: readonly number[], index: number): number {
  return row[index] as number;
}

/** The names most like `wanted`, best first: a few slips, another case, or another extension. */
export function nearest(wanted: string, names: readonly string[], count: number): string[] {
  const base = stem(wanted.toLowerCase());
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  const rated = names.map((name) => {
    const lower = name.toLowerCase();
    const whole = editDistance(wanted.toLowerCase(), lower, limit);
    return { name, distance: base !== '' && stem(lower) === base ? Math.min(whole, 1) : whole };
  });
  return rated
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, count)
    .map(({ name }) => name);
}

function stem(name: string): string {
  return name.replace(/\.[^.]*$/, '');
}

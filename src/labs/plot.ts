/** Plots as text, for terminals and reports. */

export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly text: string;
}

const WIDTH = 48;

/** A horizontal bar for each value; the longest has the full width. */
export function barChart(bars: readonly Bar[]): string {
  const top = Math.max(...bars.map(({ value }) => value), 0);
  const room = Math.max(0, ...bars.map(({ label }) => label.length));
  return bars
    .map(({ label, value, text }) => {
      const length = top === 0 ? 0 : Math.round((WIDTH * value) / top);
      return `${label.padStart(room)} ${'█'.repeat(length)}${length > 0 ? ' ' : ''}${text}`;
    })
    .join('\n');
}

/** The pinger's words on the screen. */
import type { PingEvent, PingSummary } from './types.ts';

/** One line for what became of a message. */
export function pingLine(event: PingEvent): string {
  switch (event.type) {
    case 'reply':
      return `${event.text}   ${event.seconds.toFixed(6)} s`;
    case 'late':
      return `${event.text}   ${event.seconds.toFixed(6)} s, too late (after its time-out)`;
    case 'duplicate':
      return `${event.text}   a second reply to ${event.sequence}`;
    case 'stray':
      return `${event.text}   answers none of our messages`;
    case 'timeout':
      return 'Request timed out';
  }
}

/** The summary and the chart of round-trip times, without a line end after the last line. */
export function summaryText(summary: PingSummary): string {
  const { sent, received, late, duplicates, loss } = summary;
  const extra = [
    ...(late > 0 ? [`${late} late`] : []),
    ...(duplicates > 0 ? [`${duplicates} duplicate${duplicates > 1 ? 's' : ''}`] : []),
  ];
  const counts = `${sent} sent, ${received} received${extra.length > 0 ? ` (${extra.join(', ')})` : ''}, ${(100 * loss).toFixed(1)} % lost`;
  if (summary.minimum === undefined) return counts;
  const times = [summary.minimum, summary.mean, summary.maximum, summary.deviation]
    .map((seconds) => (seconds ?? 0).toFixed(6))
    .join(' / ');
  return `${counts}\nround trip: minimum / mean / maximum / deviation = ${times} s\n\n${chart(summary)}`;
}

const BAR = 40;

function chart(summary: PingSummary): string {
  const top = summary.maximum ?? 0;
  return summary.times
    .map((time, index) => {
      const number = String(index + 1).padStart(4);
      if (time === null) return `${number} ✕ lost`;
      const length = top === 0 ? 1 : Math.max(1, Math.round((BAR * time) / top));
      return `${number} ${'█'.repeat(length)} ${(1000 * time).toFixed(3)} ms`;
    })
    .join('\n');
}

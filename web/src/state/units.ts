/** Numbers as a person reads them, always with the unit. */

const LONG_RUN_MS = 1_000_000;

/** A time since the start of the run: `38.4 ms`, from ten seconds on `12.0384 s`. */
export function timeText(ms: number): string {
  if (ms < 10_000) return `${ms.toFixed(1)} ms`;
  return `${(ms / 1000).toFixed(ms < LONG_RUN_MS ? 4 : 3)} s`;
}

export function durationText(ms: number): string {
  if (ms < 1) return `${ms.toFixed(2)} ms`;
  if (ms < 1_000) return `${ms.toFixed(1)} ms`;
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 120) return `${minutes} min ${Math.floor((ms % 60_000) / 1000)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The clock of a run: `0.4 s`, `3 min 04.2 s`. */
export function clockText(ms: number): string {
  const seconds = Math.floor(ms / 100) / 10;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  const rest = (seconds - minutes * 60).toFixed(1).padStart(4, '0');
  if (minutes < 60) return `${minutes} min ${rest} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min ${rest} s`;
}

export function countText(count: number): string {
  return count.toLocaleString('en-US');
}

export function bytesText(bytes: number): string {
  if (bytes < 10_000) return `${countText(bytes)} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** What is left of a time that may be long: `57 s`, `4 min 12 s`, `2 h 05 min`, `29 d 23 h`. */
export function leftText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  const [days, hours, minutes] = [86_400, 3_600, 60].map((unit) => Math.floor(seconds / unit));
  if (!minutes) return `${seconds} s`;
  if (!hours) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
  if (!days) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  return `${days} d ${hours % 24} h`;
}

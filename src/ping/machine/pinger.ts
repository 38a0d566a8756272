/** The client's book: which message was sent when, which reply belongs to which. Time comes in. */
import { fromLatin1 } from '../../lib/bytes.ts';
import type { PingEvent, PingSummary } from '../types.ts';
import { decodePing, encodePing } from '../wire/message.ts';

interface Sent {
  readonly at: number;
  seconds: number | undefined;
  timedOut: boolean;
}

export class Pinger {
  private readonly sent: Sent[] = [];
  private late = 0;
  private duplicates = 0;

  /** The next message. `now` in ms of a steady clock, `calendar` in ms since 1970. */
  send(now: number, calendar: number): Uint8Array {
    this.sent.push({ at: now, seconds: undefined, timedOut: false });
    return encodePing({ sequence: this.sent.length, time: (calendar / 1000).toFixed(6) });
  }

  /** True while the newest message has neither reply nor time-out. */
  get waiting(): boolean {
    const last = this.sent.at(-1);
    return last !== undefined && last.seconds === undefined && !last.timedOut;
  }

  /** Finds the message that a datagram answers, by its number. */
  receive(bytes: Uint8Array, now: number): PingEvent {
    const text = fromLatin1(bytes).trimEnd();
    const sequence = decodePing(bytes)?.sequence ?? 0;
    const message = this.sent[sequence - 1];
    if (!message) return { type: 'stray', text };
    if (message.seconds !== undefined) {
      this.duplicates++;
      return { type: 'duplicate', sequence, text };
    }
    message.seconds = (now - message.at) / 1000;
    if (message.timedOut) this.late++;
    return { type: message.timedOut ? 'late' : 'reply', sequence, text, seconds: message.seconds };
  }

  /** The newest message has waited long enough. */
  timeout(): PingEvent {
    const last = this.sent.at(-1);
    if (last) last.timedOut = true;
    return { type: 'timeout', sequence: this.sent.length };
  }

  summary(): PingSummary {
    const times = this.sent.map((message) => message.seconds ?? null);
    const known = times.filter((time) => time !== null);
    const sent = this.sent.length;
    const counts = {
      sent,
      received: known.length,
      late: this.late,
      duplicates: this.duplicates,
      loss: sent === 0 ? 0 : (sent - known.length) / sent,
      times,
    };
    return known.length === 0 ? counts : { ...counts, ...statistics(known) };
  }
}

/** The deviation is that of the whole population, as the system's own ping gives it. */
function statistics(times: readonly number[]) {
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  const variance = times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / times.length;
  return {
    minimum: Math.min(...times),
    mean,
    maximum: Math.max(...times),
    deviation: Math.sqrt(variance),
  };
}

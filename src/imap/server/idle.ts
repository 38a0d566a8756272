/** IDLE (RFC 9051 §6.3.13): until DONE, what happens is told at once, and a sign of life now and then. */
import type { Clock, Timer } from '../../net/index.ts';
import { IDLE_SIGN_MS } from '../defaults.ts';
import type { Outbox } from '../outbox.ts';
import { bad, ok, type Reply } from '../reply.ts';

export class Idling {
  readonly tag: string;
  private readonly clock: Clock;
  private readonly out: Outbox;
  private timer: Timer | undefined;

  constructor(tag: string, clock: Clock, out: Outbox) {
    this.tag = tag;
    this.clock = clock;
    this.out = out;
    out.say('+ idling\r\n');
    this.keepAwake();
  }

  /** What the line that ends it is answered. */
  end(line: string): Reply {
    this.stop();
    return line.toUpperCase() === 'DONE' ? ok('IDLE completed') : bad('DONE ends IDLE');
  }

  stop(): void {
    this.timer?.cancel();
  }

  private keepAwake(): void {
    this.timer = this.clock.setTimer(IDLE_SIGN_MS, () => {
      if (!this.out.full) this.out.say('* OK Still here\r\n');
      this.out.flush();
      this.keepAwake();
    });
  }
}

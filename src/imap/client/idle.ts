/** IDLE (RFC 9051 §6.3.13): updates as they happen. */
import { IDLE_RENEW_MS } from '../defaults.ts';
import type { Response } from '../wire/response.ts';
import { Pieces } from '../wire/text.ts';
import type { ClientSession } from './session.ts';
import type { MailboxUpdate } from './types.ts';

/** Goes on until `signal` says so, or nobody reads any more. */
export async function* idle(
  session: ClientSession,
  signal: AbortSignal | undefined,
): AsyncGenerator<MailboxUpdate, void, void> {
  while (!signal?.aborted) yield* idleOnce(session, signal);
}

async function* idleOnce(
  session: ClientSession,
  signal: AbortSignal | undefined,
): AsyncGenerator<MailboxUpdate, void, void> {
  const ending = new Ending(session);
  const leave = (response?: Response): void => {
    if (response) ending.hear(response);
    ending.want();
  };
  const timer = session.host.clock.setTimer(IDLE_RENEW_MS, () => leave());
  const aborted = (): void => leave();
  signal?.addEventListener('abort', aborted, { once: true });
  const idling = { replyMs: Number.POSITIVE_INFINITY, leave };
  try {
    for await (const response of session.converse(new Pieces().add('IDLE'), idling)) {
      ending.hear(response);
      const update = session.updateOf(response);
      if (update) yield update;
    }
  } finally {
    timer.cancel();
    signal?.removeEventListener('abort', aborted);
  }
}

/** Says DONE, once, to a server that has said that it idles. */
class Ending {
  private readonly session: ClientSession;
  private idles = false;
  private wanted = false;
  private said = false;

  constructor(session: ClientSession) {
    this.session = session;
  }

  hear({ type }: Response): void {
    if (type === 'continuation') this.idles = true;
    this.say();
  }

  want(): void {
    this.wanted = true;
    this.say();
  }

  private say(): void {
    if (!this.idles || !this.wanted || this.said) return;
    this.said = true;
    this.session.channel.say('DONE\r\n');
  }
}

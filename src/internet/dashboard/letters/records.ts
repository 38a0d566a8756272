/** What mail hosts tell of messages, joined from host to host. */
import type { MailHost } from '../../../mailhost/index.ts';
import type { QueuedMessage, QueuedRecipient, RelayEvent } from '../../../relay/index.ts';
import { mailboxText } from '../../../smtp/index.ts';
import type { Internet } from '../../internet.ts';

/** A host that was started anew forgets; of so many lives the page still knows the steps. */
const LIVES_KEPT = 30;

/** A step of a message, at a host of the internet. */
export interface Step {
  readonly station: string;
  readonly event: RelayEvent;
}

interface Life {
  readonly station: string;
  events: readonly RelayEvent[];
}

const LIVES = new WeakMap<Internet, Map<MailHost, Life>>();

/** All steps that are known, by time. */
export function stepsOf(internet: Internet): readonly Step[] {
  const lives = LIVES.get(internet) ?? new Map<MailHost, Life>();
  LIVES.set(internet, lives);
  for (const [station, mail] of mailHosts(internet)) {
    lives.set(mail, { station, events: mail.relay.events() });
  }
  for (const oldest of lives.keys()) {
    if (lives.size <= LIVES_KEPT) break;
    lives.delete(oldest);
  }
  return [...lives.values()]
    .flatMap(({ station, events }) => events.map((event) => ({ station, event })))
    .sort((a, b) => a.event.at - b.event.at);
}

export function mailHosts(internet: Internet): (readonly [string, MailHost])[] {
  return internet.hosts().flatMap(({ name }) => {
    const mail = internet.mailHost(name);
    return mail ? [[name, mail] as const] : [];
  });
}

/** Over several relays the steps of a message are joined by its Message-ID. */
export function letterKey({ messageId, id, host }: RelayEvent): string {
  return messageId ?? `${id} at ${host}`;
}

/** The notice that an event tells of: its name in the queue. */
export function noticeOf({ kind, reply }: RelayEvent): string | undefined {
  return kind === 'notified' ? /^(\w+) tells: /.exec(reply ?? '')?.[1] : undefined;
}

/** How a recipient stands in the queue of a host. */
export function queuedRecipient(
  internet: Internet,
  station: string,
  id: string,
  address: string,
): QueuedRecipient | undefined {
  const message: QueuedMessage | undefined = internet.mailHost(station)?.relay.show(id);
  return message?.recipients.find(({ path }) => mailboxText(path) === address);
}

export function sinceStart({ ground }: Internet, ms: number): number {
  return ms - ground.clock.epoch;
}

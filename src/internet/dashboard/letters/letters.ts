/** The list of messages: from whom, to whom, and how it stands with them. */
import { summarise } from '../../../mail/index.ts';
import type { RelayEvent } from '../../../relay/index.ts';
import { mailboxText } from '../../../smtp/index.ts';
import type { Internet } from '../../internet.ts';
import type { LetterState, LetterView, RecipientView } from '../api-mail.ts';
import { letterKey, mailHosts, noticeOf, type Step, sinceStart, stepsOf } from './records.ts';
import { Sightings } from './sightings.ts';

/** A page shows so many. */
const LETTERS = 200;

/** The newest first; notices are shown with the messages that they are about. */
export function lettersOf(internet: Internet): LetterView[] {
  const all = stepsOf(internet);
  const notices = new Set(
    all.flatMap(({ station, event }) => {
      const name = noticeOf(event);
      return name === undefined ? [] : [`${name} at ${station}`];
    }),
  );
  const hidden = new Set(
    all
      .filter(({ station, event }) => notices.has(`${event.id} at ${station}`))
      .map(({ event }) => letterKey(event)),
  );
  const ways = Map.groupBy(all, ({ event }) => letterKey(event));
  return [...ways]
    .filter(([id]) => !hidden.has(id))
    .sort(([, a], [, b]) => (b[0]?.event.at ?? 0) - (a[0]?.event.at ?? 0))
    .slice(0, LETTERS)
    .map(([id, steps]) => letterOf(internet, id, steps));
}

export function letterOf(internet: Internet, id: string, steps: readonly Step[]): LetterView {
  const to = recipientViews(internet, id, steps);
  return {
    id,
    ...factsOf(internet, id, steps),
    to,
    began: sinceStart(internet, steps[0]?.event.at ?? 0),
    state: to.map(({ state }) => state).sort(byNeed)[0] ?? 'under way',
  };
}

const NEEDS: readonly LetterState[] = [
  'failed',
  'waiting',
  'held',
  'under way',
  'delivered',
  'read',
];

function byNeed(a: LetterState, b: LetterState): number {
  return NEEDS.indexOf(a) - NEEDS.indexOf(b);
}

const STATES: Readonly<Partial<Record<RelayEvent['kind'], LetterState>>> = {
  delivered: 'delivered',
  sent: 'delivered',
  failed: 'failed',
  expired: 'failed',
  dropped: 'failed',
  deferred: 'waiting',
};

function recipientViews(internet: Internet, id: string, steps: readonly Step[]): RecipientView[] {
  const states = new Map<string, LetterState>();
  for (const { station, event } of steps) {
    if (event.kind === 'accepted') {
      for (const [address, state] of waiting(internet, station, event.id))
        states.set(address, state);
    }
    const state = STATES[event.kind];
    if (state === undefined || event.recipient === undefined) continue;
    const open = waiting(internet, station, event.id).get(event.recipient);
    states.set(event.recipient, state === 'waiting' ? (open ?? 'failed') : state);
  }
  const readers = readersOf(internet, id);
  return [...states].map(([address, state]) => ({
    address,
    state: state === 'delivered' && isRead(address, readers) ? 'read' : state,
  }));
}

/** Those who stand in a queue: not tried yet, waiting for the next time, or held. */
function waiting(
  internet: Internet,
  station: string,
  id: string,
): ReadonlyMap<string, LetterState> {
  const message = internet.mailHost(station)?.relay.show(id);
  return new Map(
    (message?.recipients ?? []).flatMap(({ path, state, attempts }) => {
      if (state !== 'waiting' && state !== 'held') return [];
      const shown = state === 'held' ? state : attempts > 0 ? 'waiting' : 'under way';
      return [[mailboxText(path), shown] as const];
    }),
  );
}

/** Addresses of those who fetched it; undefined is somebody of whom that is not known. */
function readersOf(internet: Internet, id: string): ReadonlySet<string | undefined> {
  const sightings = Sightings.of(internet).get(id)?.sightings ?? [];
  const fetched = sightings.filter(({ protocol }) => protocol !== 'smtp');
  return new Set(fetched.map(({ to }) => internet.mailbox(to)?.address));
}

function isRead(address: string, readers: ReadonlySet<string | undefined>): boolean {
  return readers.has(address) || readers.has(undefined);
}

type Facts = Pick<LetterView, 'subject' | 'from'>;

/** From the wire, from a mailbox, or from a queue. */
function factsOf(internet: Internet, id: string, steps: readonly Step[]): Facts {
  const sightings = Sightings.of(internet);
  const { subject, from } = sightings.get(id) ?? {};
  if (subject !== undefined || from !== undefined) return { subject, from };
  const found = storedFacts(internet, id) ?? queuedFacts(internet, steps);
  if (found.from !== undefined) sightings.learn(id, found);
  return found;
}

function storedFacts(internet: Internet, messageId: string): Facts | undefined {
  for (const [, mail] of mailHosts(internet)) {
    for (const { account, entry } of mail.find({ messageId })) {
      const { subject, from } = mail.store.open(account).summary(entry.content).facts;
      return { subject, from: from[0]?.address };
    }
  }
  return undefined;
}

function queuedFacts(internet: Internet, steps: readonly Step[]): Facts {
  for (const { station, event } of steps) {
    const mail = internet.mailHost(station);
    const message = mail?.relay.show(event.id);
    if (!mail || !message) continue;
    const { subject, from } = summarise(mail.store.contentPieces(message.content)).facts;
    return { subject, from: from[0]?.address };
  }
  return { subject: undefined, from: undefined };
}

/** The steps of a message at one relay: looked up, tried, handed on. */
import type { RelayEvent } from '../../../relay/index.ts';
import type { Message } from '../../../trace/index.ts';
import type { Internet } from '../../internet.ts';
import type { HostPlan } from '../../scenario/types.ts';
import type { WayStepKind, WayStepView } from '../api-mail.ts';
import { noticeOf, queuedRecipient, type Step, sinceStart } from './records.ts';
import type { Sighting } from './sightings.ts';
import { lookupsOf, type Talk, talkBetween, transactionOf } from './talk.ts';

export interface Known {
  readonly internet: Internet;
  readonly messages: readonly Message[];
  readonly sightings: readonly Sighting[];
  /** All that is known of any message. */
  readonly all: readonly Step[];
  /** The notice whose way it is. */
  readonly notice: string | undefined;
}

const RESULTS: Readonly<Partial<Record<RelayEvent['kind'], WayStepKind>>> = {
  sent: 'relayed',
  deferred: 'deferred',
  failed: 'failed',
  expired: 'expired',
};

const MOMENTS: ReadonlySet<RelayEvent['kind']> = new Set([
  'delivered',
  'notified',
  'dropped',
  'held',
  'released',
  'removed',
]);

/** Results of one attempt are told together. */
const TOGETHER_MS = 20;

/** What one queue did with the message, in order. */
export function legsOf(known: Known, steps: readonly Step[]): WayStepView[] {
  const { internet } = known;
  const done: WayStepView[] = [];
  const tried = new Map<string, Try>();
  let since = sinceStart(internet, steps[0]?.event.at ?? 0);
  for (const group of together(steps)) {
    const { kind, at, remote } = group[0].event;
    const then = sinceStart(internet, at);
    if (kind === 'connecting' || kind === 'sending') begin(tried, remote, then);
    else if (MOMENTS.has(kind)) done.push(moment(known, group));
    if (!RESULTS[kind]) continue;
    const attempt = { group, tried, since };
    done.push(...attemptSteps(known, attempt, done));
    const over = tried.get(targetOf(known, attempt) ?? '');
    if (over) over.isOver = true;
    if (kind === 'deferred') since = then;
  }
  return done;
}

function begin(tried: Map<string, Try>, remote: string | undefined, at: number): void {
  if (remote === undefined || tried.get(remote)?.isOver === false) return;
  tried.set(remote, { at, isOver: false });
}

type Group = [Step, ...Step[]];

/** Same things that happen to several recipients at once are one step. */
function together(steps: readonly Step[]): Group[] {
  const groups: Group[] = [];
  for (const step of steps) {
    const { kind, remote, reply, at } = step.event;
    const group = groups.find(
      ([one]) =>
        one.event.kind === kind &&
        one.event.remote === remote &&
        one.event.reply === reply &&
        Math.abs(one.event.at - at) <= TOGETHER_MS,
    );
    if (group && kind !== 'connecting') group.push(step);
    else groups.push([step]);
  }
  return groups;
}

/** Several results may come of one attempt: it is over, and yet known until the next one begins. */
interface Try {
  readonly at: number;
  isOver: boolean;
}

interface Attempt {
  readonly group: Group;
  /** Next hops, and since when they are tried. */
  readonly tried: ReadonlyMap<string, Try>;
  readonly since: number;
}

/** The next hop that a result is about: it says so itself, or its words do. */
function targetOf({ internet }: Known, { group, tried }: Attempt): string | undefined {
  const { remote, reply = '' } = group[0].event;
  if (remote !== undefined) return remote;
  const names = internet.hosts().flatMap(({ plan }) => hostnameOf(plan) ?? []);
  return (
    [...tried.keys(), ...names].find((name) => reply.includes(name)) ?? [...tried.keys()].at(-1)
  );
}

function attemptSteps(
  known: Known,
  attempt: Attempt,
  before: readonly WayStepView[],
): WayStepView[] {
  const [first] = attempt.group;
  const { station, event } = first;
  const until = sinceStart(known.internet, event.at);
  const target = targetOf(known, attempt);
  const begun = beginOf(attempt, target, until);
  const recipients = recipientsOf(attempt.group);
  const domains = recipients.map((address) => address.slice(address.lastIndexOf('@') + 1));
  const names = target === undefined ? domains : [...domains, target];
  const span = { at: attempt.since, until: begun };
  const lookups = lookupsOf(known.messages, station, names, span);
  const isNew = !before.some(
    ({ message }) => message !== undefined && message === lookups?.message,
  );
  const to = target === undefined ? undefined : stationOf(known.internet, target);
  const talk = to === undefined ? undefined : talkOfAttempt(known, station, to, begun, until);
  return [
    ...(lookups && isNew ? [lookupStep(known, station, lookups, recipients)] : []),
    {
      ...blank(known, station, recipients),
      kind: RESULTS[event.kind] ?? 'failed',
      at: Math.min(begun, talk?.at ?? begun),
      until,
      to,
      reply: event.reply,
      ...heard(talk, to, event.reply),
      next: nextTry(known.internet, first, recipients),
    },
  ];
}

/** What was left alone without a try begins when that is said. */
function beginOf({ tried, since }: Attempt, target: string | undefined, until: number): number {
  const at = tried.get(target ?? '')?.at ?? until;
  return at < since ? until : at;
}

/** The message's own part of a connection, where it was said; what was said at all, where it wasn't. */
function talkOfAttempt(
  { messages, sightings }: Known,
  from: string,
  to: string,
  begun: number,
  until: number,
): Talk | undefined {
  const own = sightings.find(
    (one) => one.from === from && one.to === to && one.at >= begun - 1 && one.at <= until + 1,
  );
  const whole = own && transactionOf(messages, own);
  return whole ?? talkBetween(messages, from, to, { at: begun, until });
}

export function lookupStep(
  known: Known,
  station: string,
  talk: Talk,
  recipients: readonly string[],
): WayStepView {
  const [question] = talk.messages;
  const answers = talk.messages.filter(
    ({ toHost, role }) => role === 'reply' && toHost === station,
  );
  return {
    ...blank(known, station, recipients),
    kind: 'looked up',
    at: talk.at,
    until: talk.until,
    to: question?.toHost,
    reply: [...new Set(answers.map(({ summary }) => summary.replace(/, for \d+ s$/, '')))].join(
      '; ',
    ),
    ...heard(talk, question?.toHost, undefined),
    protocol: 'dns',
  };
}

function moment(known: Known, group: Group): WayStepView {
  const { station, event } = group[0];
  const at = sinceStart(known.internet, timeOf(known, group[0]));
  return {
    ...blank(known, station, recipientsOf(group)),
    kind: event.kind as WayStepKind,
    at,
    until: at,
    reply: event.reply?.replace(/^\w+ tells: /, ''),
  };
}

/** That a notice was written is told when all is done: it may be on its way already. */
function timeOf({ all }: Known, { station, event }: Step): number {
  const name = noticeOf(event);
  const first = all.find((one) => one.station === station && one.event.id === name);
  return Math.min(event.at, first?.event.at ?? event.at);
}

export function blank({ notice }: Known, from: string, recipients: readonly string[]): WayStepView {
  return {
    kind: 'delivered',
    at: 0,
    until: 0,
    from,
    to: undefined,
    recipients,
    reply: undefined,
    said: [],
    protocol: undefined,
    conversations: [],
    message: undefined,
    notice,
    next: undefined,
  };
}

export function heard(
  talk: Talk | undefined,
  to: string | undefined,
  reply: string | undefined,
): Pick<WayStepView, 'said' | 'conversations' | 'message' | 'protocol'> {
  const words = reply === undefined || to === undefined ? [] : [{ from: to, text: reply }];
  return {
    said: talk?.said ?? words,
    conversations: talk?.conversations ?? [],
    message: talk?.message,
    protocol: 'smtp',
  };
}

function recipientsOf(group: readonly Step[]): string[] {
  return [...new Set(group.flatMap(({ event }) => event.recipient ?? []))];
}

/** The host of the internet that calls itself so; a name elsewhere stays. */
export function stationOf(internet: Internet, name: string): string {
  const found = internet
    .hosts()
    .find((host) => host.name === name || hostnameOf(host.plan) === name);
  return found?.name ?? name;
}

function hostnameOf({ services }: HostPlan): string | undefined {
  const mail = services?.mail;
  return mail && (mail.hostname ?? `mail.${mail.domains[0]}`);
}

function nextTry(
  internet: Internet,
  { station, event }: Step,
  recipients: readonly string[],
): number | undefined {
  if (event.kind !== 'deferred') return undefined;
  const waiting = queuedRecipient(internet, station, event.id, recipients[0] ?? '');
  const last = waiting?.replies.at(-1);
  // Only of the attempt that was the last one so far.
  if (waiting?.state !== 'waiting' || !last || Math.abs(last.at - event.at) > 1_000)
    return undefined;
  return sinceStart(internet, waiting.next);
}

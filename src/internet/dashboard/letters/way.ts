/** The way of one message from its author to its readers, and of the notices that it caused. */
import type { Message } from '../../../trace/index.ts';
import type { Internet } from '../../internet.ts';
import type { WayStepView, WayView } from '../api-mail.ts';
import { blank, heard, type Known, legsOf, lookupStep, stationOf } from './legs.ts';
import { letterOf } from './letters.ts';
import { letterKey, noticeOf, type Step, sinceStart, stepsOf } from './records.ts';
import { type Sighting, Sightings } from './sightings.ts';
import { lookupsOf, type Span, type Talk, transactionOf } from './talk.ts';
import { submissionBefore } from './web-mail.ts';

/** The relay’s clock and the recorder’s are read one after the other. */
const WRITTEN_BEFORE_MS = 2;

/** The way of a message by its id in the list; undefined where nothing is known of it. */
export function wayOf(internet: Internet, id: string): WayView | undefined {
  const all = stepsOf(internet);
  const own = all.filter(({ event }) => letterKey(event) === id);
  if (own.length === 0) return undefined;
  const steps = journey(internet, all, id, undefined, new Set());
  return {
    letter: letterOf(internet, id, own),
    steps: steps.sort((a, b) => beginning(a) - beginning(b) || a.until - b.until),
    now: internet.ground.clock.now(),
  };
}

/** A notice is written before it goes anywhere. */
function beginning({ kind, at }: WayStepView): number {
  return kind === 'notified' ? at - WRITTEN_BEFORE_MS : at;
}

/** Notices go ways of their own: they begin where the message is. */
function journey(
  internet: Internet,
  all: readonly Step[],
  id: string,
  notice: string | undefined,
  passed: Set<string>,
): WayStepView[] {
  if (passed.has(id)) return [];
  passed.add(id);
  const own = all.filter(({ event }) => letterKey(event) === id);
  const sightings = Sightings.of(internet).get(id)?.sightings ?? [];
  const known = { internet, messages: internet.recorder.messages(), sightings, all, notice };
  const queues = Map.groupBy(own, ({ station, event }) => `${event.id} at ${station}`);
  return [
    ...own.flatMap((step) => submission(known, step, own)),
    ...[...queues.values()].flatMap((steps) => legsOf(known, steps)),
    ...readings(known, own),
    ...noticesOf(own, all).flatMap((other) => journey(internet, all, other, other, passed)),
  ];
}

function noticesOf(own: readonly Step[], all: readonly Step[]): string[] {
  return own.flatMap(({ station, event }) => {
    const name = noticeOf(event);
    const first = all.find((one) => one.station === station && one.event.id === name);
    return name !== undefined && first ? [letterKey(first.event)] : [];
  });
}

/** How the message came to the first host that took it. */
function submission(known: Known, { station, event }: Step, own: readonly Step[]): WayStepView[] {
  if (event.kind !== 'accepted') return [];
  const at = sinceStart(known.internet, event.at);
  const sighting = known.sightings.findLast(
    ({ protocol, to, until }) => protocol === 'smtp' && to === station && until <= at + 1,
  );
  if (!sighting && event.remote === undefined) return [webSubmission(known, station, at)];
  const from = sighting?.from ?? stationOf(known.internet, event.remote ?? station);
  if (from !== station && own.some((step) => step.station === from)) return [];
  const talk = sighting && transactionOf(known.messages, sighting);
  const reply = talk?.messages.find(({ replyTo }) => replyTo === sighting?.id)?.summary;
  const recipients = recipientsAsked(talk);
  const taken = recipients.filter((one) => !isRefusal(one));
  const span = { at: talk?.at ?? at, until: sighting?.at ?? at };
  return [
    {
      ...blank(
        known,
        from,
        taken.map(({ address }) => address),
      ),
      kind: 'submitted',
      at: talk?.at ?? at,
      until: talk?.until ?? at,
      to: station,
      reply,
      ...heard(talk, station, reply),
    },
    ...asked(known, station, span, recipients),
    ...recipients
      .filter(isRefusal)
      .flatMap((one) => (talk ? [refusal(known, station, talk, one)] : [])),
  ];
}

/** Without SMTP: in the webmail, or by a program of the host itself. */
function webSubmission(known: Known, station: string, at: number): WayStepView {
  const request = submissionBefore(known.messages, station, at);
  return {
    ...blank(known, request?.fromHost ?? station, []),
    kind: 'submitted',
    at: request?.sentAt ?? at,
    until: at,
    to: request && station,
    ...(request && {
      said: [{ from: request.fromHost, text: request.summary }],
      protocol: 'http',
      conversations: [request.conversation],
      message: request.id,
    }),
  };
}

interface Asked {
  readonly address: string;
  readonly request: Message;
  readonly reply: Message;
}

const RCPT = /^RCPT TO: ?<([^>]*)>/i;

/** For whom it was asked to take the message, and what it said to that. */
function recipientsAsked(talk: Talk | undefined): Asked[] {
  const messages = talk?.messages ?? [];
  return messages.flatMap((request) => {
    const address = RCPT.exec(request.summary)?.[1];
    const reply = messages.find(({ replyTo }) => replyTo === request.id);
    return address !== undefined && reply ? [{ address, request, reply }] : [];
  });
}

function isRefusal({ reply }: Asked): boolean {
  return Number(reply.summary.slice(0, 3)) >= 400;
}

/** What a server looks up before it takes a recipient. */
function asked(
  known: Known,
  station: string,
  { at, until }: Span,
  recipients: readonly Asked[],
): WayStepView[] {
  const addresses = recipients.map(({ address }) => address);
  const domains = addresses.map((address) => address.slice(address.lastIndexOf('@') + 1));
  const lookups = lookupsOf(known.messages, station, domains, { at, until });
  return lookups ? [lookupStep(known, station, lookups, addresses)] : [];
}

function refusal(
  known: Known,
  station: string,
  talk: Talk,
  { address, request, reply }: Asked,
): WayStepView {
  return {
    ...blank(known, request.fromHost, [address]),
    kind: 'refused',
    at: request.sentAt,
    until: reply.arrivedAt ?? reply.sentAt,
    to: station,
    reply: reply.summary,
    ...heard(talk, station, reply.summary),
    message: request.id,
  };
}

/** Who fetched it from a mailbox, and when first. */
function readings(known: Known, own: readonly Step[]): WayStepView[] {
  const homes = new Set(
    own.filter(({ event }) => event.kind === 'delivered').map(({ station }) => station),
  );
  const fetched = known.sightings.filter(
    ({ protocol, from }) => protocol !== 'smtp' && homes.has(from),
  );
  const readers = Map.groupBy(fetched, ({ from, to, protocol }) => `${from} ${to} ${protocol}`);
  return [...readers.values()].flatMap(([first]) => (first ? [reading(known, first)] : []));
}

function reading(
  known: Known,
  { id, conversation, from, to, protocol, at, until }: Sighting,
): WayStepView {
  const command = known.messages.findLast(
    (message) =>
      message.id < id && message.conversation === conversation && message.role === 'request',
  );
  const answer = known.messages.find((message) => message.id === id);
  const address = known.internet.mailbox(to)?.address;
  return {
    ...blank(known, from, address === undefined ? [] : [address]),
    kind: 'read',
    at: command?.sentAt ?? at,
    until: answer?.arrivedAt ?? until,
    to,
    reply: command?.summary,
    said: [command, answer].flatMap((message) =>
      message ? [{ from: message.fromHost, text: message.summary }] : [],
    ),
    protocol,
    conversations: answer ? [conversation] : [],
    message: command?.id,
  };
}

/** What the recorder has of a message's way: conversations between two hosts, and names that were looked up. */
import type { Message } from '../../../trace/index.ts';
import type { SaidView } from '../api-mail.ts';

/** Lines of one step; the ladder has all of them. */
const SAID_LIMIT = 40;

/** Clocks of the hosts and of the recorder are the same, and yet are read one after the other. */
const SLACK_MS = 2;

export interface Talk {
  readonly at: number;
  readonly until: number;
  readonly said: readonly SaidView[];
  readonly conversations: readonly number[];
  readonly message: number | undefined;
  readonly messages: readonly Message[];
}

export interface Span {
  readonly at: number;
  readonly until: number;
}

/** What two hosts said to each other in a time; undefined where nothing is kept. */
export function talkBetween(
  messages: readonly Message[],
  a: string,
  b: string,
  span: Span,
): Talk | undefined {
  return talkOf(
    messages.filter(
      ({ fromHost, toHost, protocol, sentAt }) =>
        protocol !== 'dns' &&
        ((fromHost === a && toHost === b) || (fromHost === b && toHost === a)) &&
        within(sentAt, span),
    ),
  );
}

/** One message's part of its conversation: from MAIL, for the first one from the greeting, to its reply. */
export function transactionOf(
  messages: readonly Message[],
  { id, conversation }: { readonly id: number; readonly conversation: number },
): Talk | undefined {
  const all = messages.filter((message) => message.conversation === conversation);
  const at = all.findIndex((message) => message.id === id);
  if (at < 0) return undefined;
  const answer = all.findIndex(({ replyTo }) => replyTo === id);
  const mail = all.slice(0, at).findLastIndex(isMail);
  const isFirst = all.findIndex(isMail) === mail;
  return talkOf(all.slice(isFirst ? 0 : mail, answer < 0 ? at + 1 : answer + 1));
}

function isMail({ summary, role }: Message): boolean {
  return role === 'request' && /^MAIL FROM:/i.test(summary);
}

/** Names that a host asked its resolver for, with all that the resolver asked for them. */
export function lookupsOf(
  messages: readonly Message[],
  host: string,
  names: readonly string[],
  span: Span,
): Talk | undefined {
  const asked = messages.filter(
    ({ fromHost, protocol, role, summary, sentAt }) =>
      fromHost === host &&
      protocol === 'dns' &&
      role === 'request' &&
      within(sentAt, span) &&
      names.some((name) => summary.toLowerCase().endsWith(`? ${name.toLowerCase()}`)),
  );
  if (asked.length === 0) return undefined;
  const chain = new Set(asked.map(({ id }) => id));
  for (const { id, causedBy, replyTo, protocol } of messages) {
    if (protocol === 'dns' && (chain.has(causedBy ?? 0) || chain.has(replyTo ?? 0))) chain.add(id);
  }
  return talkOf(messages.filter(({ id }) => chain.has(id)));
}

function talkOf(messages: readonly Message[]): Talk | undefined {
  const [first] = messages;
  if (!first) return undefined;
  const ends = messages.map(({ arrivedAt, sentAt }) => arrivedAt ?? sentAt);
  return {
    at: first.startedAt,
    until: Math.max(...ends),
    said: messages.slice(0, SAID_LIMIT).map(saidView),
    conversations: [...new Set(messages.map(({ conversation }) => conversation))],
    message: first.id,
    messages,
  };
}

function saidView({ fromHost, summary, lost }: Message): SaidView {
  return { from: fromHost, text: lost === undefined ? summary : `${summary} (lost: ${lost})` };
}

function within(sentAt: number, { at, until }: Span): boolean {
  return sentAt >= at - SLACK_MS && sentAt <= until + SLACK_MS;
}

/** The page of mail: queues, mailboxes, and the way of each message. */
import { UsageError } from '../../lib/errors.ts';
import { type AccountView, accountView, type MailHost } from '../../mailhost/index.ts';
import type { QueuedMessage, RelayEvent } from '../../relay/index.ts';
import { mailboxText, pathText } from '../../smtp/index.ts';
import type { Internet, InternetHost } from '../internet.ts';
import { sendLetter } from '../mail-user.ts';
import type {
  LetterSentView,
  LetterView,
  MailHostView,
  MailUserView,
  MailView,
  QueuedView,
  StepView,
} from './api-mail.ts';
import { type Fields, string } from './fields.ts';

/** Messages whose ways are told: a page shows so many. */
const LETTERS = 200;

export function mailView(internet: Internet): MailView {
  const kept = internet.hosts().filter(({ plan }) => plan.services?.mail);
  return {
    hosts: kept.map((host) => hostView(internet, host)),
    users: internet.hosts().flatMap(({ name }) => userView(internet, name) ?? []),
    letters: letters(internet),
    now: internet.ground.clock.now(),
  };
}

function userView(internet: Internet, host: string): MailUserView | undefined {
  const mailbox = internet.mailbox(host);
  return mailbox && { host, title: mailbox.title, address: mailbox.address };
}

function hostView(internet: Internet, { name, plan, running }: InternetHost): MailHostView {
  const mail = internet.mailHost(name);
  const { domains = [] } = plan.services?.mail ?? {};
  const accounts = mail?.store.accounts() ?? [];
  return {
    host: name,
    hostname: mail?.hostname ?? name,
    domains,
    running,
    accounts: accounts.map((account): AccountView => accountView(mail as MailHost, account)),
    queue: (mail?.relay.list() ?? []).flatMap((message) => queuedViews(internet, message)),
    failures: mail?.failures.list() ?? [],
  };
}

function queuedViews(internet: Internet, message: QueuedMessage): QueuedView[] {
  const since = sinceStart(internet, message.received);
  return message.recipients.map(({ path, state, attempts, next, replies }) => {
    const last = replies.at(-1);
    return {
      id: message.id,
      from: pathText(message.from),
      to: mailboxText(path),
      size: message.size,
      since,
      state,
      attempts,
      next: sinceStart(internet, next),
      lastReply: last && [last.remote, last.code || '', last.text].filter(Boolean).join(' '),
    };
  });
}

/** Steps of the same message at several relays are one way. */
function letters(internet: Internet): LetterView[] {
  const hosts = internet.hosts().flatMap(({ name }) => internet.mailHost(name) ?? []);
  const events = hosts.flatMap(({ relay }) => relay.events()).sort((a, b) => a.at - b.at);
  const ways = Map.groupBy(events, ({ messageId, id, host }) => messageId ?? `${id} at ${host}`);
  const newest = [...ways].sort(([, a], [, b]) => (b[0]?.at ?? 0) - (a[0]?.at ?? 0));
  return newest.slice(0, LETTERS).map(([id, steps]) => letterView(internet, hosts, id, steps));
}

function letterView(
  internet: Internet,
  hosts: readonly MailHost[],
  id: string,
  events: readonly RelayEvent[],
): LetterView {
  const first = sinceStart(internet, events[0]?.at ?? 0);
  let before = first;
  const steps = events.map(({ at, host, kind, recipient, remote, reply }): StepView => {
    const then = sinceStart(internet, at);
    const step = { at: then, delay: then - before, host, kind, recipient, remote, reply };
    before = then;
    return step;
  });
  const facts = factsOf(hosts, id);
  const to = new Set(events.flatMap(({ recipient }) => recipient ?? []));
  return { id, ...facts, to: [...to], began: first, state: stateOf(events), steps };
}

function factsOf(
  hosts: readonly MailHost[],
  messageId: string,
): Pick<LetterView, 'subject' | 'from'> {
  for (const mail of hosts) {
    for (const { account, entry } of mail.find({ messageId })) {
      const { subject, from } = mail.store.open(account).summary(entry.content).facts;
      return { subject, from: from[0]?.address };
    }
  }
  return { subject: undefined, from: undefined };
}

const ENDED: Readonly<Partial<Record<RelayEvent['kind'], LetterView['state']>>> = {
  delivered: 'delivered',
  failed: 'failed',
  expired: 'failed',
  dropped: 'failed',
  removed: 'failed',
  deferred: 'waiting',
  held: 'waiting',
};

function stateOf(events: readonly RelayEvent[]): LetterView['state'] {
  const states = events.flatMap(({ kind }) => ENDED[kind] ?? []);
  if (states.includes('failed')) return 'failed';
  return states.at(-1) ?? 'under way';
}

function sinceStart({ ground }: Internet, ms: number): number {
  return ms - ground.clock.epoch;
}

/** Writes as the user at a host, by that user's program. */
export async function writeLetter(
  internet: Internet,
  name: string,
  body: Fields,
): Promise<LetterSentView> {
  const mailbox = internet.mailbox(name);
  if (!mailbox) throw new UsageError(`the user at ${name} has no mail`);
  const to = string(body, 'to');
  const letter = { to, subject: text(body, 'subject'), text: text(body, 'text') };
  const { messageId, reply, refused } = await sendLetter(internet.user(name).host, mailbox, letter);
  return {
    messageId,
    reply: `${reply.code} ${reply.lines.join(' ')}`,
    refused: refused.map(
      ({ path, reply: no }) => `${mailboxText(path)}: ${no.code} ${no.lines.join(' ')}`,
    ),
  };
}

function text(body: Fields, name: string): string {
  const value = body[name];
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  throw new UsageError(`expected "${name}", a text`);
}

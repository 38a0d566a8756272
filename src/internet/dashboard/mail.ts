/** The page of mail: queues, mailboxes, and the way of each message. */
import { UsageError } from '../../lib/errors.ts';
import { type AccountView, accountView, type MailHost } from '../../mailhost/index.ts';
import type { QueuedMessage } from '../../relay/index.ts';
import { mailboxText, pathText } from '../../smtp/index.ts';
import type { Internet, InternetHost } from '../internet.ts';
import { sendLetter } from '../mail-user.ts';
import type {
  LetterSentView,
  MailHostView,
  MailUserView,
  MailView,
  QueuedView,
} from './api-mail.ts';
import { type Fields, string } from './fields.ts';
import { lettersOf } from './letters/letters.ts';
import { sinceStart } from './letters/records.ts';
import { Sightings } from './letters/sightings.ts';

export function mailView(internet: Internet): MailView {
  const kept = internet.hosts().filter(({ plan }) => plan.services?.mail);
  return {
    hosts: kept.map((host) => hostView(internet, host)),
    users: internet.hosts().flatMap(({ name }) => userView(internet, name) ?? []),
    letters: lettersOf(internet),
    now: internet.ground.clock.now(),
  };
}

function userView(internet: Internet, host: string): MailUserView | undefined {
  const mailbox = internet.mailbox(host);
  const server = internet.scenario.hosts[host]?.mail?.server ?? '';
  return mailbox && { host, title: mailbox.title, address: mailbox.address, server };
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
  const open = message.recipients.filter(({ state }) => state === 'waiting' || state === 'held');
  return open.map(({ path, state, attempts, next, replies }) => {
    const last = replies.at(-1);
    return {
      id: message.id,
      messageId: message.messageId,
      subject: Sightings.of(internet).get(message.messageId ?? '')?.subject,
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

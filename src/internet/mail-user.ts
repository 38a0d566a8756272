/** What the user at a host does with mail: writes, and looks whether there is some. */

import { IMAP_PORT, ImapClient } from '../imap/index.ts';
import type { Address } from '../lib/endpoint.ts';
import { UsageError } from '../lib/errors.ts';
import { buildMessage, mailboxes, newMessageId, parseAddresses } from '../mime/index.ts';
import { calendar, type Host } from '../net/index.ts';
import { POP3_PORT, Pop3Client } from '../pop3/index.ts';
import type { SaslCredentials } from '../sasl/index.ts';
import { type SendResult, SmtpClient, SUBMISSION_PORT } from '../smtp/index.ts';
import type { LetterPlan, MailAccountPlan, MailPlan, Scenario } from './scenario/types.ts';

/** Where a user has mail, as its program is set up. */
export interface UserMailbox {
  readonly address: string;
  /** The person's name. */
  readonly title: string;
  readonly server: Address;
  readonly hostname: string;
  readonly submissionPort: number | undefined;
  readonly pop3Port: number | undefined;
  readonly imapPort: number | undefined;
  readonly credentials: SaslCredentials;
  readonly tls: boolean;
  readonly plaintext: boolean;
  readonly authorities: readonly string[];
}

/** The mailbox of the user at a host; undefined without one. */
export function mailboxOf(
  scenario: Scenario,
  name: string,
  authorities: readonly string[],
): UserMailbox | undefined {
  const plan = scenario.hosts[name]?.mail;
  const server = scenario.hosts[plan?.server ?? ''];
  const { mail, submission, pop3, imap } = server?.services ?? {};
  const account = mail?.accounts[plan?.account ?? ''];
  if (!plan || !server || !mail || !account) return undefined;
  return {
    address: addressOf(plan.account, account, mail),
    title: account.title ?? '',
    server: server.address,
    hostname: mail.hostname ?? `mail.${mail.domains[0]}`,
    submissionPort: submission && (submission.port ?? SUBMISSION_PORT),
    pop3Port: pop3 && (pop3.port ?? POP3_PORT),
    imapPort: imap && (imap.port ?? IMAP_PORT),
    credentials: { user: plan.account, password: account.password },
    tls: mail.tls !== false && authorities.length > 0,
    plaintext: mail.plaintext ?? false,
    authorities,
  };
}

function addressOf(name: string, { addresses }: MailAccountPlan, { domains }: MailPlan): string {
  return domains[0] === undefined ? (addresses?.[0] ?? name) : `${name}@${domains[0]}`;
}

/** Writes a message and hands it to the user's server. Throws SmtpReplyError, NetworkError. */
export async function sendLetter(
  host: Host,
  mailbox: UserMailbox,
  { to, subject, text }: LetterPlan,
  options: { readonly signal?: AbortSignal } = {},
): Promise<SendResult & { readonly messageId: string }> {
  const { address, title, server, submissionPort: port, credentials, plaintext } = mailbox;
  if (port === undefined) throw new UsageError(`${mailbox.hostname} takes no submissions`);
  const [from] = mailboxes(parseAddresses(address));
  const recipients = mailboxes(parseAddresses(typeof to === 'string' ? to : to.join(', ')));
  if (!from || recipients.length === 0) throw new UsageError('a message needs a recipient');
  const now = calendar(host.clock);
  const luck = host.random;
  const messageId = newMessageId(from.domain, now, luck);
  const draft = { from: { ...from, name: title }, to: recipients, subject, text, messageId };
  const message = buildMessage(draft, { now, luck });
  const client = await SmtpClient.connect(
    host,
    { address: server, port },
    sessionOf(mailbox, options),
  );
  try {
    await client.auth(credentials, { plaintext });
    const envelope = { from, to: recipients.map((path) => ({ path })) };
    const result = await client.send(envelope, message);
    await client.quit();
    return { ...result, messageId };
  } catch (error) {
    client.close();
    throw error;
  }
}

/** Looks at a mailbox by POP3 and leaves all as it is: the subjects, the newest last. */
export async function readByPop3(
  host: Host,
  mailbox: UserMailbox,
  options: { readonly signal?: AbortSignal } = {},
): Promise<readonly Uint8Array[]> {
  const { server, pop3Port: port, credentials, plaintext } = mailbox;
  if (port === undefined) throw new UsageError(`${mailbox.hostname} speaks no POP3`);
  const client = await Pop3Client.connect(
    host,
    { address: server, port },
    sessionOf(mailbox, options),
  );
  try {
    await client.login(credentials, { plaintext });
    const messages: Uint8Array[] = [];
    for await (const { bytes } of client.download({ mode: 'keep' })) messages.push(bytes);
    await client.quit();
    return messages;
  } catch (error) {
    client.close();
    throw error;
  }
}

/** The same by IMAP: nothing but the headers of what is new is fetched. */
export async function readByImap(
  host: Host,
  mailbox: UserMailbox,
  options: { readonly signal?: AbortSignal } = {},
): Promise<readonly Uint8Array[]> {
  const { server, imapPort: port, credentials, plaintext } = mailbox;
  if (port === undefined) throw new UsageError(`${mailbox.hostname} speaks no IMAP`);
  const to = { address: server, port };
  const client = await ImapClient.connect(host, to, sessionOf(mailbox, options));
  try {
    await client.authenticate(credentials, { plaintext });
    await client.examine('INBOX');
    const unseen = await client.search({ seen: false });
    const headers: Uint8Array[] = [];
    if (unseen.length > 0) {
      for await (const { bodies } of client.fetch(unseen, { sections: ['HEADER'] })) {
        const header = bodies.get('BODY[HEADER]');
        if (header) headers.push(header);
      }
    }
    await client.logout();
    return headers;
  } catch (error) {
    client.abandon();
    throw error;
  }
}

interface Session {
  readonly security: 'none' | 'starttls';
  readonly tls: { readonly serverName: string; readonly authorities: readonly string[] };
  readonly signal?: AbortSignal;
}

function sessionOf(
  { tls, hostname, authorities }: UserMailbox,
  { signal }: { readonly signal?: AbortSignal },
): Session {
  return {
    security: tls ? 'starttls' : 'none',
    tls: { serverName: hostname, authorities },
    ...(signal && { signal }),
  };
}

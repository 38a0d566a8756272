/** EmailSubmission/set (RFC 8621 §7.5): sends. */
import { AppError } from '../../lib/errors.ts';
import type { MessageEntry } from '../../mail/index.ts';
import { type Mailbox, type Message, mailboxes, parseAddresses } from '../../mime/index.ts';
import { calendar } from '../../net/index.ts';
import { RECIPIENTS_LIMIT } from '../defaults.ts';
import { invalidProperties, type JmapError, setError } from '../errors.ts';
import { emailOf, mailboxOf, withoutBcc } from '../machine/draft.ts';
import { idNumber, makeId } from '../machine/ids.ts';
import {
  type Call,
  type Method,
  resolvedId,
  type SubmitOutcome,
  type SubmitResult,
} from '../service.ts';
import type { Json, JsonObject, NewSubmission, SetRequest } from '../types.ts';
import { Arguments } from '../wire/arguments.ts';
import { parseNewSubmission } from '../wire/new-submission.ts';
import { parseSet } from '../wire/standard.ts';
import { isObject, utcDate } from '../wire/values.ts';
import { identitiesOf } from './identity.ts';
import { notFound, runSet } from './shared.ts';

export const submissionSet: Method = async (object, call) => {
  const args = new Arguments(object);
  const accountId = args.text('accountId');
  const request = parseSet(args);
  const updates = args.maybeObjects('onSuccessUpdateEmail') ?? new Map<string, JsonObject>();
  const destroys = args.maybeTexts('onSuccessDestroyEmail') ?? [];
  args.done();
  const { submissions } = call.service;
  const account = call.mail.account.id;
  const emails = emailsBefore(request, call);
  const answer = await runSet(request, call, {
    state: () => submissions.state(account),
    create: (one) => send(call, parseNewSubmission(one)),
    update: async (id, patch) => changeNothing(call, id, patch),
    destroy: async (id) => {
      if (!submissions.remove(account, id)) throw notFound(id);
    },
    atOnce: false,
  });
  imply(call, accountId, answer, emails, { updates, destroys });
  return { accountId, ...answer };
};

/** Messages of the submissions that are named, by their ids; those that are destroyed are known before only. */
function emailsBefore({ destroy }: SetRequest, { service, mail }: Call): Map<string, string> {
  const list = service.submissions.list(mail.account.id);
  const named = list.filter(({ id }) => destroy.includes(id));
  return new Map(named.map(({ id, object }) => [id, String(object['emailId'])]));
}

/** The one Email/set of all that succeeded. */
function imply(
  call: Call,
  accountId: string,
  answer: JsonObject,
  emails: ReadonlyMap<string, string>,
  on: { readonly updates: ReadonlyMap<string, JsonObject>; readonly destroys: readonly string[] },
): void {
  const list = call.service.submissions.list(call.mail.account.id);
  const succeeded = (given: string): string | undefined => {
    if (given.startsWith('#') && !isMade(answer['created'], given.slice(1))) {
      return undefined;
    }
    const id = resolvedId(call, given);
    const made = list.find((one) => one.id === id);
    return made ? String(made.object['emailId']) : emails.get(id ?? '');
  };
  const update = [...on.updates].flatMap(([given, patch]): [string, Json][] => {
    const email = succeeded(given);
    return email === undefined ? [] : [[email, patch]];
  });
  const destroy = on.destroys.flatMap((given) => succeeded(given) ?? []);
  if (update.length === 0 && destroy.length === 0) return;
  const args = { accountId, update: Object.fromEntries(update), destroy };
  call.implied.push({ name: 'Email/set', args, id: call.id });
}

function isMade(created: Json | undefined, name: string): boolean {
  return isObject(created) && Object.hasOwn(created, name);
}

/** What is sent is sent. */
function changeNothing({ service, mail }: Call, id: string, patch: JsonObject): null {
  if (!service.submissions.list(mail.account.id).some((one) => one.id === id)) throw notFound(id);
  const [odd] = Object.keys(patch).filter((name) => name !== 'undoStatus');
  if (odd !== undefined) throw invalidProperties(`${odd} never changes`, odd);
  if (patch['undoStatus'] === 'canceled') {
    throw setError('cannotUnsend', 'The message has left already');
  }
  return null;
}

async function send(
  call: Call,
  request: NewSubmission,
): Promise<JsonObject & { readonly id: string }> {
  const { service, mail } = call;
  const identity = identitiesOf(mail.account).find(({ id }) => id === request.identityId);
  if (!identity) throw invalidProperties(`There is no ${request.identityId}`, 'identityId');
  const entry = emailToSend(call, request.emailId);
  const message = mail.message(entry.content);
  checkFrom(message, mail.account.addresses);
  const mailFrom = mailFromOf(call, request, message, String(identity['email']));
  const recipients = recipientsOf(request, message);
  const envelope = { from: mailFrom, to: recipients.map((path) => ({ path })) };
  const sent = await service
    .submit(mail.account, envelope, withoutBcc(message))
    .catch((error: unknown) => refuse(error, recipients));
  const object = {
    identityId: request.identityId,
    emailId: makeId('M', entry.id),
    threadId: makeId('T', entry.thread),
    envelope: envelopeObject(mailFrom, recipients),
    sendAt: utcDate(Math.floor(calendar(service.host.clock))),
    undoStatus: 'final',
    deliveryStatus: statusOf(sent, recipients),
    dsnBlobIds: [],
    mdnBlobIds: [],
  };
  const { id } = service.submissions.add(mail.account.id, object);
  const { identityId: _, emailId: __, ...set } = object;
  return { ...set, id };
}

function emailToSend(call: Call, given: string): MessageEntry {
  const id = resolvedId(call, given);
  const entry = id === undefined ? undefined : call.desk.entry(idNumber('M', id));
  if (!entry) throw invalidProperties(`There is no ${given}`, 'emailId');
  return entry;
}

/** Others' names are not for use. */
function checkFrom(message: Message, own: readonly string[]): void {
  const from = mailboxes(message.from);
  if (from.length === 0) {
    throw setError('invalidEmail', 'The message has no From', { properties: ['from'] });
  }
  const foreign = from.find((one) => !isOwn(own, one));
  if (foreign) throw setError('forbiddenFrom', `${emailOf(foreign)} is not an address of yours`);
}

function isOwn(own: readonly string[], mailbox: Mailbox): boolean {
  const email = emailOf(mailbox).toLowerCase();
  return own.some((address) => address.toLowerCase() === email);
}

function mailFromOf(
  call: Call,
  { envelope }: NewSubmission,
  message: Message,
  identity: string,
): Mailbox {
  const { addresses } = call.mail.account;
  if (envelope) {
    const given = mailboxOf({ name: '', email: envelope.mailFrom });
    if (given && isOwn(addresses, given)) return given;
    throw setError('forbiddenMailFrom', `${envelope.mailFrom} is not an address of yours`);
  }
  const [sender] = mailboxes([...message.addresses('Sender'), ...message.from]);
  const own = mailboxOf({ name: '', email: identity });
  return sender && isOwn([identity], sender) ? sender : (own ?? sender ?? NOBODY);
}

const NOBODY: Mailbox = { name: '', local: '', domain: '' };

/** Each once (§7). Throws noRecipients, invalidRecipients, tooManyRecipients. */
function recipientsOf({ envelope }: NewSubmission, message: Message): readonly Mailbox[] {
  const named = envelope
    ? envelope.rcptTo.map((email) => ({ email, mailbox: mailboxOf({ name: '', email }) }))
    : ['To', 'Cc', 'Bcc'].flatMap((field) => headerRecipients(message, field));
  const invalid = named.filter(({ mailbox }) => !mailbox).map(({ email }) => email);
  if (invalid.length > 0) {
    const text = `No address: ${invalid.join(', ')}`;
    throw setError('invalidRecipients', text, { invalidRecipients: invalid });
  }
  const unique = new Map(
    named.map(({ email, mailbox }) => [email.toLowerCase(), mailbox as Mailbox]),
  );
  if (unique.size === 0) throw setError('noRecipients', 'The message goes to nobody');
  if (unique.size > RECIPIENTS_LIMIT) {
    const more = { maxRecipients: RECIPIENTS_LIMIT };
    throw setError('tooManyRecipients', 'The message goes to too many', more);
  }
  return [...unique.values()];
}

function headerRecipients(
  { root }: Message,
  field: string,
): { readonly email: string; readonly mailbox: Mailbox | undefined }[] {
  const entries = root.fields.all(field).flatMap((value) => parseAddresses(value));
  return mailboxes(entries).map((one) => {
    const email = emailOf(one) || one.name;
    return { email, mailbox: mailboxOf({ name: '', email }) };
  });
}

function envelopeObject(from: Mailbox, to: readonly Mailbox[]): JsonObject {
  const address = (one: Mailbox): JsonObject => ({ email: emailOf(one), parameters: null });
  return { mailFrom: address(from), rcptTo: to.map(address) };
}

function replyText({ code, enhanced, text }: SubmitOutcome): string {
  return [String(code), enhanced, text].filter((word) => word !== undefined).join(' ');
}

function statusOf({ id, refused }: SubmitResult, recipients: readonly Mailbox[]): JsonObject {
  const entries = recipients.map((one): [string, Json] => {
    const no = refused.find(({ path }) => path.local === one.local && path.domain === one.domain);
    const smtpReply = no ? replyText(no.outcome) : `250 2.0.0 Queued as ${id}`;
    const delivered = no ? 'no' : 'queued';
    return [emailOf(one), { smtpReply, delivered, displayed: 'unknown' }];
  });
  return Object.fromEntries(entries);
}

/** Nobody gets it: says so in the words of the standard. */
function refuse(error: unknown, recipients: readonly Mailbox[]): never {
  const outcome =
    error instanceof AppError && 'outcome' in error ? (error.outcome as SubmitOutcome) : undefined;
  throw outcome ? refusal(outcome, recipients) : error;
}

function refusal(outcome: SubmitOutcome, recipients: readonly Mailbox[]): JmapError {
  const text = replyText(outcome);
  if (outcome.enhanced?.startsWith('5.1.')) {
    return setError('invalidRecipients', text, { invalidRecipients: recipients.map(emailOf) });
  }
  if (outcome.code === 552) return setError('tooLarge', text, { maxSize: 0 });
  return setError('forbiddenToSend', text);
}

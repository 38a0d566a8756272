/** Notices to senders: multipart/report with delivery-status (RFC 3461 §6, RFC 3464, RFC 6522). */
import { concat, EMPTY, latin1 } from '../lib/bytes.ts';
import { AppError } from '../lib/errors.ts';
import { buildMessage, formatMailDate, type PartDraft } from '../mime/index.ts';
import type { Random } from '../net/index.ts';
import { mailboxText } from '../smtp/index.ts';
import { RETURN_FULL_LIMIT, RETURN_HEADER_LIMIT, RETURN_LIMIT } from './defaults.ts';
import type { Action } from './machine/notify.ts';
import { attemptText } from './machine/verdict.ts';
import type { Attempt, Mailbox, QueuedMessage, RecipientOptions } from './types.ts';
import { type StatusRecipient, statusText } from './wire/status.ts';

/** The message that a notice is about. */
export type Reported = Pick<
  QueuedMessage,
  'id' | 'from' | 'options' | 'received' | 'size' | 'messageId' | 'wideHeader'
>;

export interface ReportedRecipient {
  readonly path: Mailbox;
  readonly options: RecipientOptions;
  readonly action: Action;
  readonly attempt: Attempt | undefined;
}

export interface Report {
  readonly message: Reported;
  /** Of the notice itself. */
  readonly messageId: string;
  /** To whom the notice goes. */
  readonly to: Mailbox;
  readonly recipients: readonly ReportedRecipient[];
  /** When the last attempt will be made, where there are more. */
  readonly retryUntil: number;
  /** The message's bytes from the beginning, read as far as they are wanted. */
  readonly pieces: Iterable<Uint8Array>;
}

export interface Reporter {
  readonly hostname: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly random: Random;
}

/** Addresses beyond ASCII need an internationalized notice (RFC 6533 §4). */
export function reportNeedsUtf8({ to }: Pick<Report, 'to'>): boolean {
  return /[^ -~]/.test(mailboxText(to));
}

/** It never throws: what no notice can return of a message is left out. */
export function buildReport(reporter: Reporter, report: Report): Uint8Array {
  try {
    return build(reporter, report, returned(report));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return build(reporter, report, headerPart(report.pieces));
  }
}

function build(reporter: Reporter, report: Report, third: PartDraft): Uint8Array {
  const { hostname, now, random } = reporter;
  const { message, messageId, to } = report;
  const content: PartDraft = {
    type: 'multipart/report',
    parameters: { 'report-type': 'delivery-status' },
    body: [
      { type: 'text/plain', description: 'Notification', body: explanation(hostname, report) },
      {
        type: 'message/delivery-status',
        description: 'Delivery report',
        body: deliveryStatus(hostname, report),
      },
      third,
    ],
  };
  return buildMessage(
    {
      from: [{ name: 'Mail Delivery System', local: 'MAILER-DAEMON', domain: hostname }],
      to: [{ name: '', ...to }],
      subject: subjectOf(report),
      messageId,
      ...(message.messageId !== undefined && references(message.messageId)),
      // RFC 3834 §5.2: nobody's program shall answer.
      fields: [['Auto-Submitted', 'auto-replied']],
      content,
    },
    { now, luck: random, domain: hostname, utf8: reportNeedsUtf8(report) },
  );
}

/** An identifier that can stand in a header of ours (RFC 5322 §2.1.1, §3.6.4). */
function references(id: string): { references?: readonly string[] } {
  return /^[!-;=?-~]{1,900}$/.test(id) ? { references: [id] } : {};
}

const SUBJECTS: Readonly<Record<Action, string>> = {
  failed: 'Your message could not be delivered',
  delayed: 'Your message is delayed',
  delivered: 'Your message was delivered',
  relayed: 'Your message was passed on',
  expanded: 'Your message was passed on',
};

function subjectOf({ recipients }: Report): string {
  return SUBJECTS[
    recipients.find(({ action }) => action === 'failed')?.action ?? first(recipients)
  ];
}

function first(recipients: readonly ReportedRecipient[]): Action {
  return recipients[0]?.action ?? 'failed';
}

const WORDS: Readonly<Record<Action, string>> = {
  failed: 'It could not be delivered to:',
  delayed: 'It could not be delivered yet, and will be tried further, to:',
  delivered: 'It was delivered to:',
  relayed: 'It was passed on to a system that sends no notices of delivery, for:',
  expanded: 'It was passed on to all who are behind this address:',
};

function explanation(hostname: string, { message, recipients, retryUntil }: Report): string {
  const date = formatMailDate({ ms: message.received, zone: 0 });
  const lines = [`This is the mail system of ${hostname}, about your message of`, `${date}.`];
  for (const action of Object.keys(WORDS) as Action[]) {
    const concerned = recipients.filter((one) => one.action === action);
    if (concerned.length === 0) continue;
    lines.push('', WORDS[action], ...concerned.flatMap(told));
    if (action !== 'delayed') continue;
    lines.push('', `It is given up after ${formatMailDate({ ms: retryUntil, zone: 0 })}.`);
    lines.push('There is no need to send it again.');
  }
  return `${lines.join('\n')}\n`;
}

function told({ path, attempt, action }: ReportedRecipient): string[] {
  const said = attempt && (action === 'failed' || action === 'delayed');
  if (!said) return ['', `  <${mailboxText(path)}>`];
  const who = attempt.remote === '' ? '' : `${attempt.remote} said: `;
  return ['', `  <${mailboxText(path)}>`, `    ${who}${attemptText(attempt)}`];
}

function deliveryStatus(hostname: string, { message, recipients, retryUntil }: Report): string {
  const { options, received, id } = message;
  const head = { reporter: hostname, envid: options.envid, arrived: date(received) };
  return statusText(
    head,
    recipients.map((one) => statusOf(one, id, retryUntil)),
  );
}

function statusOf(one: ReportedRecipient, logId: string, retryUntil: number): StatusRecipient {
  const { path, options, action, attempt } = one;
  const isRemote = attempt !== undefined && attempt.remote !== '';
  return {
    original: options.orcpt,
    final: mailboxText(path),
    action,
    status: statusCode(action, attempt),
    remote: isRemote ? attempt.remote : undefined,
    // Of type smtp is what was said in SMTP; what we found ourselves stands in the text above.
    diagnostic: isRemote ? attemptText(attempt) : undefined,
    lastAttempt: attempt && date(attempt.at),
    logId,
    retryUntil: action === 'delayed' ? date(retryUntil) : undefined,
  };
}

/** RFC 3461 §6.3 g: the code that was said, or the class alone. */
function statusCode(action: Action, attempt: Attempt | undefined): string {
  if (action === 'failed' || action === 'delayed') {
    const digit = attempt?.code.toString().charAt(0) === '4' ? '4' : '5';
    return attempt?.enhanced ?? `${digit}.0.0`;
  }
  return attempt?.enhanced?.startsWith('2.') ? attempt.enhanced : '2.0.0';
}

function date(ms: number): string {
  return formatMailDate({ ms, zone: 0 });
}

/** RFC 3461 §4.3, §6.2: the whole of what failed where it is wanted and not large, else the header. */
function returned({ message, recipients, pieces }: Report): PartDraft {
  const { size, options, wideHeader } = message;
  const limit = options.ret === 'FULL' ? RETURN_FULL_LIMIT : RETURN_LIMIT;
  const hasFailed = recipients.some(({ action }) => action === 'failed');
  const isWhole = hasFailed && options.ret !== 'HDRS' && size <= limit;
  if (isWhole) {
    // A message with a header beyond ASCII is global, and may be encoded (RFC 6532 §3.7).
    const type = wideHeader ? 'message/global' : 'message/rfc822';
    return { type, description: 'Undelivered message', body: concat([...pieces]) };
  }
  return headerPart(pieces);
}

function headerPart(pieces: Iterable<Uint8Array>): PartDraft {
  const body = headerOf(pieces);
  return { type: 'text/rfc822-headers', description: 'Header of the message', body };
}

const END = latin1('\r\n\r\n');

/** Up to the empty line, or as much as is returned. */
function headerOf(pieces: Iterable<Uint8Array>): Uint8Array {
  let head: Uint8Array = EMPTY;
  for (const piece of pieces) {
    head = concat([head, piece.subarray(0, RETURN_HEADER_LIMIT)]);
    const end = indexOf(head, END);
    if (end >= 0) return head.subarray(0, end + 2);
    if (head.length >= RETURN_HEADER_LIMIT) break;
  }
  return head.subarray(0, head.lastIndexOf(10) + 1);
}

function indexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  for (let at = bytes.indexOf(13); at >= 0; at = bytes.indexOf(13, at + 1)) {
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}

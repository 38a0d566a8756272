/** Mail over HTTP (RFC 8621): a webmail submits and reads without SMTP, POP3 and IMAP. */
import { fromLatin1, fromUtf8 } from '../../../lib/bytes.ts';
import type { Message } from '../../../trace/index.ts';

/** Octets of HTTP's head, in which the type of an answer stands. */
const HEAD = 1_024;

/** A submission is on its way to the relay for not longer. */
const SUBMISSION_MS = 5_000;

/** The Message-IDs of those whose texts an answer carries; what only lists them has no texts. */
export function idsRead({ protocol, role, bytes }: Message): readonly string[] {
  if (protocol !== 'http' || role !== 'reply') return [];
  if (!fromLatin1(bytes, 0, HEAD).includes('application/json')) return [];
  const text = fromUtf8(bytes);
  if (!text.includes('"bodyValues"')) return [];
  return [...text.matchAll(/"messageId":\["([^"]+)"\]/g)].flatMap(([, id]) => id ?? []);
}

/** The request by which a message was submitted at a host just before it was accepted there. */
export function submissionBefore(
  messages: readonly Message[],
  host: string,
  at: number,
): Message | undefined {
  return messages.findLast(
    ({ protocol, role, toHost, sentAt, bytes }) =>
      protocol === 'http' &&
      role === 'request' &&
      toHost === host &&
      sentAt <= at &&
      sentAt > at - SUBMISSION_MS &&
      fromUtf8(bytes).includes('"EmailSubmission/set"'),
  );
}

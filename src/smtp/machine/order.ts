/** The order of commands (RFC 5321 §4.1.4) as a table: what each may not follow, and what to say then. */
import type { Verb } from '../types.ts';

/**
 * Where a session stands: `fresh` before EHLO; `greeted` without, `sender` and `recipients` within a
 * transaction; `chunks` when a part of the message has come by BDAT.
 */
export type State = 'fresh' | 'greeted' | 'sender' | 'recipients' | 'chunks';

const HELLO_FIRST = 'Say EHLO or HELO first';
const SENDER_FIRST = 'Say MAIL FROM:<sender@example.com> first';
const RECIPIENT_FIRST = 'Say RCPT TO:<recipient@example.com> first';
const SENDER_TWICE = 'The sender is given already; RSET begins anew';
const BEGUN = 'The message has begun; RSET begins anew';
const NOT_NOW = 'Not within a transaction; RSET ends it';

type Refusals = Readonly<Partial<Record<State, string>>>;

const WITHIN: Refusals = { sender: NOT_NOW, recipients: NOT_NOW, chunks: NOT_NOW };

/** A state that is not named is right. */
export const ORDER: Readonly<Record<Verb, Refusals>> = {
  EHLO: {},
  HELO: {},
  MAIL: { fresh: HELLO_FIRST, sender: SENDER_TWICE, recipients: SENDER_TWICE, chunks: BEGUN },
  RCPT: { fresh: HELLO_FIRST, greeted: SENDER_FIRST, chunks: BEGUN },
  // RFC 3030 §2: DATA and BDAT do not go together.
  DATA: { fresh: HELLO_FIRST, greeted: SENDER_FIRST, sender: RECIPIENT_FIRST, chunks: BEGUN },
  BDAT: { fresh: HELLO_FIRST, greeted: SENDER_FIRST, sender: RECIPIENT_FIRST },
  // RFC 3207 §4.2 forgets what came before: not in the middle of it. RFC 4954 §4.
  STARTTLS: WITHIN,
  AUTH: { fresh: HELLO_FIRST, ...WITHIN },
  RSET: {},
  VRFY: {},
  EXPN: {},
  HELP: {},
  NOOP: {},
  QUIT: {},
};

/** The server's words: what is answered to each line and to each message. No bytes of the connection pass here. */

import type { Line } from '../lib/lines.ts';
import { sleep } from '../net/index.ts';
import { AUTH_FAILURES_LIMIT } from './defaults.ts';
import { Delivery } from './delivery.ts';
import { SmtpError } from './errors.ts';
import { extensionLines } from './machine/extensions.ts';
import {
  BYE,
  CANNOT_VERIFY,
  FAILED,
  isPositive,
  NO_LISTS,
  OK,
  READY_FOR_TLS,
  SEND_IT,
  SIGNED_IN,
  TOO_MANY_GUESSES,
} from './machine/outcomes.ts';
import type { Session } from './machine/session.ts';
import { ChunkIntake, DataIntake, DiscardIntake, type Intake } from './machine/transfer.ts';
import type { ServerShared } from './server-shared.ts';
import { beginSignIn, type SignIn, type SignInAnswer, type SignInStep } from './sign-in.ts';
import type { Answer, Command, MailSession, Outcome, Reply, Verb } from './types.ts';
import { lineText, parseCommand, USAGE } from './wire/command.ts';
import { replyOf } from './wire/reply.ts';

/** What follows a line or a message: a reply, and what comes next on the connection. */
export interface Turn {
  readonly reply?: Reply;
  /** Takes the bytes that come, until it is done. */
  readonly intake?: Intake;
  readonly next?: 'close' | 'secure' | 'drop';
}

type Pending<T> = T | Promise<T>;
type Of<V extends Verb> = Extract<Command, { type: V }>;

export class Dialogue {
  private readonly shared: ServerShared;
  private readonly session: Session;
  private readonly mail: MailSession;
  private readonly wanted: () => void;
  private delivery: Delivery | undefined;
  private chunk: Of<'BDAT'> | undefined;
  /** What is said when a chunk that was refused has passed. */
  private discarded: Outcome | undefined;
  private signIn: SignIn | undefined;
  private guesses = 0;

  /** `wanted` is called when a message can take more. */
  constructor(shared: ServerShared, session: Session, mail: MailSession, wanted: () => void) {
    this.shared = shared;
    this.session = session;
    this.mail = mail;
    this.wanted = wanted;
  }

  /** False while the backend does not keep up with the message. */
  get ready(): boolean {
    return this.delivery?.body.open ?? true;
  }

  line(line: Line): Pending<Turn> {
    if (this.signIn) return this.signingIn(this.signIn.line(line));
    try {
      return this.obey(parseCommand(lineText(line), this.session.utf8));
    } catch (error) {
      if (error instanceof SmtpError) return this.faulty(refusalOf(error));
      throw error;
    }
  }

  /** The intake is done. */
  taken(): Pending<Turn> {
    const { delivery, chunk, discarded } = this;
    this.discarded = undefined;
    if (discarded) return this.faulty(discarded);
    if (!delivery) return {};
    if (chunk && !chunk.last && !delivery.fault) {
      const text = `${chunk.size} octets received`;
      return this.settled(chunk, { code: 250, enhanced: '2.0.0', text });
    }
    if (delivery.fault) delivery.abort();
    return delivery.outcome.then((outcome) => this.delivered(delivery, outcome));
  }

  /** The connection is gone. */
  close(why: () => Error): void {
    this.delivery?.abort(why());
    this.mail.close?.();
  }

  private delivered({ transfer }: Delivery, outcome: Outcome): Turn {
    const said = transfer.fault ?? outcome;
    this.endTransaction(isPositive(said));
    return { ...turnOf(said), ...(transfer.abandoned && { next: 'close' as const }) };
  }

  private endTransaction(accepted = false): void {
    this.delivery = undefined;
    this.chunk = undefined;
    const wasOpen = this.session.state !== 'fresh' && this.session.state !== 'greeted';
    this.session.end(accepted);
    if (wasOpen) this.mail.reset?.();
  }

  private obey(command: Command): Pending<Turn> {
    const refusal = this.session.refusal(command);
    if (refusal) return this.refuse(command, refusal);
    switch (command.type) {
      case 'EHLO':
      case 'HELO':
      case 'RSET':
        return this.afresh(command);
      case 'MAIL':
        return this.ask(command, () => this.mail.from(command.path, command.options));
      case 'RCPT':
        return this.ask(command, () => this.mail.to(command.path, command.options));
      case 'VRFY':
        return this.ask(command, () => this.mail.verify?.(command.text) ?? CANNOT_VERIFY);
      case 'DATA':
        return { reply: replyOf(SEND_IT), intake: new DataIntake(this.deliver().transfer) };
      case 'BDAT':
        return this.takeChunk(command);
      case 'AUTH':
        return this.authenticate(command);
      case 'STARTTLS':
        return { reply: replyOf(READY_FOR_TLS), next: 'secure' };
      case 'QUIT':
        return { reply: replyOf(BYE), next: 'close' };
      case 'EXPN':
        return this.faulty(NO_LISTS);
      case 'HELP':
        return { reply: { code: 214, lines: helpLines(command.text) } };
      case 'NOOP':
        return this.settled(command, OK);
    }
  }

  /** A chunk that is refused comes all the same (RFC 3030 §2). */
  private refuse(command: Command, refusal: Outcome): Turn {
    if (command.type !== 'BDAT' || refusal.code === 421) return this.faulty(refusal);
    this.discarded = refusal;
    return { intake: new DiscardIntake(command.size) };
  }

  /** EHLO, HELO and RSET end the transaction (RFC 5321 §4.1.4); a message that has begun by BDAT is first given up. */
  private afresh(command: Of<'EHLO' | 'HELO' | 'RSET'>): Pending<Turn> {
    const { delivery } = this;
    const done = (): Turn => {
      this.endTransaction();
      if (command.type === 'RSET') return this.settled(command, OK);
      this.session.settle(command, OK);
      return { reply: this.greeting(command) };
    };
    if (!delivery) return done();
    delivery.abort();
    return delivery.outcome.then(done);
  }

  private greeting({ type, name }: Of<'EHLO' | 'HELO'>): Reply {
    const { hostname, sizeLimit, startTls } = this.shared.rules;
    const hello = `${hostname} greets ${name}`;
    if (type === 'HELO') return { code: 250, lines: [hello] };
    const { secure, user } = this.session;
    const mechanisms = user === undefined ? this.shared.mechanisms(secure) : [];
    const lines = extensionLines({ sizeLimit, startTls: startTls && !secure, mechanisms });
    return { code: 250, lines: [hello, ...lines] };
  }

  private ask(command: Command, question: () => Answer): Pending<Turn> {
    let answer: Answer;
    try {
      answer = question();
    } catch (error) {
      return this.settled(command, this.failed(error));
    }
    if (!(answer instanceof Promise)) return this.settled(command, answer);
    return answer.then(
      (outcome) => this.settled(command, outcome),
      (error: unknown) => this.settled(command, this.failed(error)),
    );
  }

  private settled(command: Command, outcome: Outcome): Turn {
    this.session.settle(command, outcome);
    return turnOf(outcome);
  }

  private failed(error: unknown): Outcome {
    this.shared.report(error);
    return FAILED;
  }

  private deliver(): Delivery {
    this.delivery = new Delivery(this.mail, this.shared.rules.sizeLimit, this.wanted, (error) =>
      this.failed(error),
    );
    return this.delivery;
  }

  private takeChunk(command: Of<'BDAT'>): Turn {
    this.chunk = command;
    const { transfer, guard } = this.delivery ?? this.deliver();
    return { intake: new ChunkIntake(transfer, guard, command) };
  }

  private authenticate(command: Of<'AUTH'>): Pending<Turn> {
    const attempt = beginSignIn(this.shared, this.session.secure, command);
    if ('code' in attempt) return this.faulty(attempt);
    this.signIn = attempt;
    return this.signingIn(attempt.begin());
  }

  private signingIn(answer: SignInAnswer): Pending<Turn> {
    if (!(answer instanceof Promise)) return this.signedIn(answer);
    return answer.then(
      (step) => this.signedIn(step),
      (error: unknown) => this.signedIn({ refused: this.failed(error), isGuess: false }),
    );
  }

  private signedIn(step: SignInStep): Pending<Turn> {
    if ('challenge' in step) return { reply: { code: 334, lines: [step.challenge] } };
    this.signIn = undefined;
    if ('user' in step) {
      this.session.user = step.user;
      return { reply: replyOf(SIGNED_IN) };
    }
    if (!step.isGuess) return this.faulty(step.refused);
    const { host, timeouts } = this.shared;
    const patience = timeouts.authDelayMs * 2 ** this.guesses++;
    const said = this.guesses >= AUTH_FAILURES_LIMIT ? TOO_MANY_GUESSES : step.refused;
    return sleep(host.clock, patience).then(() => this.faulty(said));
  }

  /** A mistake of the client, of which there may not be too many. */
  private faulty(outcome: Outcome): Turn {
    const said = this.session.fault() ?? outcome;
    return turnOf(said);
  }
}

/** 421 ends the session (RFC 5321 §3.8). */
function turnOf(outcome: Outcome): Turn {
  if (outcome.drop) return { next: 'drop' };
  return { reply: replyOf(outcome), ...(outcome.code === 421 && { next: 'close' as const }) };
}

function refusalOf({ reply = 500, enhanced, message }: SmtpError): Outcome {
  return { code: reply, enhanced, text: message };
}

function helpLines(text: string): string[] {
  const verb = text.toUpperCase();
  if (Object.hasOwn(USAGE, verb)) return [`2.0.0 ${USAGE[verb as Verb]}`];
  const forms = Object.values(USAGE).map((form) => `2.0.0 ${form}`);
  return ['2.0.0 Mail goes by EHLO, MAIL, RCPT, DATA and QUIT (RFC 5321):', ...forms];
}

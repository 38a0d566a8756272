/** The server's words: what is answered to each line. No bytes of the connection pass here. */
import { utf8 } from '../lib/bytes.ts';
import { hasCode } from '../lib/errors.ts';
import type { Line } from '../lib/lines.ts';
import type { MessageEntry } from '../mail/index.ts';
import { sleep } from '../net/index.ts';
import { AUTH_FAILURES_LIMIT } from './defaults.ts';
import { Pop3Error } from './errors.ts';
import { capabilityLines } from './machine/capabilities.ts';
import { assertInOrder, type State } from './machine/order.ts';
import {
  BYE,
  ENCRYPT_FIRST,
  FAILED,
  GONE,
  NO_APOP,
  NO_TLS,
  NOT_REMOVED,
  no,
  READY_FOR_TLS,
  SECURE_ALREADY,
  STLS_AFTER_UTF8,
  TOO_MANY_ERRORS,
  yes,
} from './machine/responses.ts';
import { type Mailbox, openMailbox } from './mailbox.ts';
import type { ServerShared } from './server-shared.ts';
import {
  beginSignIn,
  checkDigest,
  checkPassword,
  type SignIn,
  type SignInAnswer,
  type SignInStep,
  timestamp,
} from './sign-in.ts';
import type { Command, Response, Verb } from './types.ts';
import { lineText, parseCommand } from './wire/command.ts';

/** What follows a line: a response or a challenge, and what comes next on the connection. */
export interface Turn {
  readonly response?: Response;
  readonly challenge?: string;
  /** The lines of a multi-line response, without its dots. */
  readonly body?: Iterable<Uint8Array>;
  readonly next?: 'close' | 'secure';
}

type Pending<T> = T | Promise<T>;
type Of<V extends Verb> = Extract<Command, { type: V }>;

export class Dialogue {
  private readonly shared: ServerShared;
  private readonly stamp: string;
  private isSecure: boolean;
  private state: State = 'authorization';
  private name = '';
  private isUtf8 = false;
  private signIn: SignIn | undefined;
  private mailbox: Mailbox | undefined;
  private errors = 0;
  private guesses = 0;
  private gone = false;

  constructor(shared: ServerShared, isSecure: boolean) {
    this.shared = shared;
    this.isSecure = isSecure;
    this.stamp = shared.apop(isSecure) ? timestamp(shared) : '';
  }

  /** RFC 1939 §4, §7. */
  greeting(): Response {
    return yes(`${this.shared.hostname} toplayer POP3 ${this.stamp}`.trimEnd());
  }

  line(line: Line): Pending<Turn> {
    if (this.signIn) return this.signingIn(this.signIn.line(line));
    try {
      return this.obey(parseCommand(lineText(line)));
    } catch (error) {
      return this.sorry(error);
    }
  }

  /** RFC 2595 §4: what was said before TLS is forgotten. */
  secured(): void {
    this.isSecure = true;
    this.state = 'authorization';
    this.name = '';
    this.isUtf8 = false;
  }

  /** No more is said. What QUIT began is brought to its end. */
  close(): void {
    if (this.gone) return;
    this.gone = true;
    if (this.state !== 'update') this.mailbox?.release();
  }

  private obey(command: Command): Pending<Turn> {
    assertInOrder(command.type, this.state);
    switch (command.type) {
      case 'USER':
      case 'PASS':
      case 'APOP':
      case 'AUTH':
        return this.authorize(command);
      case 'STLS':
        return this.startTls();
      case 'UTF8':
        this.isUtf8 = true;
        return said('UTF-8 from here on');
      case 'CAPA':
        return { response: yes('Capability list follows'), body: [asLines(this.capabilities())] };
      case 'QUIT':
        return this.quit();
      default:
        return this.transact(command, this.mailbox as Mailbox);
    }
  }

  private authorize(command: Of<'USER' | 'PASS' | 'APOP' | 'AUTH'>): Pending<Turn> {
    switch (command.type) {
      case 'USER':
        return this.user(command);
      case 'PASS':
        this.state = 'authorization';
        return this.signingIn(checkPassword(this.shared, this.name, command.password));
      case 'APOP':
        if (this.stamp === '') return this.faulty(NO_APOP);
        return this.signingIn(checkDigest(this.shared, this.stamp, command));
      case 'AUTH':
        return this.authenticate(command);
    }
  }

  /** Whether there is such a user is not told (RFC 1939 §13). */
  private user({ name }: Of<'USER'>): Turn {
    if (!this.shared.plaintext(this.isSecure)) return this.faulty(ENCRYPT_FIRST);
    this.state = 'named';
    this.name = name;
    return said('And the password?');
  }

  private authenticate(command: Of<'AUTH'>): Pending<Turn> {
    if (command.mechanism === undefined) {
      const body = [asLines(this.shared.mechanisms(this.isSecure))];
      return { response: yes('Mechanisms follow'), body };
    }
    const attempt = beginSignIn(this.shared, this.isSecure, command);
    if ('ok' in attempt) return this.faulty(attempt);
    this.signIn = attempt;
    return this.signingIn(attempt.begin());
  }

  private signingIn(answer: SignInAnswer): Pending<Turn> {
    if (!(answer instanceof Promise)) return this.signedIn(answer);
    return answer.then(
      (step) => this.signedIn(step),
      (error: unknown) => {
        this.signIn = undefined;
        return this.sorry(error);
      },
    );
  }

  private signedIn(step: SignInStep): Pending<Turn> {
    if ('challenge' in step) return { challenge: step.challenge };
    this.signIn = undefined;
    if ('user' in step) return this.enter(step.user);
    return step.isGuess ? this.guessed(step.refused) : this.faulty(step.refused);
  }

  /** Who guesses waits (RFC 1939 §13). */
  private async guessed(response: Response): Promise<Turn> {
    const { host, timeouts } = this.shared;
    await sleep(host.clock, timeouts.failureDelayMs);
    const turn = this.faulty(response);
    return ++this.guesses < AUTH_FAILURES_LIMIT ? turn : { ...turn, next: 'close' };
  }

  private enter(user: string): Turn {
    if (this.gone) return {};
    try {
      const mailbox = openMailbox(this.shared.store, user);
      if ('ok' in mailbox) return this.faulty(mailbox);
      this.mailbox = mailbox;
      this.state = 'transaction';
      return said(`${counted(mailbox.drop.count)}, ${mailbox.drop.size} octets`);
    } catch (error) {
      return this.sorry(error);
    }
  }

  private startTls(): Turn {
    if (this.isSecure) return this.faulty(SECURE_ALREADY);
    if (!this.shared.certificates) return this.faulty(NO_TLS);
    // RFC 6856 §2.1.
    if (this.isUtf8) return this.faulty(STLS_AFTER_UTF8);
    return { response: READY_FOR_TLS, next: 'secure' };
  }

  private capabilities(): string[] {
    const { mechanisms, plaintext, certificates } = this.shared;
    return capabilityLines({
      plaintext: plaintext(this.isSecure),
      mechanisms: mechanisms(this.isSecure),
      // RFC 2595 §4: where it is permitted in the current state.
      startTls: certificates !== undefined && !this.isSecure && this.state !== 'transaction',
    });
  }

  private transact(
    command: Of<'STAT' | 'LIST' | 'UIDL' | 'RETR' | 'TOP' | 'DELE' | 'NOOP' | 'RSET'>,
    mailbox: Mailbox,
  ): Turn {
    const { drop } = mailbox;
    switch (command.type) {
      case 'STAT':
        return said(`${drop.count} ${drop.size}`);
      case 'LIST':
        return list(mailbox, command.message, ({ size }) => size);
      case 'UIDL':
        return list(mailbox, command.message, (entry) => mailbox.uniqueId(entry));
      case 'RETR':
      case 'TOP':
        return this.send(command, mailbox);
      case 'DELE':
        drop.delete(command.message);
        return said(`Message ${command.message} will be deleted at QUIT`);
      case 'RSET':
        drop.reset();
        return said(`${counted(drop.count)}, ${drop.size} octets`);
      case 'NOOP':
        return said('Here I am');
    }
  }

  private send(command: Of<'RETR' | 'TOP'>, mailbox: Mailbox): Turn {
    const { drop } = mailbox;
    const entry = drop.message(command.message);
    if (command.type === 'TOP') {
      const body = mailbox.top(entry, command.lines, this.isUtf8);
      return { response: yes('Top of message follows'), body };
    }
    const { body, size } = mailbox.content(entry, this.isUtf8);
    return { response: yes(`${size} octets`), body };
  }

  /** RFC 1939 §6: only here are messages removed, and `+OK` is said when they are. */
  private quit(): Pending<Turn> {
    const { mailbox } = this;
    this.state = 'update';
    if (!mailbox) return { response: BYE, next: 'close' };
    const done = (response: Response): Turn => {
      mailbox.release();
      return { response, next: 'close' };
    };
    if (mailbox.drop.deleted.length === 0) return done(BYE);
    return mailbox.removeDeleted().then(
      (words) => done(yes(words)),
      (error: unknown) => {
        this.shared.report(error);
        return done(NOT_REMOVED);
      },
    );
  }

  /** An error becomes words; one that is not the client's is reported. */
  private sorry(error: unknown): Turn {
    if (error instanceof Pop3Error) return this.faulty(no(error.message));
    if (hasCode(error, 'MAIL_GONE')) return { response: GONE };
    this.shared.report(error);
    return { response: FAILED };
  }

  /** A mistake of the client, of which there may not be too many. */
  private faulty(response: Response): Turn {
    if (++this.errors <= this.shared.errorsLimit) return { response };
    return { response: TOO_MANY_ERRORS, next: 'close' };
  }
}

function said(text: string): Turn {
  return { response: yes(text) };
}

function counted(messages: number): string {
  return `${messages} message${messages === 1 ? '' : 's'}`;
}

function asLines(texts: readonly string[]): Uint8Array {
  return utf8(texts.map((text) => `${text}\r\n`).join(''));
}

/** LIST or UIDL: of one message, or of all (RFC 1939 §5, §7). */
function list(
  { drop }: Mailbox,
  number: number | undefined,
  shown: (entry: MessageEntry) => string | number,
): Turn {
  if (number !== undefined) return said(`${number} ${shown(drop.message(number))}`);
  return { response: yes(counted(drop.count)), body: drop.listing(shown) };
}

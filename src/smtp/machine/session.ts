/** The server's side of a session: what it knows, what it allows, how it goes on. */
import type { Endpoint } from '../../lib/endpoint.ts';
import type { Command, Outcome, Peer } from '../types.ts';
import { ORDER, type State } from './order.ts';
import {
  AUTH_FIRST,
  isPositive,
  NO_AUTH,
  NO_TLS,
  outOfOrder,
  TLS_FIRST,
  TOO_LARGE,
  TOO_MANY_COMMANDS,
  TOO_MANY_ERRORS,
  TOO_MANY_RECIPIENTS,
} from './outcomes.ts';

export interface SessionRules {
  readonly hostname: string;
  /** STARTTLS can be asked for. */
  readonly startTls: boolean;
  readonly requireTls: boolean;
  /** AUTH can be asked for. */
  readonly auth: boolean;
  readonly requireAuth: boolean;
  readonly sizeLimit: number;
  readonly recipientsLimit: number;
  readonly errorsLimit: number;
  readonly idleCommandsLimit: number;
}

/** RFC 3207 §4 and RFC 6409 §4.3: what is answered to anybody. */
const FREE: ReadonlySet<string> = new Set(['EHLO', 'HELO', 'NOOP', 'RSET', 'HELP', 'QUIT']);

export class Session implements Peer {
  readonly remote: Endpoint;
  readonly local: Endpoint;
  readonly hostname: string;
  hello = '';
  extended = false;
  secure: boolean;
  user: string | undefined;
  state: State = 'fresh';
  /** The transaction was begun with SMTPUTF8. */
  utf8 = false;
  private readonly rules: SessionRules;
  private recipients = 0;
  private errors = 0;
  private idle = 0;

  constructor(
    rules: SessionRules,
    { remote, local, secure }: Pick<Peer, 'remote' | 'local' | 'secure'>,
  ) {
    this.rules = rules;
    this.hostname = rules.hostname;
    this.remote = remote;
    this.local = local;
    this.secure = secure;
  }

  /** Why a command is not obeyed now; undefined when it may be. */
  refusal(command: Command): Outcome | undefined {
    if (
      command.type !== 'RCPT' &&
      command.type !== 'QUIT' &&
      ++this.idle > this.rules.idleCommandsLimit
    )
      return TOO_MANY_COMMANDS;
    const words = ORDER[command.type][this.state];
    return this.unmet(command) ?? (words === undefined ? this.excess(command) : outOfOrder(words));
  }

  /** What must come first, whatever the order of commands. */
  private unmet({ type }: Command): Outcome | undefined {
    const { startTls, requireTls, auth, requireAuth } = this.rules;
    if (type === 'STARTTLS') {
      if (this.secure) return outOfOrder('The connection is secure already');
      return startTls ? undefined : NO_TLS;
    }
    if (requireTls && !this.secure && !FREE.has(type)) return TLS_FIRST;
    if (type === 'AUTH') {
      if (this.user !== undefined) return outOfOrder('You have signed in already');
      return auth ? undefined : NO_AUTH;
    }
    return requireAuth && this.user === undefined && !FREE.has(type) ? AUTH_FIRST : undefined;
  }

  private excess(command: Command): Outcome | undefined {
    const { sizeLimit, recipientsLimit } = this.rules;
    if (command.type === 'MAIL' && (command.options.size ?? 0) > sizeLimit) return TOO_LARGE;
    const isFull = this.recipients >= recipientsLimit;
    return command.type === 'RCPT' && isFull ? TOO_MANY_RECIPIENTS : undefined;
  }

  /** A command was answered: the state that follows. */
  settle(command: Command, outcome: Outcome): void {
    if (!isPositive(outcome)) return;
    switch (command.type) {
      case 'EHLO':
      case 'HELO':
        this.extended = command.type === 'EHLO';
        this.hello = command.name;
        this.end();
        break;
      case 'MAIL':
        this.state = 'sender';
        this.utf8 = command.options.utf8 ?? false;
        break;
      case 'RCPT':
        this.state = 'recipients';
        this.recipients++;
        break;
      case 'BDAT':
        this.state = 'chunks';
        break;
      case 'RSET':
        this.end();
    }
  }

  /** The transaction is over. `accepted`: a message came of it. */
  end(accepted = false): void {
    if (this.state !== 'fresh' || this.hello !== '') this.state = 'greeted';
    this.utf8 = false;
    this.recipients = 0;
    if (accepted) this.idle = 0;
  }

  /** A command that could not be obeyed; gives the last word when there were too many. */
  fault(): Outcome | undefined {
    return ++this.errors > this.rules.errorsLimit ? TOO_MANY_ERRORS : undefined;
  }

  /** RFC 3207 §4.2: what was said before TLS is forgotten. */
  secured(): void {
    this.secure = true;
    this.hello = '';
    this.extended = false;
    this.user = undefined;
    this.state = 'fresh';
    this.utf8 = false;
    this.recipients = 0;
  }
}

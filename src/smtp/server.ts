/** A server of SMTP on any host: for relays (port 25) and for submission (587, and 465 under TLS). */
import type { Address } from '../lib/endpoint.ts';
import { UsageError } from '../lib/errors.ts';
import {
  type Connection,
  Conversations,
  type Host,
  type SecureServer,
  type Server,
} from '../net/index.ts';
import { type Mechanism, offered, type SaslUsers } from '../sasl/index.ts';
import { SmtpConversation } from './conversation.ts';
import {
  AUTH_DELAY_MS,
  BACKEND_TIMEOUT_MS,
  COMMAND_TIMEOUT_MS,
  ERRORS_LIMIT,
  IDLE_COMMANDS_LIMIT,
  MESSAGE_SIZE_LIMIT,
  RECIPIENTS_LIMIT,
  SESSIONS_LIMIT,
  SMTP_PORT,
  SUBMISSION_PORT,
  SUBMISSIONS_PORT,
  TRANSFER_TIMEOUT_MS,
} from './defaults.ts';
import { TOO_MANY_SESSIONS } from './machine/outcomes.ts';
import type { ServerShared, ServerTimeouts } from './server-shared.ts';
import type { MailBackend } from './types.ts';
import { encodeReply, replyOf } from './wire/reply.ts';

export interface SmtpServerOptions extends Partial<ServerTimeouts> {
  readonly backend: MailBackend;
  /** Default: 25; 587 for submission, 465 under TLS. 0 takes a free one. */
  readonly port?: number;
  readonly address?: Address;
  /** What it calls itself; default: the host's name. */
  readonly hostname?: string;
  /** Certificates: STARTTLS is offered, or with `implicitTls` TLS comes before all else (RFC 8314 §3.3). */
  readonly secure?: Pick<SecureServer, 'certificateFor'>;
  readonly implicitTls?: boolean;
  /** Nothing of weight is said without TLS (RFC 3207 §4). Not for a relay that is open to the Internet. */
  readonly requireTls?: boolean;
  /** Who may sign in. PLAIN and LOGIN are for secure connections only, unless `plaintext` says otherwise. */
  readonly users?: SaslUsers;
  readonly plaintext?: boolean;
  /** Submission (RFC 6409 §4.3): who has not signed in sends nothing. Default: with `users` on another port than 25. */
  readonly requireAuth?: boolean;
  /** Bytes of one message; told by SIZE. */
  readonly sizeLimit?: number;
  readonly recipientsLimit?: number;
  readonly errorsLimit?: number;
  readonly idleCommandsLimit?: number;
  readonly sessionsLimit?: number;
  /** Told of errors of the backend; the client only hears that there was one. */
  readonly onError?: (error: unknown) => void;
}

/** Listens, and gives mail to `backend` until closed. */
export async function serveSmtp(host: Host, options: SmtpServerOptions): Promise<Server> {
  const { implicitTls = false, secure, address, sessionsLimit = SESSIONS_LIMIT } = options;
  if ((secure || implicitTls) && !host.network.secure) {
    throw new UsageError('this network does not speak TLS');
  }
  if (implicitTls && !secure) throw new UsageError('implicit TLS needs certificates: `secure`');
  const port = options.port ?? usualPort(options);
  const shared = sharedOf(host, options, port);
  const conversations = new Conversations();
  const converse = (connection: Connection): void => {
    if (conversations.size >= sessionsLimit) {
      conversations.turnAway(host.clock, connection, encodeReply(replyOf(TOO_MANY_SESSIONS)));
      return;
    }
    const conversation = new SmtpConversation(shared, connection, implicitTls, () =>
      conversations.delete(conversation),
    );
    conversations.add(conversation);
  };
  const service = implicitTls ? 'submissions' : 'smtp';
  const listener = await host.network.listen(
    { port, service, ...(address !== undefined && { address }) },
    implicitTls && secure ? (plain) => handshake(host, plain, secure, converse) : converse,
  );
  return {
    local: listener.local,
    async close({ graceMs } = {}) {
      const stopped = listener.close();
      await conversations.close(host.clock, graceMs);
      await stopped;
    },
  };
}

function usualPort({
  implicitTls,
  users,
  requireAuth = users !== undefined,
}: SmtpServerOptions): number {
  if (implicitTls) return SUBMISSIONS_PORT;
  return requireAuth ? SUBMISSION_PORT : SMTP_PORT;
}

function sharedOf(host: Host, options: SmtpServerOptions, port: number): ServerShared {
  const { backend, users, secure, plaintext = false, onError } = options;
  const mechanisms = (isSecure: boolean): readonly Mechanism[] =>
    users ? offered(users, isSecure || plaintext) : [];
  return {
    host,
    backend,
    users,
    mechanisms,
    certificates: secure,
    disguise: host.random.bytes(32),
    report: onError ?? (() => {}),
    rules: {
      hostname: options.hostname ?? host.name.replace(/[^\w.-]+/g, '-'),
      startTls: secure !== undefined && !options.implicitTls,
      requireTls: options.requireTls ?? false,
      auth: users !== undefined,
      requireAuth: options.requireAuth ?? (users !== undefined && port !== SMTP_PORT),
      sizeLimit: options.sizeLimit ?? MESSAGE_SIZE_LIMIT,
      recipientsLimit: options.recipientsLimit ?? RECIPIENTS_LIMIT,
      errorsLimit: options.errorsLimit ?? ERRORS_LIMIT,
      idleCommandsLimit: options.idleCommandsLimit ?? IDLE_COMMANDS_LIMIT,
    },
    timeouts: {
      commandMs: options.commandMs ?? COMMAND_TIMEOUT_MS,
      transferMs: options.transferMs ?? TRANSFER_TIMEOUT_MS,
      backendMs: options.backendMs ?? BACKEND_TIMEOUT_MS,
      authDelayMs: options.authDelayMs ?? AUTH_DELAY_MS,
    },
  };
}

/** A client that fails it has been told so by TLS itself. */
function handshake(
  { network }: Host,
  plain: Connection,
  secure: Pick<SecureServer, 'certificateFor'>,
  converse: (connection: Connection) => void,
): void {
  network.secure?.(plain, { role: 'server', ...secure }).then(converse, () => {});
}

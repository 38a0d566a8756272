/** A server of IMAP on any host, before a mailbox store. */
import type { Address } from '../lib/endpoint.ts';
import { UsageError } from '../lib/errors.ts';
import type { MailStore } from '../mail/index.ts';
import {
  type Connection,
  Conversations,
  type Host,
  type SecureServer,
  type Server,
} from '../net/index.ts';
import { type Mechanism, offered, type SaslUsers } from '../sasl/index.ts';
import { ImapConversation } from './conversation.ts';
import {
  APPEND_LIMIT,
  AUTH_DELAY_MS,
  AUTOLOGOUT_MS,
  COMMAND_TIMEOUT_MS,
  ERRORS_LIMIT,
  IMAP_PORT,
  IMAPS_PORT,
  LOGIN_TIMEOUT_MS,
  SEND_TIMEOUT_MS,
  SESSIONS_LIMIT,
  TRANSFER_TIMEOUT_MS,
} from './defaults.ts';
import type { ServerShared, ServerTimeouts } from './server-shared.ts';

export interface ImapServerOptions extends Partial<ServerTimeouts> {
  readonly store: MailStore;
  /** Default: 143; 993 under TLS. 0 takes a free one. */
  readonly port?: number;
  readonly address?: Address;
  /** What it calls itself; default: the host's name. */
  readonly hostname?: string;
  /** Certificates: STARTTLS is offered, or with `implicitTls` TLS comes before all else (RFC 8314 §3.2). */
  readonly secure?: Pick<SecureServer, 'certificateFor'>;
  readonly implicitTls?: boolean;
  /** Who may sign in; default: the store's accounts. */
  readonly users?: SaslUsers;
  /** LOGIN, and AUTHENTICATE by PLAIN and LOGIN, without TLS too. */
  readonly plaintext?: boolean;
  /** Offer COMPRESS; default: yes. */
  readonly compress?: boolean;
  /** Octets of one message. */
  readonly appendLimit?: number;
  readonly errorsLimit?: number;
  readonly sessionsLimit?: number;
  /** Told of errors of the store; the client only hears that there was one. */
  readonly onError?: (error: unknown) => void;
}

/** Listens, and serves the mail of `store` until closed. */
export async function serveImap(host: Host, options: ImapServerOptions): Promise<Server> {
  const { implicitTls = false, secure, address, sessionsLimit = SESSIONS_LIMIT } = options;
  if ((secure || implicitTls) && !host.network.secure) {
    throw new UsageError('this network does not speak TLS');
  }
  if (implicitTls && !secure) throw new UsageError('implicit TLS needs certificates: `secure`');
  const port = options.port ?? (implicitTls ? IMAPS_PORT : IMAP_PORT);
  const shared = sharedOf(host, options);
  const conversations = new Conversations();
  const converse = (connection: Connection): void => {
    if (conversations.size >= sessionsLimit) {
      conversations.turnAway(host.clock, connection, BUSY);
      return;
    }
    const conversation = new ImapConversation(shared, connection, implicitTls, () =>
      conversations.delete(conversation),
    );
    conversations.add(conversation);
  };
  const service = implicitTls ? 'imaps' : 'imap';
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

function sharedOf(host: Host, options: ImapServerOptions): ServerShared {
  const { store, secure, plaintext = false, users = store.users, onError } = options;
  const mechanisms = (isSecure: boolean): readonly Mechanism[] =>
    offered(users, isSecure || plaintext);
  return {
    host,
    store,
    users,
    mechanisms,
    certificates: secure,
    disguise: host.random.bytes(32),
    report: onError ?? (() => {}),
    rules: {
      hostname: options.hostname ?? host.name.replace(/[^\w.-]+/g, '-'),
      startTls: secure !== undefined && !options.implicitTls,
      plaintext,
      compress: options.compress ?? true,
      appendLimit: options.appendLimit ?? APPEND_LIMIT,
      errorsLimit: options.errorsLimit ?? ERRORS_LIMIT,
    },
    timeouts: {
      autologoutMs: options.autologoutMs ?? AUTOLOGOUT_MS,
      loginMs: options.loginMs ?? LOGIN_TIMEOUT_MS,
      transferMs: options.transferMs ?? TRANSFER_TIMEOUT_MS,
      commandMs: options.commandMs ?? COMMAND_TIMEOUT_MS,
      sendMs: options.sendMs ?? SEND_TIMEOUT_MS,
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

const BUSY = new TextEncoder().encode('* BYE [UNAVAILABLE] Too many sessions; try again later\r\n');

/** A server of POP3 on any host, on port 110 and under TLS on 995. */
import type { Address } from '../lib/endpoint.ts';
import { UsageError } from '../lib/errors.ts';
import {
  type Connection,
  Conversations,
  type Host,
  type SecureServer,
  type Server,
} from '../net/index.ts';
import { offered } from '../sasl/index.ts';
import { Pop3Conversation } from './conversation.ts';
import {
  ERRORS_LIMIT,
  FAILURE_DELAY_MS,
  IDLE_TIMEOUT_MS,
  POP3_PORT,
  POP3S_PORT,
  SESSIONS_LIMIT,
  STORE_TIMEOUT_MS,
} from './defaults.ts';
import { TOO_MANY_SESSIONS } from './machine/responses.ts';
import type { ServerShared, ServerTimeouts } from './server-shared.ts';
import type { Pop3Store } from './store.ts';
import { encodeResponse } from './wire/response.ts';

export interface Pop3ServerOptions extends Partial<ServerTimeouts> {
  readonly store: Pop3Store;
  /** Default: 110, or 995 under TLS. 0 takes a free one. */
  readonly port?: number;
  readonly address?: Address;
  /** What it calls itself; default: the host's name. */
  readonly hostname?: string;
  /** Certificates: STLS is offered, or with `implicitTls` TLS comes before all else (RFC 8314 §3.2). */
  readonly secure?: Pick<SecureServer, 'certificateFor'>;
  readonly implicitTls?: boolean;
  /** Nobody signs in without TLS, by whatever means. */
  readonly requireTls?: boolean;
  /** USER, PASS, PLAIN and LOGIN without TLS too: the class types them at telnet. */
  readonly plaintext?: boolean;
  /** The greeting has a timestamp for APOP. Default: where an account keeps its password when the server starts. */
  readonly apop?: boolean;
  readonly errorsLimit?: number;
  readonly sessionsLimit?: number;
  /** Told of errors of the store; the client only hears that there was one. */
  readonly onError?: (error: unknown) => void;
}

/** Listens, and gives out the mail of `store` until closed. */
export async function servePop3(host: Host, options: Pop3ServerOptions): Promise<Server> {
  const { implicitTls = false, secure, address, sessionsLimit = SESSIONS_LIMIT } = options;
  if ((secure || implicitTls) && !host.network.secure) {
    throw new UsageError('this network does not speak TLS');
  }
  if (implicitTls && !secure) throw new UsageError('implicit TLS needs certificates: `secure`');
  const shared = sharedOf(host, options);
  const conversations = new Conversations();
  const converse = (connection: Connection): void => {
    if (conversations.size >= sessionsLimit) {
      conversations.turnAway(host.clock, connection, encodeResponse(TOO_MANY_SESSIONS));
      return;
    }
    const conversation = new Pop3Conversation(shared, connection, implicitTls, () =>
      conversations.delete(conversation),
    );
    conversations.add(conversation);
  };
  const port = options.port ?? (implicitTls ? POP3S_PORT : POP3_PORT);
  const service = implicitTls ? 'pop3s' : 'pop3';
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

function sharedOf(host: Host, options: Pop3ServerOptions): ServerShared {
  const { store, secure, plaintext = false, requireTls = false } = options;
  const isOpen = (isSecure: boolean): boolean => isSecure || !requireTls;
  const showsSecrets = (isSecure: boolean): boolean => isOpen(isSecure) && (isSecure || plaintext);
  const apop =
    options.apop ?? store.accounts().some(({ name }) => store.secretOf(name) !== undefined);
  return {
    host,
    store,
    hostname: options.hostname ?? host.name.replace(/[^\w.-]+/g, '-'),
    mechanisms: (isSecure) =>
      isOpen(isSecure) ? offered(store.users, showsSecrets(isSecure)) : [],
    plaintext: (isSecure) => store.users.verify !== undefined && showsSecrets(isSecure),
    apop: (isSecure) => apop && isOpen(isSecure),
    disguise: host.random.bytes(32),
    certificates: options.implicitTls ? undefined : secure,
    errorsLimit: options.errorsLimit ?? ERRORS_LIMIT,
    timeouts: {
      idleMs: options.idleMs ?? IDLE_TIMEOUT_MS,
      storeMs: options.storeMs ?? STORE_TIMEOUT_MS,
      failureDelayMs: options.failureDelayMs ?? FAILURE_DELAY_MS,
    },
    report: options.onError ?? (() => {}),
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

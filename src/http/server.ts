/** A server of HTTP/1.1 on any host (RFC 9112). */
import type { Address } from '../lib/endpoint.ts';
import { UsageError } from '../lib/errors.ts';
import type { Connection, Host, SecureServer } from '../net/index.ts';
import { Conversations, calendar, type Server } from '../net/index.ts';
import { Deadlines } from './deadlines.ts';
import type { CommonLines } from './exchange.ts';
import { FrozenAnswers } from './frozen-answers.ts';
import { SERVER_LIMITS, type ServerLimits } from './machine/server-connection.ts';
import { ServerConversation } from './server-conversation.ts';
import type { ServerShared } from './server-shared.ts';
import type { Handler } from './types.ts';
import { formatDate } from './wire/date.ts';

export interface HttpServerOptions extends Partial<ServerLimits> {
  readonly handler: Handler;
  /** Default: 80, or 443 where `secure` is given. 0 takes a free one. */
  readonly port?: number;
  /** Speaks TLS with these certificates. */
  readonly secure?: Pick<SecureServer, 'certificateFor'>;
  readonly address?: Address;
  /** What the Server field says; '' leaves it out. */
  readonly serverName?: string;
  /** Told of errors that a handler did not catch; the client only sees 500. */
  readonly onError?: (error: unknown) => void;
}

/** Listens and answers with `handler` until closed. */
export async function serveHttp(host: Host, options: HttpServerOptions): Promise<Server> {
  const { handler, secure, address, serverName = 'toplayer', onError, ...limits } = options;
  const port = options.port ?? (secure ? 443 : 80);
  const conversations = new Conversations();
  const shared: ServerShared = {
    host,
    handler,
    scheme: secure ? 'https' : 'http',
    limits: { ...SERVER_LIMITS, ...limits },
    commonLines: commonLines(host, serverName),
    frozen: new FrozenAnswers(),
    deadlines: new Deadlines(host.clock),
    report: onError ?? (() => {}),
    gone: (conversation) => conversations.delete(conversation),
  };
  const converse = (connection: Connection): void =>
    conversations.add(new ServerConversation(shared, connection));
  const listener = await host.network.listen(
    { port, service: shared.scheme, ...(address === undefined ? {} : { address }) },
    secure ? (plain) => void handshake(host, plain, secure).then(converse, () => {}) : converse,
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

/** A client that fails it has been told so by TLS itself. */
async function handshake(
  { network }: Host,
  plain: Connection,
  secure: Pick<SecureServer, 'certificateFor'>,
): Promise<Connection> {
  if (!network.secure) throw new UsageError('this network does not speak TLS');
  return network.secure(plain, { role: 'server', protocols: ['http/1.1'], ...secure });
}

/** Date and Server (RFC 9110 §6.6.1, §10.2.4), made anew only when the second has changed. */
function commonLines(host: Host, serverName: string): (now: number) => CommonLines {
  const server = serverName === '' ? '' : `Server: ${serverName}\r\n`;
  let until = Number.NEGATIVE_INFINITY;
  let lines = { date: '', server };
  return (now) => {
    if (now >= until) {
      const today = calendar(host.clock);
      lines = { date: `Date: ${formatDate(today)}\r\n`, server };
      until = now + 1000 - (today % 1000);
    }
    return lines;
  };
}

import type { Address, Endpoint } from '../lib/endpoint.ts';
import { NetworkError } from '../lib/errors.ts';
import {
  Conversations,
  type Datagram,
  type DatagramSocket,
  type Host,
  type Listener,
  type Server,
} from '../net/index.ts';
import {
  DNS_PORT,
  EDNS_SIZE,
  PIPELINE_LIMIT,
  SERVER_CONNECTIONS,
  SERVER_QUESTIONS,
  TCP_IDLE_MS,
} from './defaults.ts';
import type { Handler } from './handlers/types.ts';
import { type Response, responder } from './responder.ts';
import { type Respond, TcpConversation, type TcpLimits } from './server-tcp.ts';

export interface DnsServerOptions {
  readonly handler: Handler;
  /** Default 53; 0 takes a free port, the same for UDP and TCP. */
  readonly port?: number;
  readonly address?: Address;
  /** The port is shared with other processes that serve the same; default false. */
  readonly shared?: boolean;
  /** The largest UDP reply to clients with EDNS; default 1,232. */
  readonly udpSize?: number;
  /** TCP connections at a time; default 1,000. */
  readonly connections?: number;
  /** Questions of one connection worked on at a time; default 100. */
  readonly pipeline?: number;
  /** Milliseconds of silence after which a TCP connection is closed; default 10,000. */
  readonly idleMs?: number;
  /** Hears of errors that a handler threw; the client was told SERVFAIL. */
  readonly onError?: (error: unknown) => void;
}

/** Serves DNS on UDP and TCP of one port (RFC 7766 §5: TCP is no option). */
export async function serveDns(host: Host, options: DnsServerOptions): Promise<Server> {
  const server = new DnsServer(host, options);
  await server.start(options);
  return server;
}

/** A free port for UDP may be taken for TCP; then we try another. */
const PORT_TRIES = 8;

class DnsServer implements Server {
  private readonly host: Host;
  private readonly respond: Respond;
  private readonly conversations = new Conversations();
  private readonly limits: TcpLimits;
  private readonly connections: number;
  private socket: DatagramSocket | undefined;
  private listener: Listener | undefined;
  private working = 0;

  constructor(host: Host, options: DnsServerOptions) {
    this.host = host;
    this.respond = responder(options.handler, options.udpSize ?? EDNS_SIZE, options.onError);
    this.connections = options.connections ?? SERVER_CONNECTIONS;
    this.limits = {
      pipeline: options.pipeline ?? PIPELINE_LIMIT,
      idleMs: options.idleMs ?? TCP_IDLE_MS,
    };
  }

  get local(): DatagramSocket['local'] {
    if (!this.socket) throw new NetworkError('closed', 'the server has not started');
    return this.socket.local;
  }

  async start({ port = DNS_PORT, address, shared = false }: DnsServerOptions): Promise<void> {
    const at = { service: 'dns', shared, ...(address === undefined ? {} : { address }) };
    for (let left = PORT_TRIES; ; left--) {
      const socket = await this.host.network.bind({ ...at, port });
      try {
        this.listener = await this.host.network.listen(
          { ...at, port: socket.local.port },
          (connection) => this.accept(connection),
        );
      } catch (error) {
        socket.close();
        const taken = error instanceof NetworkError && error.kind === 'in-use';
        if (port !== 0 || !taken || left === 0) throw error;
        continue;
      }
      this.socket = socket;
      socket.onDatagram((datagram) => this.receive(socket, datagram));
      return;
    }
  }

  async close(options: { graceMs?: number } = {}): Promise<void> {
    const { listener, socket } = this;
    socket?.close();
    await listener?.close();
    await this.conversations.close(this.host.clock, options.graceMs);
  }

  private accept(connection: Parameters<Parameters<Host['network']['listen']>[1]>[0]): void {
    if (this.conversations.size >= this.connections) {
      connection.destroy();
      return;
    }
    const conversation = new TcpConversation(
      connection,
      this.host.clock,
      this.respond,
      this.limits,
      () => this.conversations.delete(conversation),
    );
    this.conversations.add(conversation);
    conversation.start();
  }

  private receive(socket: DatagramSocket, { bytes, from }: Datagram): void {
    if (this.working >= SERVER_QUESTIONS) return;
    const reply = this.respond(bytes, { from, local: socket.local, transport: 'udp' });
    if (!(reply instanceof Promise)) {
      say(socket, reply, from);
      return;
    }
    this.working++;
    reply.then(
      (late) => {
        this.working--;
        say(socket, late, from);
      },
      () => this.working--,
    );
  }
}

/** Several messages are for TCP only: a handler that gives them to UDP is not heard. */
function say(socket: DatagramSocket, reply: Response, to: Endpoint): void {
  if (reply instanceof Uint8Array) socket.send(reply, to);
}

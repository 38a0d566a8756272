/** A WHOIS server: one query, one answer, and the end (RFC 3912 §2). */
import { ProtocolError } from '../lib/errors.ts';
import { type Connection, Conversations, type Host, type Server } from '../net/index.ts';
import { QUERY_TIMEOUT_MS, WHOIS_CONNECTIONS, WHOIS_PORT } from './defaults.ts';
import { encodeAnswer } from './wire/answer.ts';
import { QueryReader } from './wire/query.ts';

export interface WhoisServerOptions {
  readonly port?: number;
  /** The text for a query; lines end with `\n`. */
  readonly answer: (query: string) => string | Promise<string>;
  /** Told of errors of `answer`; the client only sees that there was one. */
  readonly onError?: (error: unknown) => void;
}

const BUSY = encodeAnswer('% Too many queries at a time. Try again later.\n');

export async function serveWhois(host: Host, options: WhoisServerOptions): Promise<Server> {
  const conversations = new Conversations();
  const at = { port: options.port ?? WHOIS_PORT, service: 'whois' };
  const listener = await host.network.listen(at, (connection) => {
    if (conversations.size < WHOIS_CONNECTIONS) converse(host, connection, options, conversations);
    else conversations.turnAway(host.clock, connection, BUSY);
  });
  return {
    local: listener.local,
    async close({ graceMs } = {}) {
      await listener.close();
      await conversations.close(host.clock, graceMs);
    },
  };
}

function converse(
  host: Host,
  connection: Connection,
  { answer, onError }: WhoisServerOptions,
  conversations: Conversations,
): void {
  const reader = new QueryReader();
  let answered = false;
  const conversation = { finish: () => connection.end(), destroy: () => connection.destroy() };
  const patience = host.clock.setTimer(QUERY_TIMEOUT_MS, conversation.destroy);
  conversations.add(conversation);
  const say = (text: string): void => {
    connection.write(encodeAnswer(text));
    connection.end();
  };
  const take = (bytes: Uint8Array): void => {
    if (answered) return;
    const query = read(reader, bytes);
    if (query === undefined) return;
    answered = true;
    if (query instanceof ProtocolError) say(`% ${query.message} (${query.spec})\n`);
    else {
      Promise.resolve(query)
        .then(answer)
        .then(say, (error: unknown) => {
          onError?.(error);
          say('% The server could not answer this query.\n');
        });
    }
  };
  connection.attach({
    onData: take,
    onEnd: () => {
      // A line that only the end of the stream ends is still a question.
      take(Uint8Array.of(10));
    },
    onClose() {
      patience.cancel();
      conversations.delete(conversation);
    },
  });
}

function read(reader: QueryReader, bytes: Uint8Array): string | ProtocolError | undefined {
  try {
    return reader.push(bytes);
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}

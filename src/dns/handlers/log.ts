import type { Endpoint } from '../../lib/endpoint.ts';
import type { Clock } from '../../net/index.ts';
import type { Transport } from '../../trace/index.ts';
import type { Message, Question, Rcode } from '../types.ts';
import type { Link } from './types.ts';

export interface LogEntry {
  /** Milliseconds on the host's clock when the query came, and how long the reply took. */
  readonly at: number;
  readonly took: number;
  readonly from: Endpoint;
  readonly transport: Transport;
  readonly question: Question | undefined;
  readonly rcode: Rcode;
  readonly answers: number;
}

/** Tells of each query that the links after it have answered. */
export function log(clock: Clock, tell: (entry: LogEntry) => void): Link {
  return (next) => (request) => {
    const at = clock.now();
    const done = (reply: Message): Message => {
      const { from, transport, question } = request;
      const { rcode, answers } = reply;
      const took = clock.now() - at;
      tell({ at, took, from, transport, question, rcode, answers: answers.length });
      return reply;
    };
    const reply = next(request);
    return reply instanceof Promise ? reply.then(done) : done(reply);
  };
}

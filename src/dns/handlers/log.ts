import type { Endpoint } from '../../lib/endpoint.ts';
import type { Clock } from '../../net/index.ts';
import type { Transport } from '../../trace/index.ts';
import type { Question, Rcode } from '../types.ts';
import { isMessage } from './reply.ts';
import type { Link, Reply } from './types.ts';

export interface LogEntry {
  /** Milliseconds on the host's clock when the query came, and how long the reply took. */
  readonly at: number;
  readonly took: number;
  readonly from: Endpoint;
  readonly transport: Transport;
  readonly question: Question | undefined;
  /** Nothing where no reply was given. */
  readonly rcode: Rcode | undefined;
  readonly answers: number;
}

/** Tells of each query that the links after it have answered. */
export function log(clock: Clock, tell: (entry: LogEntry) => void): Link {
  return (next) => (request) => {
    const at = clock.now();
    const done = (reply: Reply): Reply => {
      const { from, transport, question } = request;
      const took = clock.now() - at;
      const entry = { at, took, from, transport, question };
      if (isMessage(reply)) tell({ ...entry, rcode: reply.rcode, answers: reply.answers.length });
      else tell({ ...entry, rcode: reply && 'NOERROR', answers: 0 });
      return reply;
    };
    const reply = next(request);
    return reply instanceof Promise ? reply.then(done) : done(reply);
  };
}

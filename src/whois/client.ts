/** Asks WHOIS servers, and goes where they refer to. */
import { fromUtf8 } from '../lib/bytes.ts';
import { type Endpoint, endpointText, parseEndpoint } from '../lib/endpoint.ts';
import { NetworkError } from '../lib/errors.ts';
import { ByteReader, type Host, type Lookup } from '../net/index.ts';
import { ANSWER_LIMIT, ANSWER_TIMEOUT_MS, REFERRALS, WHOIS_PORT } from './defaults.ts';
import { tooManyReferrals } from './errors.ts';
import type { WhoisStep } from './types.ts';
import { referralOf } from './wire/answer.ts';
import { encodeQuery } from './wire/query.ts';

export interface WhoisOptions {
  readonly signal?: AbortSignal;
  /** For the whole answer of one server. */
  readonly timeoutMs?: number;
}

/** One query to one server: its answer, its lines ended by `\n`. */
export async function queryWhois(
  host: Host,
  server: Endpoint,
  query: string,
  options: WhoisOptions = {},
): Promise<string> {
  const { signal, timeoutMs = ANSWER_TIMEOUT_MS } = options;
  const bytes = encodeQuery(query);
  const connection = await host.network.connect(server, { timeoutMs, ...(signal && { signal }) });
  const reader = new ByteReader(connection);
  const late = new NetworkError(
    'timeout',
    `no whole answer of ${endpointText(server)} in ${timeoutMs} ms`,
  );
  let broken: NetworkError | undefined;
  const abort = (error: NetworkError): void => {
    broken = error;
    connection.destroy();
  };
  const timer = host.clock.setTimer(timeoutMs, () => abort(late));
  const aborted = (): void => abort(new NetworkError('aborted', 'the query was aborted'));
  signal?.addEventListener('abort', aborted, { once: true });
  try {
    await reader.write(bytes);
    const answer = await reader.readAll(ANSWER_LIMIT);
    if (broken) throw broken;
    return fromUtf8(answer).replace(/\r\n?/g, '\n');
  } catch (error) {
    throw broken ?? error;
  } finally {
    timer.cancel();
    signal?.removeEventListener('abort', aborted);
    reader.end();
  }
}

export interface WalkOptions extends WhoisOptions {
  /** Told of each server's answer as it comes. */
  readonly onStep?: (step: WhoisStep) => void;
}

/** Asks `server` (`host` or `host:port`), then whom it refers to, until somebody has the last word. */
export async function whois(
  host: Host,
  lookup: Lookup,
  query: string,
  server: string,
  options: WalkOptions = {},
): Promise<WhoisStep[]> {
  const steps: WhoisStep[] = [];
  for (let next: string | undefined = server; next !== undefined; ) {
    if (steps.some((step) => step.server === next)) break;
    if (steps.length > REFERRALS) throw tooManyReferrals(REFERRALS, next);
    const { address: name, port } = parseEndpoint(next, WHOIS_PORT);
    const { signal } = options;
    const [address = name] = await lookup(name, signal ? { signal } : {});
    const text = await queryWhois(host, { address, port }, query, options);
    const step: WhoisStep = { server: next, text };
    steps.push(step);
    options.onStep?.(step);
    next = referralOf(text);
  }
  return steps;
}

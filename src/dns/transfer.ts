/** Whole zones from their primary: AXFR as a client (RFC 5936). */
import { deferred } from '../lib/deferred.ts';
import { type Endpoint, endpointText } from '../lib/endpoint.ts';
import { NetworkError, ProtocolError } from '../lib/errors.ts';
import { below, type CloseReason, type Host, type Timer } from '../net/index.ts';
import { TRANSFER_RECORDS, TRANSFER_TIMEOUT_MS } from './defaults.ts';
import { DnsError } from './errors.ts';
import { message, question } from './message.ts';
import { isWithin, plainName, sameName } from './name.ts';
import type { Message, Name, ResourceRecord } from './types.ts';
import { decodeMessage, encodeMessage, frame, Unframer } from './wire/index.ts';

export interface TransferInOptions {
  /** Milliseconds for each message; default 15,000. */
  readonly timeoutMs?: number;
  /** Records that are taken at most; default 1,000,000. */
  readonly records?: number;
  readonly signal?: AbortSignal;
}

/**
 * Fetches a zone. Its SOA comes first and only once. Throws DnsError: DNS_REFUSED, DNS_TIMEOUT,
 * DNS_UNREACHABLE, DNS_BAD_REPLY, DNS_ABORTED.
 */
export async function transferZone(
  host: Host,
  server: Endpoint,
  origin: Name,
  options: TransferInOptions = {},
): Promise<ResourceRecord[]> {
  const { timeoutMs = TRANSFER_TIMEOUT_MS, signal } = options;
  const query = message({
    id: below(host.random, 65_536),
    questions: [question(origin, 'AXFR')],
  });
  const connection = await host.network
    .connect(server, { timeoutMs, ...(signal && { signal }) })
    .catch((error: unknown) => {
      throw unreachable(error, server, origin);
    });
  const incoming = new Incoming(origin, query.id, options.records ?? TRANSFER_RECORDS);
  const done = deferred<void>();
  const fail = (code: 'DNS_TIMEOUT' | 'DNS_UNREACHABLE' | 'DNS_ABORTED', text: string) =>
    done.reject(new DnsError(code, `the transfer of ${plainName(origin)}: ${text}`));
  const patience = () =>
    host.clock.setTimer(timeoutMs, () =>
      fail('DNS_TIMEOUT', `${endpointText(server)} sent nothing for ${timeoutMs} ms`),
    );
  let timer: Timer = patience();
  const unframer = new Unframer();
  const closed = (why?: CloseReason) => {
    const how = why?.error ? `: ${why.error.message}` : '';
    fail('DNS_UNREACHABLE', `${endpointText(server)} closed the connection before its end${how}`);
  };
  const abort = () => fail('DNS_ABORTED', 'it was given up');
  signal?.addEventListener('abort', abort, { once: true });
  connection.attach({
    onData(bytes) {
      try {
        for (const one of unframer.push(bytes)) {
          timer.cancel();
          timer = patience();
          if (incoming.take(decodeMessage(one))) done.resolve();
        }
      } catch (error) {
        done.reject(error instanceof ProtocolError ? broken(error, server, origin) : error);
      }
    },
    onEnd: () => closed(),
    onClose: closed,
  });
  try {
    connection.write(frame(encodeMessage(query)));
    await done.promise;
    connection.end();
    return incoming.records;
  } catch (error) {
    connection.destroy();
    throw error;
  } finally {
    timer.cancel();
    signal?.removeEventListener('abort', abort);
  }
}

/** The records of a transfer as they come. */
class Incoming {
  readonly records: ResourceRecord[] = [];
  private readonly origin: Name;
  private readonly id: number;
  private readonly most: number;
  private whole = false;

  constructor(origin: Name, id: number, most: number) {
    this.origin = origin;
    this.id = id;
    this.most = most;
  }

  /** True when the zone is whole: its SOA came again. */
  take(reply: Message): boolean {
    const { origin } = this;
    if (!reply.response || reply.id !== this.id) throw this.bad('a message that is no reply to it');
    if (reply.rcode !== 'NOERROR') {
      const code = reply.rcode === 'REFUSED' ? 'DNS_REFUSED' : 'DNS_BAD_REPLY';
      throw new DnsError(code, `${plainName(origin)} is not transferred: ${reply.rcode}`, {
        rcode: reply.rcode,
        spec: 'RFC 5936 §2.2.1',
      });
    }
    for (const record of reply.answers) this.add(record);
    return this.whole;
  }

  private add(record: ResourceRecord): void {
    const { records, origin } = this;
    if (this.whole) throw this.bad('records after its second SOA');
    const soa = record.type === 'SOA' && sameName(record.name, origin);
    if (records.length === 0 && !soa) throw this.bad('it does not begin with the SOA');
    if (soa && records.length > 0) {
      const first = records[0];
      const same = first?.type === 'SOA' && first.serial === record.serial;
      if (!same) throw this.bad('the zone changed on its way');
      this.whole = true;
      return;
    }
    // RFC 5936 §3.2: what is not of the zone has no place in it.
    if (!isWithin(record.name, origin)) return;
    if (records.length >= this.most) throw this.bad(`more than ${this.most} records`);
    records.push(record);
  }

  private bad(problem: string): DnsError {
    const text = `the transfer of ${plainName(this.origin)}: ${problem}`;
    return new DnsError('DNS_BAD_REPLY', text, { spec: 'RFC 5936 §2.2' });
  }
}

function broken(cause: ProtocolError, server: Endpoint, origin: Name): DnsError {
  const text = `the transfer of ${plainName(origin)} from ${endpointText(server)}: ${cause.message}`;
  return new DnsError('DNS_BAD_REPLY', text, { cause });
}

function unreachable(error: unknown, server: Endpoint, origin: Name): unknown {
  if (!(error instanceof NetworkError)) return error;
  const codes = { timeout: 'DNS_TIMEOUT', aborted: 'DNS_ABORTED' } as const;
  const code = codes[error.kind as keyof typeof codes] ?? 'DNS_UNREACHABLE';
  const text = `the transfer of ${plainName(origin)}: no connection to ${endpointText(server)}: ${error.message}`;
  return new DnsError(code, text, { cause: error });
}

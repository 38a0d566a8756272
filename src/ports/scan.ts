/** Which ports of a host are open: found by knocking on each. */
import { fromLatin1 } from '../lib/bytes.ts';
import { deferred } from '../lib/deferred.ts';
import type { Address } from '../lib/endpoint.ts';
import { AppError } from '../lib/errors.ts';
import type { Connection, Host } from '../net/index.ts';
import { SERVICES } from './services.ts';
import type { OpenPort } from './types.ts';

/** How many knocks are under way at a time: below the usual limit of 1,024 open files. */
const AT_ONCE = 256;

/** A closed port on a live host says no at once; silence this long is a no too. */
const KNOCK_MS = 1_000;

/** Servers that greet do it at once; the others wait for the client. */
const GREETING_MS = 300;

export interface ScanOptions {
  readonly ports: readonly number[];
  readonly signal?: AbortSignal;
  /** Names for ports where the host says more than the register. */
  readonly services?: Readonly<Record<number, string>>;
}

/** The open TCP ports among those asked for, in order, each with its greeting. */
export async function scanPorts(
  host: Host,
  address: Address,
  options: ScanOptions,
): Promise<OpenPort[]> {
  const open: OpenPort[] = [];
  const left = [...options.ports].reverse();
  const worker = async () => {
    for (let port = left.pop(); port !== undefined; port = left.pop()) {
      if (options.signal?.aborted) return;
      const found = await knock(host, address, port, options);
      if (found) open.push(found);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, left.length) }, worker));
  return open.sort((a, b) => a.port - b.port);
}

async function knock(
  host: Host,
  address: Address,
  port: number,
  options: ScanOptions,
): Promise<OpenPort | undefined> {
  try {
    const connection = await host.network.connect(
      { address, port },
      { timeoutMs: KNOCK_MS, ...(options.signal && { signal: options.signal }) },
    );
    const banner = await greeting(host, connection);
    const service = options.services?.[port] ?? SERVICES[port];
    return { port, ...(service && { service }), ...(banner && { banner }) };
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/** The first line that comes unasked, or nothing. */
function greeting(host: Host, connection: Connection): Promise<string | undefined> {
  const heard = deferred<string | undefined>();
  const patience = host.clock.setTimer(GREETING_MS, () => heard.resolve(undefined));
  connection.attach({
    onData: (bytes) => heard.resolve(/^[\x20-\x7e]*/.exec(fromLatin1(bytes))?.[0].slice(0, 100)),
    onEnd: () => heard.resolve(undefined),
    onClose: () => heard.resolve(undefined),
  });
  return heard.promise.finally(() => {
    patience.cancel();
    connection.destroy();
  });
}

/** Reads `80`, `20-25` and lists of them. Undefined when the text is none, or a number is over 65,535. */
export function parsePorts(text: string): number[] | undefined {
  const ports = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^\s*(\d{1,5})(?:-(\d{1,5}))?\s*$/.exec(part);
    if (!match) return undefined;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (first < 1 || last > 65535 || first > last) return undefined;
    for (let port = first; port <= last; port++) ports.add(port);
  }
  return [...ports].sort((a, b) => a - b);
}

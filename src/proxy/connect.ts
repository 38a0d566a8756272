/** CONNECT: a tunnel to any name and port, and always an answer that says what came of it (RFC 9110 §9.3.6). */
import type { Context, Request, Response } from '../http/index.ts';
import { EMPTY } from '../lib/bytes.ts';
import { isIPv4 } from '../lib/endpoint.ts';
import { NetworkError } from '../lib/errors.ts';
import type { Connection, Host, Lookup } from '../net/index.ts';
import { CONNECT_TIMEOUT_MS } from './defaults.ts';
import { failurePage } from './failures.ts';
import { join } from './tunnel.ts';

export interface ConnectOptions {
  readonly lookup: Lookup | undefined;
  readonly timeoutMs?: number | undefined;
}

export async function connectTunnel(
  request: Request,
  context: Context,
  options: ConnectOptions,
): Promise<Response> {
  try {
    const connection = await reach(request.target, context, options);
    return tunnelled(context, connection);
  } catch (error) {
    const page = failurePage(error, request.target);
    context.note(
      `${page.status}: ${error instanceof Error ? error.message : error}`,
      'RFC 9110 §9.3.6',
    );
    return page;
  }
}

/** The connection is the client's, or nobody's. */
function tunnelled({ host, signal }: Context, connection: Connection): Response {
  const abandon = (): void => connection.destroy();
  signal.addEventListener('abort', abandon, { once: true });
  return {
    status: 200,
    reason: 'Connection Established',
    takeover(client) {
      signal.removeEventListener('abort', abandon);
      join(host.clock, client, { connection, early: EMPTY });
    },
  };
}

/** The first of the addresses that answers. */
async function reach(
  target: string,
  { host, signal }: Context,
  { lookup, timeoutMs = CONNECT_TIMEOUT_MS }: ConnectOptions,
): Promise<Connection> {
  const { name, port } = parseAuthority(target);
  let failure: unknown = new NetworkError('unreachable', `${name} has no address`);
  for (const address of await addressesOf(host, name, lookup, signal)) {
    try {
      return await host.network.connect({ address, port }, { signal, timeoutMs });
    } catch (error) {
      failure = error;
      if (signal.aborted) break;
    }
  }
  throw failure;
}

/** `host:443`, `[::1]:443`; the parser has seen to it that it is one of these. */
function parseAuthority(target: string): { readonly name: string; readonly port: number } {
  const colon = target.lastIndexOf(':');
  const name = target.slice(0, colon).replace(/^\[|\]$/g, '');
  return { name: name.toLowerCase(), port: Number(target.slice(colon + 1)) };
}

async function addressesOf(
  host: Host,
  name: string,
  lookup: Lookup | undefined,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (isIPv4(name) || name.includes(':')) return [name];
  if (lookup) return lookup(name, { signal });
  throw new NetworkError('unreachable', `${host.name} has no way to find the address of ${name}`);
}

import type { Endpoint } from '../lib/endpoint.ts';
import { UsageError } from '../lib/errors.ts';
import type { CliTools } from './tools.ts';

/** Reads `ADDRESS`, `NAME` or either with `#PORT`; `port` is for those without. */
export async function endpointOf(
  text: string,
  port: number,
  tools: Pick<CliTools, 'lookup' | 'signal'>,
): Promise<Endpoint> {
  const [name = '', digits] = text.split('#');
  if (digits !== undefined && !(/^\d{1,5}$/.test(digits) && Number(digits) <= 65535)) {
    throw new UsageError(`no such port: ${digits} (0 to 65535)`);
  }
  const at = name.includes(':') ? name : (await tools.lookup()(name, { signal: tools.signal }))[0];
  if (at === undefined) throw new UsageError(`the server ${name} has no address`);
  return { address: at, port: digits === undefined ? port : Number(digits) };
}

/** The server that was named, or the resolver of the running internet. */
export async function findServer(
  text: string | undefined,
  port: number | undefined,
  tools: CliTools,
): Promise<Endpoint> {
  if (text !== undefined) return await endpointOf(text, port ?? 53, tools);
  const resolver = await tools.resolver();
  if (resolver) return port === undefined ? resolver : { ...resolver, port };
  throw new UsageError(
    'no resolver is known: start the internet first, or name a server as in `dig @127.0.0.1#5353 NAME`',
  );
}

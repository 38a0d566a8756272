import { type Command, InvalidArgumentError } from 'commander';
import { CAPACITY, type CacheStatistics, HttpCache } from '../../cache/index.ts';
import { HeaderList, HttpClient, type Link } from '../../http/index.ts';
import { type Address, endpointText, parseEndpoint } from '../../lib/endpoint.ts';
import { UsageError } from '../../lib/errors.ts';
import { bytesText } from '../../lib/units.ts';
import type { Host } from '../../net/index.ts';
import { type ForwardedStyle, PROXY_PORT, proxyLog, serveProxy } from '../../proxy/index.ts';
import { hostFor } from '../exposed.ts';
import { port, seconds, size } from '../options.ts';
import type { CliTools } from '../tools.ts';
import { untilStopped } from '../until-stopped.ts';

interface ProxyFlags {
  readonly port: number;
  readonly address?: Address;
  readonly reverse?: string;
  readonly rewriteHost?: true;
  readonly maxSize?: number;
  readonly cache: boolean;
  readonly forwarded?: ForwardedStyle;
  readonly timeout?: number;
  readonly log?: true;
  readonly stats?: true | number;
  readonly json?: true;
  readonly expose?: true;
}

export function registerProxy(program: Command, tools: CliTools): void {
  const proxy = program
    .command('proxy')
    .description('a caching proxy: for clients that are set to use it, or before one origin')
    .option('--port <n>', 'the port; 0 takes a free one', port, PROXY_PORT)
    .option('--address <address>', 'the address to listen at (default: 127.0.0.1)')
    .option('--reverse <origin>', 'stand before this origin: http://127.0.0.1:8000')
    .option('--rewrite-host', 'with --reverse: call the origin by its own name')
    .option('--max-size <size>', 'what the cache may hold in memory (default: 64M)', size)
    .option('--no-cache', 'pass on only, keep nothing')
    .option('--forwarded <style>', 'tell origins who asks: none, x, forwarded or both', style)
    .option('--timeout <time>', "seconds to wait for an origin's answer", seconds)
    .option('--log', 'a line for each answer, with what the cache says of it')
    .option('--stats [seconds]', 'statistics when it stops, and every so many seconds', interval)
    .option('--json', 'statistics as JSON')
    .option('--expose', 'permit an address that others can reach')
    .addHelpText(
      'after',
      `
Cache-Status in each answer says hit or miss, and why (RFC 9211). With --reverse, CDN-Cache-Control
comes before Cache-Control (RFC 9213).

Examples:
  toplayer proxy --log                                  then: curl -x 127.0.0.1:8080 http://www.campus.edu/
  toplayer proxy --reverse http://127.0.0.1:8000 --max-size 256M
  toplayer proxy --reverse http://127.0.0.1:8000 --stats 10 --json
  toplayer proxy purge http://127.0.0.1:8080/news/ --prefix --soft
  toplayer proxy purge --tag article-7`,
    )
    .action((flags: ProxyFlags) => runProxy(tools, flags));
  registerPurge(proxy, tools);
}

function style(text: string): ForwardedStyle {
  if (text === 'none' || text === 'x' || text === 'forwarded' || text === 'both') return text;
  throw new InvalidArgumentError('expected none, x, forwarded or both.');
}

function interval(text: string): number {
  const ms = seconds(text);
  if (ms >= 100) return ms;
  throw new InvalidArgumentError('expected at least 0.1 seconds.');
}

async function runProxy(tools: CliTools, flags: ProxyFlags): Promise<void> {
  if (flags.rewriteHost && flags.reverse === undefined) {
    throw new UsageError('--rewrite-host needs --reverse: without it, clients name the hosts');
  }
  const host = hostFor(tools, flags.expose);
  const cache = flags.cache ? cacheOf(host, flags) : undefined;
  const links: Link[] = flags.log ? [proxyLog((line) => tools.out(`${line}\n`))] : [];
  const server = await serveProxy(host, {
    port: flags.port,
    links,
    lookup: tools.lookup(),
    onError: (error) => tools.note(error instanceof Error ? error.message : String(error)),
    ...(cache && { cache }),
    ...(flags.address !== undefined && { address: flags.address }),
    ...(flags.reverse !== undefined && { reverse: flags.reverse }),
    ...(flags.rewriteHost && { hostField: 'rewrite' as const }),
    ...(flags.forwarded && { forwarded: flags.forwarded }),
    ...(flags.timeout !== undefined && { timeoutMs: flags.timeout }),
  });
  tools.note(`http://${endpointText(server.local)}/ ${purpose(flags)}; Ctrl-C stops it`);
  const stop =
    cache && typeof flags.stats === 'number'
      ? repeating(tools, host, cache, flags.stats, flags)
      : undefined;
  await untilStopped(tools);
  stop?.();
  await server.close({ graceMs: 1000 });
  if (cache && (flags.stats || flags.json)) tools.out(statisticsText(cache.statistics(), flags));
}

function cacheOf(host: Host, { maxSize = CAPACITY, reverse }: ProxyFlags): HttpCache {
  // Fields meant for CDNs concern what stands before an origin (RFC 9213 §3).
  return new HttpCache(host, { capacity: maxSize, ...(reverse === undefined && { targets: [] }) });
}

function purpose({ reverse, cache, maxSize = CAPACITY }: ProxyFlags): string {
  const keeps = cache ? `keeps up to ${bytesText(maxSize)}` : 'keeps nothing';
  return reverse === undefined ? `is a proxy, ${keeps}` : `stands before ${reverse}, ${keeps}`;
}

function repeating(
  tools: CliTools,
  host: Host,
  cache: HttpCache,
  ms: number,
  flags: Pick<ProxyFlags, 'json'>,
): () => void {
  const tell = (): void => {
    tools.out(statisticsText(cache.statistics(), flags));
    timer = host.clock.setTimer(ms, tell);
  };
  let timer = host.clock.setTimer(ms, tell);
  return () => timer.cancel();
}

function statisticsText(statistics: CacheStatistics, { json }: Pick<ProxyFlags, 'json'>): string {
  if (json) return `${JSON.stringify(statistics)}\n`;
  const { requests, hits, staleHits, collapsed, validated, misses, passed } = statistics;
  const { hitRatio, bytesSaved, bytesFromOrigin, entries, bytesStored, capacity, evicted } =
    statistics;
  return [
    `${requests} requests: ${hits} hits (${staleHits} stale), ${collapsed} collapsed, ${validated} validated, ${misses} misses, ${passed} passed on`,
    `hit ratio ${(hitRatio * 100).toFixed(1)} %, ${bytesText(bytesSaved)} saved, ${bytesText(bytesFromOrigin)} from origins`,
    `${entries} responses stored, ${bytesText(bytesStored)} of ${bytesText(capacity)}, ${evicted} let go`,
    '',
  ].join('\n');
}

interface PurgeFlags {
  readonly prefix?: true;
  readonly tag: readonly string[];
  readonly soft?: true;
  readonly proxy: string;
}

function registerPurge(proxy: Command, tools: CliTools): void {
  proxy
    .command('purge')
    .description('let go of what a running proxy has stored')
    .argument('[url]', 'a URL as clients ask for it')
    .option('--prefix', 'all URLs that begin so')
    .option(
      '--tag <tag>',
      'all that carry this tag (Cache-Tag, Surrogate-Key); may be repeated',
      list,
      [],
    )
    .option('--soft', 'mark only: they are validated before their next use')
    .option('--proxy <host:port>', 'where the proxy listens', `127.0.0.1:${PROXY_PORT}`)
    .action((url: string | undefined, flags: PurgeFlags) => runPurge(tools, url, flags));
}

function list(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

async function runPurge(
  tools: CliTools,
  url: string | undefined,
  flags: PurgeFlags,
): Promise<void> {
  if ((url === undefined) === (flags.tag.length === 0)) {
    throw new UsageError('purge what? a URL, or --tag TAG');
  }
  if (url !== undefined && URL.parse(url)?.protocol !== 'http:') {
    throw new UsageError(`expected a URL such as http://127.0.0.1:8080/news, not ${url}`);
  }
  const { address, port: at } = parseEndpoint(flags.proxy, PROXY_PORT);
  const fields: [string, string][] = [
    ['Host', url === undefined ? flags.proxy : new URL(url).host],
  ];
  if (flags.tag.length > 0) fields.push(['Cache-Tag', flags.tag.join(', ')]);
  if (flags.prefix) fields.push(['Purge-Scope', 'prefix']);
  if (flags.soft) fields.push(['Purge-Mode', 'soft']);
  const head = {
    method: 'PURGE',
    target: url ?? '/',
    version: '1.1' as const,
    headers: new HeaderList(fields),
  };
  const client = new HttpClient(tools.host());
  const [hostname] = await tools.lookup()(address);
  const response = await client.forward(head, {
    scheme: 'http',
    hostname: hostname ?? address,
    port: at,
  });
  const text = await response.body.text();
  client.close();
  if (response.status !== 200) {
    throw new UsageError(
      `the proxy at ${flags.proxy} does not purge: ${response.status} ${response.reason}`,
    );
  }
  const { purged } = JSON.parse(text) as { purged: number };
  tools.out(
    `${purged} ${purged === 1 ? 'response' : 'responses'} ${flags.soft ? 'marked' : 'let go'}\n`,
  );
}

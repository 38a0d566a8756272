import { resolve } from 'node:path';
import type { Command } from 'commander';
import {
  chain,
  HARDENED,
  log,
  Resolver,
  type ResolverOptions,
  type RootHint,
  readZoneFile,
  recursive,
  sameName,
  serveDns,
} from '../../../dns/index.ts';
import { fromUtf8 } from '../../../lib/bytes.ts';
import { type Endpoint, endpointText } from '../../../lib/endpoint.ts';
import { UsageError } from '../../../lib/errors.ts';
import { endpointOf } from '../../name-server.ts';
import { port } from '../../options.ts';
import type { CliTools } from '../../tools.ts';
import { untilStopped } from '../../until-stopped.ts';
import { type Place, withWorkers, workersOption } from '../../workers.ts';
import { logLine } from './log-line.ts';

interface Flags {
  readonly port: number;
  readonly address?: string;
  readonly roots?: string[];
  readonly forward?: string[];
  readonly hosts?: string;
  readonly plain?: true;
  readonly log?: true;
  readonly workers?: number;
}

export function registerResolve(dns: Command, tools: CliTools): void {
  dns
    .command('resolve')
    .description('a resolver for others: it asks from the root, or forwards, and keeps answers')
    .option('--port <n>', 'the port; 0 takes a free one', port, 5353)
    .option('--address <address>', 'the address to listen at (default: 127.0.0.1)')
    .option(
      '--roots <servers...>',
      'root servers: ADDRESS[#PORT], or a file with their records (default: those of the running internet)',
    )
    .option('--forward <servers...>', 'resolvers that do the work: ADDRESS[#PORT]')
    .option('--hosts <file>', 'a hosts file, whose names come before DNS')
    .option(
      '--plain',
      'the plain walk: no minimisation, mixed case, cookies, stale data or prefetch',
    )
    .option('--log', 'a line for each question')
    .option(...workersOption)
    .addHelpText(
      'after',
      `
Examples:
  toplayer dns resolve --roots 127.20.0.1 --log
  toplayer dns resolve --forward 127.20.1.53 --hosts hosts.txt --port 5300`,
    )
    .action((flags: Flags) =>
      withWorkers(tools, flags, (place) => runResolver(tools, flags, place)),
    );
}

async function runResolver(tools: CliTools, flags: Flags, place: Place): Promise<void> {
  const host = tools.host();
  const forward = flags.forward && (await serversOf(flags.forward, tools));
  const roots = forward ? { hints: [] } : await rootsOf(flags.roots, tools);
  const resolver = new Resolver(host, {
    ...(flags.plain ? {} : HARDENED),
    ...roots,
    ...(forward && { forward }),
    ...(flags.hosts !== undefined && {
      hostsFile: fromUtf8(await host.files.read(resolve(flags.hosts))),
    }),
  });
  const told = log(host.clock, (entry) => {
    if (flags.log) tools.out(`${logLine(entry, host.clock)}\n`);
  });
  const server = await serveDns(host, {
    handler: chain(told, recursive(resolver)),
    port: place.port,
    shared: place.workers > 1,
    onError: (error) => tools.note(error instanceof Error ? error.message : String(error)),
    ...(flags.address !== undefined && { address: flags.address }),
  });
  const how = forward
    ? `forwards to ${forward.map(endpointText).join(', ')}`
    : `starts at ${roots.hints.map(({ name, address }) => `${name} ${address}`).join(', ')}`;
  place.ready(`${endpointText(server.local)} resolves, and ${how}`);
  await untilStopped(tools);
  await server.close({ graceMs: 1000 });
}

function serversOf(texts: readonly string[], tools: CliTools): Promise<Endpoint[]> {
  return Promise.all(texts.map((text) => endpointOf(text, 53, tools)));
}

async function rootsOf(
  texts: readonly string[] | undefined,
  tools: CliTools,
): Promise<Pick<ResolverOptions, 'hints' | 'port'>> {
  if (!texts) {
    const known = await tools.roots();
    if (!known?.[0]) {
      throw new UsageError('no root servers are known: name them by --roots, or --forward');
    }
    const hints = known.map(({ name, endpoint }) => ({ name, address: endpoint.address }));
    return { hints, port: known[0].endpoint.port };
  }
  const hints: RootHint[] = [];
  let common: number | undefined;
  for (const text of texts) {
    if (!/^[\d.:a-f]+(#\d+)?$/i.test(text)) hints.push(...(await hintsIn(text, tools)));
    else {
      const at = await endpointOf(text, 53, tools);
      if (common !== undefined && common !== at.port) {
        throw new UsageError(
          'all servers of a hierarchy have one port: name the same for each root',
        );
      }
      common = at.port;
      hints.push({ name: 'root', address: at.address });
    }
  }
  return { hints, ...(common !== undefined && { port: common }) };
}

/** The root servers in a file of records: the hints that everybody has, or the root zone itself. */
async function hintsIn(file: string, tools: CliTools): Promise<RootHint[]> {
  const records = await readZoneFile(tools.host().files, resolve(file), '.');
  const hints = records.flatMap((record) => {
    if (record.type !== 'NS' || record.name !== '.') return [];
    return records.flatMap((glue) =>
      (glue.type === 'A' || glue.type === 'AAAA') && sameName(glue.name, record.target)
        ? [{ name: record.target, address: glue.address }]
        : [],
    );
  });
  if (hints.length === 0) throw new UsageError(`${file} names no root server with an address`);
  return hints;
}

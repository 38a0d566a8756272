/** Who sends how many messages: a resolver that asks iteratively, and servers that each ask the next. */
import {
  authoritative,
  chain,
  type Handler,
  type Link,
  type MemoryZones,
  queryDns,
  Resolver,
  recursive,
  reply,
  serveDns,
  stubLookup,
} from '../../dns/index.ts';
import type { Host } from '../../net/index.ts';
import { World } from '../../net/sim/index.ts';
import { TraceBus } from '../../trace/index.ts';
import { barChart } from '../plot.ts';
import { buildHierarchy, serveHierarchy } from './hierarchy.ts';

export interface MessagesOptions {
  readonly seed: string;
  /** How many names of one domain are resolved, each once; at most 200. */
  readonly names: number;
}

export const WAYS = ['iterative', 'iterative, cached', 'recursive'] as const;
export type Way = (typeof WAYS)[number];

export interface MessagesResult {
  readonly names: number;
  /** Messages sent by each host, for each way. */
  readonly sent: Readonly<Record<Way, Readonly<Record<string, number>>>>;
  /** Mean time of a lookup, in ms. */
  readonly meanMs: Readonly<Record<Way, number>>;
}

export async function countMessages(options: MessagesOptions): Promise<MessagesResult> {
  const runs = await Promise.all(WAYS.map((way) => run(options, way)));
  const by = <T>(pick: (index: number) => T) =>
    Object.fromEntries(WAYS.map((way, index) => [way, pick(index)])) as Record<Way, T>;
  return {
    names: options.names,
    sent: by((index) => runs[index]?.sent ?? {}),
    meanMs: by((index) => runs[index]?.meanMs ?? 0),
  };
}

async function run({ seed, names }: MessagesOptions, way: Way) {
  const sent: Record<string, number> = { client: 0, resolver: 0, root: 0, edu: 0, 'campus.edu': 0 };
  const bus = new TraceBus();
  bus.subscribe((event) => {
    if (event.kind === 'send') sent[event.host] = (sent[event.host] ?? 0) + 1;
  });
  const world = new World({ seed, trace: bus });
  const client = world.host('client', { latency: 1 });
  const resolver = world.host('resolver', { latency: 1 });
  const hierarchy = buildHierarchy(world, { ttl: 300, latency: 20 });
  const lookups = async () => {
    await serveHierarchy(hierarchy, way === 'recursive' ? relayingServer : undefined);
    const iterative = new Resolver(resolver, { hints: hierarchy.hints });
    const root = { address: hierarchy.root.address, port: 53 };
    const handler =
      way === 'recursive' ? chain(relay(resolver, () => root)) : chain(recursive(iterative));
    await serveDns(resolver, { handler });
    const lookup = stubLookup(client, { address: resolver.address, port: 53 });
    const began = world.now;
    for (let number = 1; number <= names; number++) {
      if (way === 'iterative') iterative.cache.flush();
      await lookup(`w${number}.campus.edu`);
    }
    return (world.now - began) / names;
  };
  const meanMs = await world.run(lookups());
  return { sent, meanMs };
}

/** A server of zones that asks the next server itself instead of naming it: recursion at every step. */
function relayingServer(host: Host, zones: MemoryZones): Handler {
  const address = (name: string) => {
    const zone = zones.find(name);
    const answer = zone?.lookup(name, 'A');
    if (answer?.kind !== 'referral') return undefined;
    const [server] = answer.ns.records;
    const glue = server?.type === 'NS' ? zone?.rrset(server.target, 'A')?.records[0] : undefined;
    return glue?.type === 'A' ? { address: glue.address, port: 53 } : undefined;
  };
  return chain(relay(host, address), authoritative(zones));
}

type Next = (name: string) => { readonly address: string; readonly port: number } | undefined;

/** Passes the question on, with recursion desired, where `next` knows a server; else to the next link. */
function relay(host: Host, next: Next): Link {
  return (rest) => async (request) => {
    const server = request.question && next(request.question.name);
    if (!request.question || !server) return rest(request);
    const { message } = await queryDns(host, server, request.question);
    const { rcode, answers, authorities } = message;
    return reply(request.query, { rcode, answers, authorities, recursionAvailable: true });
  };
}

/** The counts as a table: a row for each host, a column for each way. */
export function messagesTable({ names, sent, meanMs }: MessagesResult): string {
  const cells = (row: readonly (string | number)[]) =>
    row
      .map((cell, index) => (index === 0 ? String(cell).padEnd(16) : String(cell).padStart(18)))
      .join('');
  const hosts = Object.keys(sent.iterative);
  const total = (way: Way) => Object.values(sent[way]).reduce((sum, count) => sum + count, 0);
  return [
    `messages sent for ${names} names of one domain`,
    cells(['host', ...WAYS]),
    ...hosts.map((host) => cells([host, ...WAYS.map((way) => sent[way][host] ?? 0)])),
    cells(['all', ...WAYS.map(total)]),
    cells(['ms for a name', ...WAYS.map((way) => meanMs[way].toFixed(1))]),
    '',
    barChart(
      WAYS.map((way) => ({ label: way, value: total(way), text: `${total(way)} messages` })),
    ),
    '',
  ].join('\n');
}

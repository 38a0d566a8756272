import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import {
  authoritative,
  chain,
  cookies,
  distribute,
  fromLoopback,
  HealthChecks,
  httpCheck,
  type Link,
  log,
  MemoryZones,
  notified,
  notifySecondaries,
  parseName,
  plainName,
  rateLimit,
  Secondary,
  serveDns,
  tcpCheck,
  transfers,
} from '../../../dns/index.ts';
import { type Endpoint, endpointText } from '../../../lib/endpoint.ts';
import { UsageError } from '../../../lib/errors.ts';
import type { Host } from '../../../net/index.ts';
import { endpointOf } from '../../name-server.ts';
import { port, whole } from '../../options.ts';
import type { CliTools } from '../../tools.ts';
import { untilStopped } from '../../until-stopped.ts';
import { type Place, withWorkers, workersOption } from '../../workers.ts';
import { logLine } from './log-line.ts';
import { usableZone, type ZoneSource, zoneSource } from './zones.ts';

interface Flags {
  readonly port: number;
  readonly address?: string;
  readonly secondary?: string[];
  readonly notify?: string[];
  readonly transferTo?: string[];
  readonly order: Order;
  readonly health?: Health;
  readonly rate?: number;
  readonly log?: true;
  readonly workers?: number;
}

type Order = 'fixed' | 'rotate' | 'random';

interface Health {
  readonly port: number;
  /** For HTTP; without it a connection is enough. */
  readonly path: string | undefined;
}

export function registerServe(dns: Command, tools: CliTools): void {
  dns
    .command('serve')
    .description('serve zone files, and copies of the zones of others')
    .argument('[zones...]', 'FILE that is called as its zone (campus.edu.zone), or NAME=FILE')
    .option('--port <n>', 'the port; 0 takes a free one', port, 5353)
    .option('--address <address>', 'the address to listen at (default: 127.0.0.1)')
    .option('--secondary <zone@host...>', 'copy a zone from its primary: campus.edu@127.0.0.1#5300')
    .option('--notify <hosts...>', 'tell these too when a zone has changed: ADDRESS[#PORT]')
    .option('--transfer-to <addresses...>', 'who may have whole zones (default: this machine)')
    .option('--order <order>', 'of several addresses: fixed, rotate or random', order, 'fixed')
    .option('--health <check>', 'give only addresses that pass: tcp:PORT or http:PORT/PATH', health)
    .option('--rate <n>', 'equal answers a second to one network; more are cut', whole(1))
    .option('--log', 'a line for each question')
    .option(...workersOption)
    .addHelpText(
      'after',
      `
A zone file that changes is served anew at once, unless it has errors; secondaries are told.

Examples:
  toplayer dns serve campus.edu.zone --log
  toplayer dns serve campus.edu=zones/campus.txt --port 5300 --notify 127.0.0.1#5301
  toplayer dns serve --secondary campus.edu@127.0.0.1#5300 --port 5301
  toplayer dns serve campus.edu.zone --workers 2`,
    )
    .action((zones: string[], flags: Flags) => {
      check(zones, flags);
      return withWorkers(tools, flags, (place) => runServe(tools, zones, flags, place));
    });
}

function order(text: string): Order {
  if (text === 'fixed' || text === 'rotate' || text === 'random') return text;
  throw new InvalidArgumentError('expected fixed, rotate or random.');
}

function health(text: string): Health {
  const match = /^(?:tcp:(\d{1,5})|http:(\d{1,5})(\/.*)?)$/.exec(text);
  if (!match) throw new InvalidArgumentError('expected tcp:PORT or http:PORT/PATH.');
  return { port: port(match[1] ?? match[2] ?? ''), path: match[2] && (match[3] ?? '/') };
}

function check(zones: readonly string[], { secondary, workers = 1 }: Flags): void {
  if (zones.length === 0 && !secondary) {
    throw new UsageError('no zone to serve: name a zone file, or --secondary zone@host');
  }
  if (secondary && workers > 1) {
    // A NOTIFY reaches one process, and the copies of the others would stay old.
    throw new UsageError('a copy is kept by one process: leave --workers or --secondary away');
  }
}

async function runServe(
  tools: CliTools,
  texts: string[],
  flags: Flags,
  place: Place,
): Promise<void> {
  const host = tools.host();
  const sources = texts.map(zoneSource);
  const zones = new MemoryZones();
  for (const source of sources) zones.set(await usableZone(host.files, source));
  // What all workers see, one of them tells.
  const tell = place.first ? tools.note : () => {};
  const also = await serversOf(flags.notify ?? [], tools);
  const stopTelling = place.first ? notifySecondaries(host, zones, { also, tell }) : () => {};
  const secondaries = await secondariesOf(tools, zones, flags.secondary ?? []);
  const checks = flags.health && healthChecks(host, zones, flags.health);
  const handler = chain(...linksOf(tools, zones, secondaries, flags, place, checks?.healthy));
  const server = await serveDns(host, {
    handler,
    port: place.port,
    shared: place.workers > 1,
    onError: (error) => tools.note(error instanceof Error ? error.message : String(error)),
    ...(flags.address !== undefined && { address: flags.address }),
  });
  const watchers = sources.map((source) => reloading(host, zones, source, tell));
  const names = [...zones.zones()].map(({ origin }) => plainName(origin)).join(', ');
  place.ready(`${endpointText(server.local)} serves ${names}`);
  for (const secondary of secondaries) void secondary.refresh();
  await untilStopped(tools);
  for (const watcher of watchers) watcher.close();
  for (const secondary of secondaries) secondary.close();
  checks?.close();
  stopTelling();
  await server.close({ graceMs: 1000 });
}

function linksOf(
  tools: CliTools,
  zones: MemoryZones,
  secondaries: readonly Secondary[],
  flags: Flags,
  { secret, workers }: Place,
  healthy: ((address: string) => boolean) | undefined,
): Link[] {
  const host = tools.host();
  const { transferTo, rate } = flags;
  const links: Link[] = [];
  if (flags.log) {
    links.push(log(host.clock, (entry) => tools.out(`${logLine(entry, host.clock)}\n`)));
  }
  links.push(cookies(host, { secret: secret }));
  if (rate !== undefined) {
    links.push(rateLimit(host.clock, { perSecond: Math.ceil(rate / workers) }));
  }
  if (secondaries.length > 0) links.push(notified(secondaries));
  const allow = transferTo && ((from: Endpoint) => transferTo.includes(from.address));
  links.push(transfers(zones, { allow: allow ?? fromLoopback }));
  if (flags.order !== 'fixed' || healthy) {
    links.push(distribute(host.random, { order: flags.order, ...(healthy && { healthy }) }));
  }
  links.push(authoritative(zones));
  return links;
}

function serversOf(texts: readonly string[], tools: CliTools): Promise<Endpoint[]> {
  return Promise.all(texts.map((text) => endpointOf(text, 53, tools)));
}

function secondariesOf(
  tools: CliTools,
  zones: MemoryZones,
  texts: readonly string[],
): Promise<Secondary[]> {
  return Promise.all(
    texts.map(async (text) => {
      const [name, ...hosts] = text.split('@');
      if (!name || hosts.length === 0) {
        throw new UsageError(`expected zone@host, as in campus.edu@127.0.0.1#5300, not ${text}`);
      }
      const primaries = await serversOf(hosts, tools);
      const origin = parseName(name);
      return new Secondary(tools.host(), zones, { origin, primaries, tell: tools.note });
    }),
  );
}

function healthChecks(host: Host, zones: MemoryZones, { port: at, path }: Health): HealthChecks {
  const addresses = new Set<string>();
  for (const zone of zones.zones()) {
    for (const record of zone.records()) {
      if (record.type === 'A' || record.type === 'AAAA') addresses.add(record.address);
    }
  }
  const check = path === undefined ? tcpCheck : httpCheck(path);
  return new HealthChecks(host, addresses, { port: at, check });
}

/** Editors write a file in several steps, or put another in its place: wait until that is over. */
const SETTLE_MS = 100;

function reloading(
  { clock, files }: Host,
  zones: MemoryZones,
  source: ZoneSource,
  tell: (line: string) => void,
): FSWatcher {
  let timer: { cancel(): void } | undefined;
  const load = async () => {
    try {
      const zone = await usableZone(files, source);
      zones.set(zone);
      tell(`${plainName(zone.origin)} was read again: serial ${zone.soa.serial}`);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      tell(`${error.message}: the zone stays as it was`);
    }
  };
  return watch(dirname(source.path), (_, name) => {
    if (name !== basename(source.path)) return;
    timer?.cancel();
    timer = clock.setTimer(SETTLE_MS, () => {
      load().catch((error: unknown) => tell(String(error)));
    });
  });
}

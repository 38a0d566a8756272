import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  ACCESS_LINK_DEFAULTS,
  accessLinkTable,
  attackDefences,
  compareFloods,
  compareHitRatios,
  compareOrders,
  comparePageModes,
  compareTransports,
  compareTtls,
  cookiesStory,
  cookiesStoryText,
  countMessages,
  floodTable,
  messagesTable,
  PAGE_TIMES_DEFAULTS,
  type Pop3Mode,
  pageTimesTable,
  poisoningTable,
  pop3Story,
  pop3StoryText,
  rotationTable,
  TCP_UDP_DEFAULTS,
  transportTable,
  ttlTable,
} from '../../labs/index.ts';
import { parseRate, parseShare } from '../../lib/units.ts';
import { milliseconds, whole } from '../options.ts';
import type { CliTools } from '../tools.ts';

interface Flags {
  readonly seed: string;
  readonly json?: true;
}

interface TcpUdpFlags extends Flags {
  readonly messages: number;
  readonly every: number;
  readonly loss: number;
  readonly latency: number;
  readonly jitter: number;
  readonly reorder: number;
}

interface AccessLinkFlags extends Flags {
  readonly hitRatios: readonly number[];
  readonly perSecond: number;
  readonly object: number;
  readonly rate: number;
  readonly internet: number;
  readonly campus: number;
  readonly requests: number;
}

interface PagesFlags extends Flags {
  readonly rtt: number;
  readonly rate: number;
  readonly objects: number;
  readonly size: number;
  readonly connections: number;
  readonly slowStart?: true;
  readonly waterfall?: true;
}

interface MessagesFlags extends Flags {
  readonly names: number;
}

interface LookupsFlags extends Flags {
  readonly lookups: number;
}

interface PoisoningFlags extends Flags {
  readonly attempts: number;
  readonly forged: number;
}

interface FloodFlags extends Flags {
  readonly junk: number;
  readonly seconds: number;
}

interface TtlFlags extends Flags {
  readonly ttls: readonly number[];
  readonly rate: number;
  readonly lookups: number;
}

type Experiment = (name: string, about: string) => Command;
type Show = <T>(flags: Flags, result: T, table: (result: T) => string) => void;

export function registerExperiment(program: Command, tools: CliTools): void {
  const command = program
    .command('experiment')
    .description('experiments on the simulated network, the same for the same seed');
  const experiment: Experiment = (name, about) =>
    command
      .command(name)
      .description(about)
      .option('--seed <text>', 'decides all luck', '1')
      .option('--json', 'one JSON value');
  const show: Show = (flags, result, table) =>
    tools.out(flags.json ? `${JSON.stringify(result)}\n` : table(result));
  tcpUdp(experiment, show);
  pages(experiment, show);
  accessLink(experiment, show);
  cookies(experiment, show);
  pop3(experiment, show);
  dnsAtWork(experiment, show);
  dnsUnderAttack(experiment, show);
}

function tcpUdp(experiment: Experiment, show: Show): void {
  experiment('tcp-udp', 'the same numbered messages over TCP and over UDP on a lossy link')
    .option('--messages <n>', 'how many', whole(1, 100_000), TCP_UDP_DEFAULTS.messages)
    .option(
      '--every <ms>',
      'the pause between two messages',
      milliseconds,
      TCP_UDP_DEFAULTS.everyMs,
    )
    .option('--loss <share>', 'of the packets on the link', share, TCP_UDP_DEFAULTS.loss)
    .option('--latency <ms>', 'one way', milliseconds, TCP_UDP_DEFAULTS.latencyMs)
    .option('--jitter <ms>', 'by which it varies', milliseconds, TCP_UDP_DEFAULTS.jitterMs)
    .option(
      '--reorder <share>',
      'of the datagrams that are overtaken',
      share,
      TCP_UDP_DEFAULTS.reorder,
    )
    .addHelpText('after', '\nExample:\n  toplayer experiment tcp-udp --loss "30 %" --messages 50')
    .action(async (flags: TcpUdpFlags) => {
      const { seed, messages, loss, reorder } = flags;
      const times = { everyMs: flags.every, latencyMs: flags.latency, jitterMs: flags.jitter };
      show(
        flags,
        await compareTransports({ seed, messages, loss, reorder, ...times }),
        transportTable,
      );
    });
}

function pages(experiment: Experiment, show: Show): void {
  const defaults = PAGE_TIMES_DEFAULTS;
  experiment('pages', 'a page in the ways of the course: the formulas and what is measured')
    .option('--rtt <ms>', 'the round trip', milliseconds, defaults.rttMs)
    .option('--rate <rate>', 'of the link, such as "10 Mbit/s"', bitRate, defaults.rate)
    .option('--objects <n>', 'beside the base file', whole(0, 500), defaults.objects)
    .option('--size <bytes>', 'of the base file and of each object', whole(1, 1e7), defaults.size)
    .option('--connections <n>', 'that "parallel" opens', whole(1, 100), defaults.connections)
    .option('--slow-start', 'TCP begins with a small window')
    .option('--waterfall', 'draw each load')
    .addHelpText(
      'after',
      '\nExample:\n  toplayer experiment pages --rtt 40 --objects 30 --waterfall',
    )
    .action(async ({ rtt: rttMs, waterfall, ...options }: PagesFlags) => {
      const rows = await comparePageModes({ ...options, rttMs });
      show(options, rows, () => pageTimesTable(rows, { bars: waterfall ?? false }));
    });
}

function accessLink(experiment: Experiment, show: Show): void {
  const defaults = ACCESS_LINK_DEFAULTS;
  experiment('access-link', 'why a campus has a cache: response times and load by hit ratio')
    .option('--hit-ratios <list>', 'from 0 to 1', shares, defaults.hitRatios)
    .option('--per-second <n>', 'requests of the whole campus', rate, defaults.perSecond)
    .option('--object <bits>', 'of each object', whole(8, 1e9), defaults.objectBits)
    .option('--rate <rate>', 'of the access link, such as "15 Mbit/s"', bitRate, defaults.rate)
    .option('--internet <ms>', 'round trip beyond the link', milliseconds, defaults.internetMs)
    .option('--campus <ms>', 'round trip within the campus', milliseconds, defaults.campusMs)
    .option('--requests <n>', 'measured for each ratio', whole(1, 1e6), defaults.requests)
    .addHelpText(
      'after',
      '\nExample:\n  toplayer experiment access-link --per-second 14 --requests 20000',
    )
    .action(async (flags: AccessLinkFlags) => {
      const { object: objectBits, internet: internetMs, campus: campusMs, ...same } = flags;
      const rows = await compareHitRatios({ ...same, objectBits, internetMs, campusMs });
      show(flags, rows, accessLinkTable);
    });
}

function shares(text: string): number[] {
  const values = text.split(',').map(Number);
  if (values.every((value) => value >= 0 && value <= 1)) return values;
  throw new InvalidArgumentError('expected shares such as 0,0.4,0.8.');
}

function bitRate(text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : parseRate(text);
  if (value !== undefined && value > 0) return value;
  throw new InvalidArgumentError('expected a rate such as "10 Mbit/s".');
}

function cookies(experiment: Experiment, show: Show): void {
  experiment(
    'cookies',
    'a week with cookies: who knows Alice again, and what the advertiser learns',
  )
    .option('--days <n>', 'until she comes back', whole(1, 390), 7)
    .action(async (flags: Flags & { readonly days: number }) => {
      const { seed, days } = flags;
      show(flags, await cookiesStory({ seed, days }), cookiesStoryText);
    });
}

function pop3(experiment: Experiment, show: Show): void {
  experiment('pop3', 'mail fetched and kept, or fetched and deleted: both sessions, word by word')
    .addOption(
      new Option('--mode <mode>', 'of the two (default: both)').choices(['keep', 'delete']),
    )
    .option('--pause <ms>', 'between the sessions', milliseconds, 300_000)
    .addHelpText('after', '\nExample:\n  toplayer experiment pop3 --mode delete')
    .action(async (flags: Flags & { readonly mode?: Pop3Mode; readonly pause: number }) => {
      const { seed, mode, pause: pauseMs } = flags;
      const modes: readonly Pop3Mode[] = mode ? [mode] : ['keep', 'delete'];
      const stories = await Promise.all(
        modes.map((one) => pop3Story({ seed, mode: one, pauseMs })),
      );
      show(flags, stories, pop3StoryText);
    });
}

function dnsAtWork(experiment: Experiment, show: Show): void {
  experiment('dns-messages', 'who sends how many messages, asking iteratively and recursively')
    .option('--names <n>', 'how many names of one domain are resolved', whole(1, 200), 10)
    .action(async (flags: MessagesFlags) => {
      show(flags, await countMessages({ seed: flags.seed, names: flags.names }), messagesTable);
    });
  experiment('dns-ttl', 'the share of lookups that a cache answers, against the lifetime')
    .option('--ttls <list>', 'lifetimes in seconds', numbers, [0, 1, 5, 10, 60, 300])
    .option('--rate <n>', 'lookups a second, at random moments', rate, 0.2)
    .option('--lookups <n>', 'how many', whole(1, 1_000_000), 2_000)
    .action(async (flags: TtlFlags) => {
      const { seed, ttls, rate: perSecond, lookups } = flags;
      show(flags, await compareTtls({ seed, ttls, rate: perSecond, lookups }), ttlTable);
    });
  experiment('dns-rotation', 'how the order of addresses spreads clients over servers')
    .option('--lookups <n>', 'how many', whole(1, 1_000_000), 1_000)
    .action(async (flags: LookupsFlags) => {
      show(flags, await compareOrders({ seed: flags.seed, lookups: flags.lookups }), rotationTable);
    });
}

function dnsUnderAttack(experiment: Experiment, show: Show): void {
  experiment('dns-poisoning', 'a blind spoofer against a resolver, with more and less to guess')
    .option('--attempts <n>', 'how often it tries', whole(1, 100_000), 1_000)
    .option('--forged <n>', 'forged answers in each attempt', whole(1, 65_536), 64)
    .action(async (flags: PoisoningFlags) => {
      const { seed, attempts, forged } = flags;
      show(flags, await attackDefences({ seed, attempts, forged }), poisoningTable);
    });
  experiment(
    'dns-flood',
    'a flood on the root or on edu, with and without cache, servers, rate limiting',
  )
    .option(
      '--junk <n>',
      'junk questions a second (a server can answer 100)',
      whole(0, 100_000),
      600,
    )
    .option('--seconds <n>', 'how long, in virtual time', whole(1, 3_600), 20)
    .action(async (flags: FloodFlags) => {
      const { seed, junk, seconds } = flags;
      show(flags, await compareFloods({ seed, junk, seconds }), floodTable);
    });
}

/** `20 %`, `20%` or `0.2`. */
function share(text: string): number {
  const value = /^[01]?\.\d+$|^[01]$/.test(text) ? Number(text) : parseShare(text);
  if (value !== undefined && value <= 1) return value;
  throw new InvalidArgumentError('expected a share such as "20 %" or 0.2.');
}

function numbers(text: string): number[] {
  if (/^\d+(,\d+)*$/.test(text)) return text.split(',').map(Number);
  throw new InvalidArgumentError('expected whole numbers such as 0,10,60.');
}

function rate(text: string): number {
  const value = /^\d*\.?\d+$/.test(text) ? Number(text) : 0;
  if (value > 0) return value;
  throw new InvalidArgumentError('expected a number above 0, such as 0.2.');
}

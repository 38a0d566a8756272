/**
 * The same numbered messages over a connection and as datagrams, on one lossy simulated link:
 * retransmitted, late but whole and in order; or lost, reordered, quick.
 */
import { fromLatin1, latin1 } from '../lib/bytes.ts';
import { sleep } from '../net/index.ts';
import { type SimHost, World } from '../net/sim/index.ts';
import { TraceBus as Bus, type TraceBus } from '../trace/index.ts';

export interface TcpUdpOptions {
  readonly seed: string;
  /** How many messages, one every `everyMs`. */
  readonly messages?: number;
  readonly everyMs?: number;
  /** Share of packets lost on the link, 0 to 1. */
  readonly loss?: number;
  /** One way, in ms. */
  readonly latencyMs?: number;
  readonly jitterMs?: number;
  /** Share of datagrams that are overtaken. */
  readonly reorder?: number;
}

/** One message: when it was said, and after how many ms it was heard; null for never. */
export interface Delivery {
  readonly number: number;
  readonly saidAt: number;
  readonly udpMs: number | null;
  readonly tcpMs: number | null;
}

export interface TransportSummary {
  readonly heard: number;
  /** How often a message was heard after one with a higher number. */
  readonly outOfOrder: number;
  readonly meanMs: number;
  readonly maximumMs: number;
  /** Packets that the link lost. */
  readonly lostOnTheLink: number;
}

export interface TcpUdpResult {
  readonly deliveries: readonly Delivery[];
  readonly udp: TransportSummary;
  readonly tcp: TransportSummary;
}

const PORT = 5_000;

/** A line of a fixed length, so that messages can be told apart in a stream. */
const LINE = 32;

export const DEFAULTS: Required<Omit<TcpUdpOptions, 'seed'>> = {
  messages: 20,
  everyMs: 50,
  loss: 0.2,
  latencyMs: 40,
  jitterMs: 5,
  reorder: 0.1,
};

/** Runs both; the same seed gives the same result. */
export async function compareTransports(options: TcpUdpOptions): Promise<TcpUdpResult> {
  const settings = { ...DEFAULTS, ...options };
  const udp = await runUdp(settings);
  const tcp = await runTcp(settings);
  const deliveries = Array.from({ length: settings.messages }, (_, index): Delivery => {
    const number = index + 1;
    return {
      number,
      saidAt: index * settings.everyMs,
      udpMs: udp.heard.get(number) ?? null,
      tcpMs: tcp.heard.get(number) ?? null,
    };
  });
  return { deliveries, udp: summarise(udp), tcp: summarise(tcp) };
}

type Settings = typeof DEFAULTS & TcpUdpOptions;

/** The delay of each message heard, in the order in which they were heard. */
interface Hearing {
  readonly heard: Map<number, number>;
  readonly lost: number;
}

function lossyWorld(
  settings: Settings,
  bus: TraceBus,
): { world: World; alice: SimHost; bob: SimHost } {
  const world = new World({ seed: settings.seed, trace: bus });
  const [alice, bob] = [world.host('alice'), world.host('bob')];
  const { loss, reorder } = settings;
  world.link(alice, bob, { latency: settings.latencyMs, jitter: settings.jitterMs, loss, reorder });
  return { world, alice, bob };
}

function countDrops(bus: TraceBus, transport: string): () => number {
  let drops = 0;
  bus.subscribe((event) => {
    if (event.kind === 'drop' && event.transport === transport) drops++;
  });
  return () => drops;
}

function line(number: number): Uint8Array {
  return latin1(`message ${number}`.padEnd(LINE));
}

async function runUdp(settings: Settings): Promise<Hearing> {
  const bus = new Bus();
  const drops = countDrops(bus, 'udp');
  const { world, alice, bob } = lossyWorld(settings, bus);
  const heard = new Map<number, number>();
  const [out, into] = await world.run(
    Promise.all([alice.network.bind({ port: 0 }), bob.network.bind({ port: PORT })]),
  );
  const begin = world.now;
  into.onDatagram(({ bytes }) => {
    const number = Number(fromLatin1(bytes).split(' ')[1]);
    heard.set(number, world.now - begin - (number - 1) * settings.everyMs);
  });
  const talk = async () => {
    for (let number = 1; number <= settings.messages; number++) {
      out.send(line(number), into.local);
      await sleep(alice.clock, settings.everyMs);
    }
  };
  await world.run(talk());
  await world.run();
  return { heard, lost: drops() };
}

async function runTcp(settings: Settings): Promise<Hearing> {
  const bus = new Bus();
  const drops = countDrops(bus, 'tcp');
  const { world, alice, bob } = lossyWorld(settings, bus);
  const heard = new Map<number, number>();
  let begin = 0;
  let received = 0;
  const silent = { onData() {}, onClose() {} };
  const connecting = bob.network.listen({ port: PORT }, (connection) => {
    connection.attach({
      onData(bytes) {
        for (received += bytes.length; (heard.size + 1) * LINE <= received; ) {
          const number = heard.size + 1;
          heard.set(number, world.now - begin - (number - 1) * settings.everyMs);
        }
      },
      onEnd: () => connection.end(),
      onClose() {},
    });
  });
  const talk = async () => {
    const { local } = await connecting;
    const connection = await alice.network.connect(local);
    connection.attach(silent);
    begin = world.now;
    for (let number = 1; number <= settings.messages; number++) {
      connection.write(line(number));
      await sleep(alice.clock, settings.everyMs);
    }
    connection.end();
  };
  await world.run(talk());
  await world.run();
  return { heard, lost: drops() };
}

function summarise({ heard, lost }: Hearing): TransportSummary {
  const delays = [...heard.values()];
  let highest = 0;
  let outOfOrder = 0;
  for (const number of heard.keys()) {
    if (number < highest) outOfOrder++;
    highest = Math.max(highest, number);
  }
  return {
    heard: delays.length,
    outOfOrder,
    meanMs: delays.length === 0 ? 0 : delays.reduce((sum, ms) => sum + ms, 0) / delays.length,
    maximumMs: Math.max(0, ...delays),
    lostOnTheLink: lost,
  };
}

/** The result as a table and a sentence for each transport. */
export function transportTable(result: TcpUdpResult): string {
  const cell = (ms: number | null) => (ms === null ? 'lost' : ms.toFixed(1)).padStart(9);
  const rows = result.deliveries.map(
    ({ number, saidAt, udpMs, tcpMs }) =>
      `${String(number).padStart(7)} ${saidAt.toFixed(0).padStart(9)} ${cell(udpMs)} ${cell(tcpMs)}`,
  );
  const total = result.deliveries.length;
  const sentence = (
    name: string,
    { heard, outOfOrder, meanMs, maximumMs, lostOnTheLink }: TransportSummary,
  ) =>
    `${name}: ${heard} of ${total} heard, ${outOfOrder} out of order, ${lostOnTheLink} packets lost on the link; mean delay ${meanMs.toFixed(1)} ms, longest ${maximumMs.toFixed(1)} ms`;
  return [
    'message   said at  UDP, ms   TCP, ms',
    ...rows,
    '',
    sentence('UDP', result.udp),
    sentence('TCP', result.tcp),
    '',
  ].join('\n');
}

/**
 * A blind spoofer against a resolver: it makes the resolver ask for a name that nobody has asked for,
 * and answers in the server's place before the server can, guessing what it cannot see. Each attempt
 * succeeds with probability F / S (RFC 5452 §7): F forged answers come in time, S is the number of
 * combinations of what must be guessed: the id, the port that the question left from, the case of its
 * letters (0x20), and a cookie (RFC 7873), as far as the resolver has them.
 */
import {
  authoritative,
  chain,
  cookies,
  encodeMessage,
  message,
  queryDns,
  question,
  Resolver,
  recursive,
  serveDns,
} from '../../dns/index.ts';
import type { Host, Network, Random } from '../../net/index.ts';
import { below } from '../../net/index.ts';
import { type SimHost, World } from '../../net/sim/index.ts';
import { buildHierarchy, type Hierarchy, serveHierarchy } from './hierarchy.ts';

export interface PoisoningOptions {
  readonly seed: string;
  readonly attempts: number;
  /** Forged answers that come before the true one, in each attempt. */
  readonly forged: number;
}

/** How much of each field is left to chance: a real resolver has 16 bits of both, nearly. */
export interface Defence {
  readonly name: string;
  readonly idBits: number;
  readonly portBits: number;
  /** Letters of the name whose case is drawn; 0 or 3 here. */
  readonly letters: number;
  readonly cookie: boolean;
}

export const DEFENCES: readonly Defence[] = [
  { name: '8-bit id, one port', idBits: 8, portBits: 0, letters: 0, cookie: false },
  { name: '8-bit id, 16 ports', idBits: 8, portBits: 4, letters: 0, cookie: false },
  { name: '8-bit id, case of 3 letters', idBits: 8, portBits: 0, letters: 3, cookie: false },
  { name: '8-bit id, cookie', idBits: 8, portBits: 0, letters: 0, cookie: true },
  { name: '16-bit id, one port', idBits: 16, portBits: 0, letters: 0, cookie: false },
  { name: '16-bit id, 32,768 ports', idBits: 16, portBits: 15, letters: 0, cookie: false },
];

const COOKIE_BITS = 64;

export interface PoisoningRow {
  readonly defence: Defence;
  readonly attempts: number;
  readonly successes: number;
  /** The probability of one attempt by the formula, and the bounds for what is measured, four deviations wide. */
  readonly probability: number;
  readonly low: number;
  readonly high: number;
  /** After how many attempts half of all attackers have succeeded: ln 2 / -ln(1 - p). */
  readonly attemptsForHalf: number;
}

const LIE = '10.66.66.66';
const FIRST_PORT = 20_000;

/** The way of the true answer is long enough for all forged ones to come first. */
const FAR = 50;

export async function attackDefences(options: PoisoningOptions): Promise<PoisoningRow[]> {
  const rows: PoisoningRow[] = [];
  for (const defence of DEFENCES) rows.push(await attack(options, defence));
  return rows;
}

async function attack(options: PoisoningOptions, defence: Defence): Promise<PoisoningRow> {
  const { seed, attempts, forged } = options;
  const world = new World({ seed: `${seed} ${defence.name}` });
  const victim = world.host('resolver');
  const mallory = world.host('mallory', { latency: 1 });
  const hierarchy = buildHierarchy(world, { ttl: 300, latency: FAR });
  const spoofer = new Spoofer(world, mallory, victim, hierarchy, defence);
  const run = async () => {
    await serveHierarchy(hierarchy, (host, zones) => chain(cookies(host), authoritative(zones)));
    const resolver = new Resolver(weakened(victim, defence), {
      hints: hierarchy.hints,
      mixCase: defence.letters > 0,
      cookies: defence.cookie,
    });
    await serveDns(victim, { handler: chain(recursive(resolver)) });
    await spoofer.ask('w1.campus.edu.');
    let successes = 0;
    for (let i = 0; i < attempts; i++) if (await spoofer.attempt(nameOf(i), forged)) successes++;
    return successes;
  };
  const successes = await world.run(run());
  const bits =
    defence.idBits + defence.portBits + defence.letters + (defence.cookie ? COOKIE_BITS : 0);
  const probability = Math.min(1, forged / 2 ** bits);
  const spread = 4 * Math.sqrt(attempts * probability * (1 - probability));
  return {
    defence,
    attempts,
    successes,
    probability,
    low: Math.max(0, attempts * probability - spread),
    high: attempts * probability + Math.max(spread, 1),
    attemptsForHalf: Math.LN2 / -Math.log1p(-probability),
  };
}

/** A name that nobody has asked for. Of its first eight characters three are letters. */
function nameOf(attempt: number): string {
  return `${String(attempt % 10_000).padStart(4, '0')}.campus.edu.`;
}

/** The host as a resolver with fewer bits of chance would have it. */
function weakened(host: Host, { idBits, portBits }: Defence): Host {
  const mask = 2 ** Math.max(idBits, portBits) - 1;
  const random: Random = {
    uint32: () => (host.random.uint32() & mask) >>> 0,
    bytes: (length) => host.random.bytes(length),
    fork: (label) => host.random.fork(label),
  };
  const network: Network = {
    listen: (at, accept) => host.network.listen(at, accept),
    connect: (to, how) => host.network.connect(to, how),
    bind: (at) => host.network.bind({ ...at, port: FIRST_PORT + (at.port % 2 ** portBits) }),
  };
  return { ...pick(host), random, network };
}

function pick({ name, address, clock, files, trace }: Host) {
  return { name, address, clock, files, trace };
}

class Spoofer {
  private readonly world: World;
  private readonly mallory: SimHost;
  private readonly victim: SimHost;
  private readonly hierarchy: Hierarchy;
  private readonly defence: Defence;

  constructor(
    world: World,
    mallory: SimHost,
    victim: SimHost,
    hierarchy: Hierarchy,
    defence: Defence,
  ) {
    this.world = world;
    this.mallory = mallory;
    this.victim = victim;
    this.hierarchy = hierarchy;
    this.defence = defence;
  }

  /** Asks the resolver as any client may. */
  async ask(name: string) {
    const { message: reply } = await queryDns(
      this.mallory,
      { address: this.victim.address, port: 53 },
      question(name, 'A'),
    );
    return reply.answers;
  }

  /** True when the resolver now believes the lie. */
  async attempt(name: string, forged: number): Promise<boolean> {
    const asking = this.ask(name);
    this.mallory.clock.setTimer(2, () => this.flood(name, forged));
    const answers = await asking;
    return answers.some((record) => record.type === 'A' && record.address === LIE);
  }

  /** So many different guesses of id and port, from a random one on. */
  private flood(name: string, forged: number): void {
    const { idBits, portBits } = this.defence;
    const [ids, ports] = [2 ** idBits, 2 ** portBits];
    const first = below(this.mallory.random, ids * ports);
    const from = { address: this.hierarchy.leaf.address, port: 53 };
    for (let i = 0; i < Math.min(forged, ids * ports); i++) {
      const guess = (first + i) % (ids * ports);
      const shown = this.defence.letters > 0 ? this.guessCase(name) : name;
      const bytes = encodeMessage(
        message({
          id: guess % ids,
          response: true,
          authoritative: true,
          questions: [question(shown, 'A')],
          answers: [{ name: shown, type: 'A', class: 'IN', ttl: 86_400, address: LIE }],
        }),
      );
      const to = { address: this.victim.address, port: FIRST_PORT + Math.floor(guess / ids) };
      this.world.forge(this.mallory, { bytes, from }, to);
    }
  }

  /** The eight bits that the resolver draws decide the case of the first eight characters. */
  private guessCase(name: string): string {
    const bits = this.mallory.random.uint32();
    const first = [...name.slice(0, 8)].map((char, i) =>
      bits & (1 << i) ? char.toUpperCase() : char,
    );
    return first.join('') + name.slice(8);
  }
}

export function poisoningTable(rows: readonly PoisoningRow[]): string {
  const lines = rows.map(
    ({ defence, attempts, successes, probability, low, high, attemptsForHalf }) => {
      const bounds = `${low.toFixed(1)} to ${high.toFixed(1)}`;
      const half =
        attemptsForHalf < 1e6
          ? Math.ceil(attemptsForHalf).toString()
          : attemptsForHalf.toExponential(1);
      return `${defence.name.padEnd(32)} ${probability.toExponential(2).padStart(10)} ${`${successes} of ${attempts}`.padStart(14)} ${bounds.padStart(18)} ${half.padStart(12)}`;
    },
  );
  const head = `${'what the spoofer must guess'.padEnd(32)} ${'F / S'.padStart(10)} ${'poisoned'.padStart(14)} ${'by the formula'.padStart(18)} ${'50 % after'.padStart(12)}`;
  return `${[head, ...lines].join('\n')}\n`;
}

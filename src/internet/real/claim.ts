/**
 * A /16 of the loopback network for one internet, and the ports that the system lets it have.
 * Who listens at the claim's port holds the network: two internets never share one.
 */
import { NetworkError } from '../../lib/errors.ts';
import { mappedPlan, type PortPlan, realHost, sharedAddressPlan } from '../../net/real/index.ts';
import type { Transport } from '../../trace/index.ts';

/** No host of a scenario should use it; far from every well-known port. */
const CLAIM_PORT = 65_000;

/** Ports below this need rights on most systems. */
const PRIVILEGED = 1_024;

/** Port 53 is carried by 20053, and so on. Browsers refuse 10080. */
const HIGH = 20_000;

/** 127.1 to 127.9 are left to other programs that people run. */
const NETWORKS = { first: 10, last: 250 };

export interface Claim {
  readonly prefix: string;
  readonly ports: PortPlan;
  /** A sentence for people: which ports, and why. */
  readonly note: string;
  release(): Promise<void>;
}

export interface WantedPort {
  readonly port: number;
  readonly transport: Transport;
}

export interface ClaimOptions {
  /** Networks that were found unusable before. */
  readonly taboo?: ReadonlySet<string>;
  /** High ports though the system may allow well-known ones. */
  readonly highPorts?: boolean;
}

/** Takes the preferred network, or the next free one. */
export async function claimNetwork(
  preferred: string,
  wanted: readonly WantedPort[],
  options: ClaimOptions = {},
): Promise<Claim> {
  const start = Number(preferred.split('.')[1]);
  const count = NETWORKS.last - NETWORKS.first + 1;
  for (let i = 0; i < count; i++) {
    const second =
      i === 0 ? start : NETWORKS.first + ((start - NETWORKS.first + i + count) % count);
    const prefix = `127.${second}`;
    const claim = options.taboo?.has(prefix)
      ? undefined
      : await tryNetwork(prefix, preferred, wanted, options.highPorts ?? false);
    if (claim) return claim;
  }
  throw new NetworkError('in-use', 'every 127.N.0.0/16 is taken by another internet');
}

async function tryNetwork(
  prefix: string,
  preferred: string,
  wanted: readonly WantedPort[],
  highPorts: boolean,
): Promise<Claim | undefined> {
  const claimant = realHost({ name: 'the claim', address: `${prefix}.255.254` });
  try {
    await claimant.network.listen(
      { port: CLAIM_PORT, service: 'a toplayer internet' },
      (connection) => connection.destroy(),
    );
  } catch (error) {
    await claimant.close();
    if (!(error instanceof NetworkError)) throw error;
    if (error.kind === 'in-use') return undefined;
    if (error.kind === 'unreachable') return sharedAddress(preferred);
    throw error;
  }
  const high = new Map<number, string>();
  for (const { port, transport } of wanted) {
    if (port >= PRIVILEGED) continue;
    const refusal = highPorts ? 'they were asked for' : await probe(claimant, port, transport);
    if (refusal) high.set(port, refusal);
  }
  const ports = mappedPlan((at) => (high.has(at.port) ? { ...at, port: at.port + HIGH } : at));
  return { prefix, ports, note: noteOn(high), release: () => claimant.close() };
}

/** Why the port can't be had; undefined when it can. */
async function probe(
  claimant: ReturnType<typeof realHost>,
  port: number,
  transport: Transport,
): Promise<string | undefined> {
  try {
    if (transport === 'udp') {
      (await claimant.network.bind({ port })).close();
    } else {
      const listener = await claimant.network.listen({ port }, (connection) =>
        connection.destroy(),
      );
      await listener.close();
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    return error.kind === 'not-permitted'
      ? 'the system keeps ports below 1024 from this user'
      : error.message;
  }
}

function noteOn(high: ReadonlyMap<number, string>): string {
  if (high.size === 0) return 'well-known ports: the system allows them to this user';
  const moved = [...high.keys()].sort((a, b) => a - b).map((port) => `${port + HIGH} for ${port}`);
  const reasons = [...new Set(high.values())];
  return `high ports: ${moved.join(', ')}; ${reasons.join('; ')}`;
}

/** Where the system knows only 127.0.0.1 (macOS), it carries every host, on ports the system picks. */
function sharedAddress(prefix: string): Claim {
  return {
    prefix,
    ports: sharedAddressPlan(),
    note: 'ports of 127.0.0.1 chosen by the system: it has no other loopback address',
    release: async () => {},
  };
}

/** What the network knows of a simulated host: its access, its luck on the way, and what its ports hold. */
import type { Address, Endpoint } from '../../lib/endpoint.ts';
import { NetworkError } from '../../lib/errors.ts';
import type { Random } from '../types.ts';
import { FIRST_FREE_PORT } from './defaults.ts';
import { Link } from './max-min.ts';

export interface AccessOptions {
  /** Bits a second; default: unlimited. */
  readonly up?: number;
  readonly down?: number;
  /** Milliseconds one way between the host and the core; default 0. */
  readonly latency?: number;
}

export interface MachineOptions extends AccessOptions {
  /** What `write` takes before it says false; default SEND_BUFFER. */
  readonly sendBuffer?: number;
  /** What a stream takes in before it is read; default RECEIVE_BUFFER. */
  readonly receiveBuffer?: number;
  /** Streams from this host start with a small window that doubles each round trip. */
  readonly slowStart?: boolean;
}

/** Whoever holds a port or a connection, and loses it when the host crashes. */
export interface Resident {
  /** Gone without a word. */
  crash(): void;
}

/** A holder of a port, with the name that is told to the next one who wants it. */
export interface Holder extends Resident {
  readonly holder: string;
}

/** Separate sources for separate kinds of luck, so that loss on one link does not shift the jitter of another. */
export interface Luck {
  readonly loss: Random;
  readonly jitter: Random;
  readonly reorder: Random;
  readonly duplicate: Random;
}

export class Machine {
  readonly name: string;
  readonly addresses: readonly Address[];
  readonly luck: Luck;
  readonly options: MachineOptions;
  up: Link | undefined;
  down: Link | undefined;
  latency = 0;
  running = true;
  readonly listeners: Ports = new Ports();
  readonly sockets: Ports = new Ports();
  /** Local ports of outgoing connections. */
  readonly outgoing: Ports = new Ports();
  readonly connections: Set<Resident> = new Set();

  constructor(
    name: string,
    addresses: readonly Address[],
    random: Random,
    options: MachineOptions,
  ) {
    this.name = name;
    this.addresses = addresses;
    this.options = options;
    const network = random.fork('network');
    this.luck = {
      loss: network.fork('loss'),
      jitter: network.fork('jitter'),
      reorder: network.fork('reorder'),
      duplicate: network.fork('duplicate'),
    };
    this.setAccess(options);
  }

  get address(): Address {
    return this.addresses[0] as Address;
  }

  /** Gives the links whose capacity is new. */
  setAccess(access: AccessOptions): void {
    if (access.latency !== undefined) this.latency = access.latency;
    if (access.up !== undefined) this.up = withRate(this.up, access.up);
    if (access.down !== undefined) this.down = withRate(this.down, access.down);
  }

  crash(): void {
    this.running = false;
    for (const ports of [this.listeners, this.sockets, this.outgoing]) ports.crash();
    for (const connection of [...this.connections]) connection.crash();
    this.connections.clear();
  }

  /** The local end that was asked for; throws when the address is not this host's. */
  own(address: Address | undefined): Address {
    if (address === undefined) return this.address;
    if (this.addresses.includes(address) || address === ANYWHERE) return address;
    throw new NetworkError('unreachable', `host ${this.name} has no address ${address}`);
  }
}

/** All addresses of a host. */
export const ANYWHERE = '0.0.0.0';

const BITS_A_BYTE_MS = 8000;

function withRate(link: Link | undefined, bitsPerSecond: number): Link | undefined {
  const capacity = bitsPerSecond / BITS_A_BYTE_MS;
  if (link) link.capacity = capacity;
  else if (capacity !== Number.POSITIVE_INFINITY) return new Link(capacity);
  return link;
}

/** The ports of one kind on one host. Several connections may leave from one port to different peers. */
export class Ports {
  private readonly held = new Map<string, Holder[]>();
  private next = FIRST_FREE_PORT;

  /** Who holds this port at this address, or at all addresses. */
  find(at: Endpoint): Holder | undefined {
    return this.at(at)[0] ?? this.at({ address: ANYWHERE, port: at.port })[0];
  }

  /** Who keeps others from holding it: for all addresses that is who holds it at any. */
  rival(at: Endpoint): Holder | undefined {
    if (at.address !== ANYWHERE) return this.find(at);
    const taken = [...this.held].find(([place]) => place.endsWith(` ${at.port}`));
    return taken?.[1][0];
  }

  /** The next free port of the range that is given out, free with the rivals too. */
  free(address: Address, rivals: readonly Ports[] = []): number {
    for (let tries = FIRST_FREE_PORT; tries < 65_536; tries++) {
      const port = this.next;
      this.next = port === 65_535 ? FIRST_FREE_PORT : port + 1;
      const at = { address, port };
      if (![this, ...rivals].some((ports) => ports.rival(at))) return port;
    }
    throw new NetworkError('in-use', `no free port left at ${address}`);
  }

  /** All who hold exactly this. */
  at(at: Endpoint): readonly Holder[] {
    return this.held.get(key(at)) ?? [];
  }

  hold(at: Endpoint, holder: Holder): void {
    this.held.set(key(at), [...this.at(at), holder]);
  }

  release(at: Endpoint, holder: Holder): void {
    const left = this.at(at).filter((other) => other !== holder);
    if (left.length > 0) this.held.set(key(at), left);
    else this.held.delete(key(at));
  }

  all(): readonly Holder[] {
    return [...this.held.values()].flat();
  }

  crash(): void {
    for (const holder of this.all()) holder.crash();
    this.held.clear();
  }
}

function key(at: Endpoint): string {
  return `${at.address} ${at.port}`;
}

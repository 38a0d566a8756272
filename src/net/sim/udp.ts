/** Datagrams between simulated hosts. */
import { type Endpoint, endpointText } from '../../lib/endpoint.ts';
import { NetworkError } from '../../lib/errors.ts';
import { DATAGRAM_LIMIT } from '../defaults.ts';
import { fraction } from '../random.ts';
import type { Datagram, DatagramSocket, ListenAt } from '../types.ts';
import { EARLY_DATAGRAMS } from './defaults.ts';
import type { Fabric } from './fabric.ts';
import { ANYWHERE, type Holder, type Machine } from './machine.ts';
import type { Path } from './path.ts';
import { holderName, takePort } from './tcp.ts';

export class SimDatagramSocket implements DatagramSocket, Holder {
  readonly local: Endpoint;
  readonly holder: string;
  private readonly fabric: Fabric;
  private readonly machine: Machine;
  private readonly service: { text?: string };
  private early: Datagram[] | undefined = [];
  private handler: ((datagram: Datagram) => void) | undefined;
  private open = true;

  constructor(fabric: Fabric, machine: Machine, at: ListenAt) {
    this.fabric = fabric;
    this.machine = machine;
    this.service = at.service === undefined ? {} : { text: at.service };
    this.holder = holderName(machine, at.service);
    this.local = takePort(machine, machine.sockets, at, 'udp');
    machine.sockets.hold(this.local, this);
    this.recordPort('bind');
  }

  onDatagram(receive: (datagram: Datagram) => void): void {
    this.handler = receive;
    const early = this.early;
    this.early = undefined;
    if (!early || early.length === 0) return;
    this.fabric.loop.at(this.fabric.loop.now, () => {
      for (const datagram of early) if (this.open) this.handler?.(datagram);
    });
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    if (!this.open) return;
    if (bytes.length > DATAGRAM_LIMIT) {
      const message = `a datagram of ${bytes.length} bytes: at most ${DATAGRAM_LIMIT} fit`;
      throw new NetworkError('too-large', message, { spec: 'RFC 768' });
    }
    const { fabric, machine } = this;
    const from = this.speaker;
    if (fabric.recorder.on) fabric.record(machine, 'send', 'udp', from, to, { bytes });
    const target = fabric.machines.get(to.address);
    if (!target) this.drop(bytes, to, `there is no host ${to.address}`);
    else this.sendOver(fabric.path(machine, target), bytes, to);
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.early = undefined;
    this.machine.sockets.release(this.local, this);
    this.recordPort('unbind');
  }

  crash(): void {
    this.open = false;
    this.handler = undefined;
    this.early = undefined;
  }

  /** A datagram has come. */
  deliver(datagram: Datagram): void {
    const { fabric, machine } = this;
    const { bytes, from } = datagram;
    if (fabric.recorder.on) fabric.record(machine, 'receive', 'udp', from, this.local, { bytes });
    fabric.active = machine.name;
    if (!this.early) this.handler?.(datagram);
    else if (this.early.length < EARLY_DATAGRAMS) this.early.push(datagram);
  }

  private get speaker(): Endpoint {
    const { address, port } = this.local;
    return address === ANYWHERE ? { address: this.machine.address, port } : this.local;
  }

  private sendOver(path: Path, bytes: Uint8Array, to: Endpoint): void {
    if (path.loses(1)) {
      this.drop(bytes, to, 'lost on the link');
      return;
    }
    this.travel(path, bytes, to);
    const { duplicate = 0 } = path.link;
    const twice = duplicate > 0 && fraction(this.machine.luck.duplicate) < duplicate;
    if (twice) this.travel(path, bytes, to);
  }

  private travel(path: Path, bytes: Uint8Array, to: Endpoint): void {
    const from = this.speaker;
    path.carry(travelTime(path, bytes.length), {
      arrive: () => {
        if (deliverTo(path.to, to, { bytes, from })) return;
        this.drop(bytes, to, `no one listens on port ${to.port}`, path.to);
      },
      lost: (why) => this.drop(bytes, to, why),
    });
  }

  private drop(
    bytes: Uint8Array,
    to: Endpoint,
    text: string,
    machine: Machine = this.machine,
  ): void {
    const { fabric } = this;
    if (!fabric.recorder.on) return;
    fabric.record(machine, 'drop', 'udp', this.speaker, to, { bytes, text });
  }

  private recordPort(kind: 'bind' | 'unbind'): void {
    const { fabric, machine, local } = this;
    if (fabric.recorder.on) fabric.record(machine, kind, 'udp', local, local, this.service);
  }

  /** For people. */
  get text(): string {
    return endpointText(this.local);
  }
}

/** Hands a datagram to the socket that it is for; false when there is none. */
function deliverTo(machine: Machine, to: Endpoint, datagram: Datagram): boolean {
  const socket = machine.sockets.find(to);
  if (!(socket instanceof SimDatagramSocket)) return false;
  socket.deliver(datagram);
  return true;
}

/** Sends a datagram from `machine` that claims to come from elsewhere. */
export function forge(fabric: Fabric, machine: Machine, datagram: Datagram, to: Endpoint): void {
  const { bytes, from } = datagram;
  const { recorder } = fabric;
  if (recorder.on) {
    const text = `forged: this was sent by ${machine.name}`;
    fabric.record(machine, 'note', 'udp', from, to, { text });
    fabric.record(machine, 'send', 'udp', from, to, { bytes });
  }
  const lose = (text: string) => {
    if (recorder.on) fabric.record(machine, 'drop', 'udp', from, to, { bytes, text });
  };
  const target = fabric.machines.get(to.address);
  if (!target) {
    lose(`there is no host ${to.address}`);
    return;
  }
  const path = fabric.path(machine, target);
  if (path.loses(1)) {
    lose('lost on the link');
    return;
  }
  path.carry(travelTime(path, bytes.length), {
    arrive: () => {
      if (!deliverTo(target, to, datagram)) lose(`no one listens on port ${to.port}`);
    },
    lost: lose,
  });
}

/** A datagram doesn't share the access with others: it leaves at once, at the access's full rate. */
function travelTime(path: Path, bytes: number): number {
  const { reorder = 0 } = path.link;
  const delay = bytes / path.rate + path.delay();
  const late = reorder > 0 && fraction(path.from.luck.reorder) < reorder;
  // Those sent in the next trip's time may come before it.
  return late ? 2 * delay + 1 : delay;
}

/** Datagrams on the machine's sockets. */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { deferred } from '../../lib/deferred.ts';
import { type Address, type Endpoint, endpointText } from '../../lib/endpoint.ts';
import { NetworkError } from '../../lib/errors.ts';
import { DATAGRAM_LIMIT } from '../defaults.ts';
import type { Datagram, DatagramSocket, ListenAt } from '../types.ts';
import { bindError, bound, placeFor } from './bind.ts';
import { DATAGRAM_RECEIVE_BUFFER, EARLY_DATAGRAMS } from './defaults.ts';
import { isLoopback, type Machine, record, throwIfStopped } from './machine.ts';
import { identityPlan } from './ports.ts';

export async function bind(machine: Machine, at: ListenAt): Promise<DatagramSocket> {
  const place = placeFor(machine, at, 'udp');
  const type = isIPv6(place.real.address) ? 'udp6' : 'udp4';
  const socket = createSocket({
    type,
    reusePort: at.shared ?? false,
    recvBufferSize: DATAGRAM_RECEIVE_BUFFER,
    // Addresses need no looking up: answering at once saves a turn for each datagram.
    lookup: (name, _options, found) => found(null, name, type === 'udp6' ? 6 : 4),
  });
  const ready = deferred<void>();
  socket.once('listening', ready.resolve);
  socket.once('error', ready.reject);
  socket.bind({ address: place.real.address, port: place.real.port, exclusive: true });
  await ready.promise.catch(async (cause: unknown) => {
    socket.close();
    throw await bindError(place, 'udp', cause);
  });
  if (machine.stopped) socket.close();
  throwIfStopped(machine);
  const { local, release } = bound(machine, place, socket.address().port, at, 'udp');
  return new RealDatagramSocket(machine, socket, local, release);
}

class RealDatagramSocket implements DatagramSocket {
  readonly local: Endpoint;
  private readonly machine: Machine;
  private readonly socket: Socket;
  private readonly release: () => void;
  private readonly translated: boolean;
  private early: Datagram[] | undefined = [];
  private handler: ((datagram: Datagram) => void) | undefined;
  private open = true;
  /** Where the last datagram went: most go where the one before went, and are not looked at again. */
  private near: Address | undefined;

  constructor(machine: Machine, socket: Socket, local: Endpoint, release: () => void) {
    this.machine = machine;
    this.socket = socket;
    this.local = local;
    this.release = release;
    this.translated = machine.ports !== identityPlan;
    machine.live.add(this);
    socket.on('message', (bytes, from) => this.message(bytes, from));
    // What a datagram socket reports is about one datagram, and datagrams may be lost.
    socket.on('error', () => {});
  }

  onDatagram(receive: (datagram: Datagram) => void): void {
    this.handler = receive;
    const early = this.early;
    this.early = undefined;
    if (early && early.length > 0) {
      process.nextTick(() => {
        for (const datagram of early) if (this.open) this.handler?.(datagram);
      });
    }
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    if (!this.open) return;
    if (bytes.length > DATAGRAM_LIMIT) {
      const message = `a datagram of ${bytes.length} bytes: at most ${DATAGRAM_LIMIT} fit`;
      throw new NetworkError('too-large', message, { spec: 'RFC 768' });
    }
    const { machine } = this;
    if (machine.trace.on) record(machine, 'send', 'udp', this.local, to, { bytes });
    const real = this.translated ? machine.ports.toReal(to, 'udp') : to;
    const obstacle = this.obstacle(real);
    if (obstacle) {
      this.drop(bytes, to, obstacle);
      return;
    }
    // A callback costs a turn of its own, and only a trace needs what it says.
    if (!machine.trace.on) this.socket.send(bytes, real.port, real.address);
    else {
      this.socket.send(bytes, real.port, real.address, (error) => {
        if (error) this.drop(bytes, to, error.message);
      });
    }
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.early = undefined;
    this.machine.live.delete(this);
    this.release();
    this.socket.close();
  }

  stop(): void {
    this.close();
  }

  private obstacle(real: Endpoint): string | undefined {
    if (real.port === 0) return `no one listens on port ${real.port}`;
    if (this.machine.expose || real.address === this.near) return undefined;
    if (isLoopback(real.address)) {
      this.near = real.address;
      return undefined;
    }
    return `${endpointText(real)} is outside this machine, and expose is not given`;
  }

  private drop(bytes: Uint8Array, to: Endpoint, text: string): void {
    const { machine, local } = this;
    if (machine.trace.on) record(machine, 'drop', 'udp', local, to, { bytes, text });
  }

  private message(buffer: Uint8Array, sender: RemoteInfo): void {
    const bytes = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
    const real = { address: sender.address, port: sender.port };
    const from = this.translated ? this.machine.ports.toVirtual(real, 'udp') : real;
    const { machine, local } = this;
    if (machine.trace.on) record(machine, 'receive', 'udp', from, local, { bytes });
    if (!this.early) this.handler?.({ bytes, from });
    else if (this.early.length < EARLY_DATAGRAMS) this.early.push({ bytes, from });
  }
}

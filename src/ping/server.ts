import type { Address, Endpoint } from '../lib/endpoint.ts';
import { below, type Host, type Server } from '../net/index.ts';
import { DELAYED_REPLIES, LOSS_RULE, PING_PORT } from './defaults.ts';
import type { LossRule } from './types.ts';
import { upperCase } from './wire/message.ts';

export interface PingServerOptions {
  readonly port?: number;
  readonly address?: Address;
  /** Default: the exercise's rule, 4 in 11. */
  readonly loss?: LossRule;
  /** Milliseconds by which each reply is held back. */
  readonly delayMs?: number;
  /** Told of each datagram, and whether it was answered. */
  readonly onPing?: (from: Endpoint, bytes: Uint8Array, answered: boolean) => void;
}

/** Answers each datagram with itself in capitals, but for those that the loss rule takes. */
export async function servePing(host: Host, options: PingServerOptions = {}): Promise<Server> {
  const { loss = LOSS_RULE, delayMs = 0, port = PING_PORT, address } = options;
  const random = host.random.fork('ping');
  const socket = await host.network.bind({ port, service: 'ping', ...(address && { address }) });
  let held = 0;
  const answer = (bytes: Uint8Array, to: Endpoint) => socket.send(upperCase(bytes), to);
  socket.onDatagram(({ bytes, from }) => {
    const thrown = below(random, loss.of);
    const answered = thrown >= loss.below && held < DELAYED_REPLIES;
    options.onPing?.(from, bytes, answered);
    if (!answered) {
      noteDrop(host, socket.local, from, thrown, loss);
    } else if (delayMs > 0) {
      held++;
      host.clock.setTimer(delayMs, () => {
        held--;
        answer(bytes, from);
      });
    } else {
      answer(bytes, from);
    }
  });
  return {
    local: socket.local,
    close: async () => socket.close(),
  };
}

/** Says why there is no reply: it stands beside the next message of the server to this client. */
function noteDrop(host: Host, from: Endpoint, to: Endpoint, thrown: number, loss: LossRule): void {
  if (!host.trace.on) return;
  const text = `an earlier ping got no reply: the server threw ${thrown} of 0 to ${loss.of - 1}, and drops below ${loss.below}`;
  host.trace.emit({
    kind: 'note',
    at: host.clock.now(),
    host: host.name,
    transport: 'udp',
    from,
    to,
    text,
  });
}

/** What listening and binding have in common: permission, the port plan, and who holds a port. */
import { isIP } from 'node:net';
import { type Endpoint, endpointText } from '../../lib/endpoint.ts';
import { NetworkError } from '../../lib/errors.ts';
import type { Transport } from '../../trace/types.ts';
import type { ListenAt } from '../types.ts';
import { errno, networkError } from './errors.ts';
import { hold, holderOf, letGo } from './holder.ts';
import { isLoopback, type Machine, record, throwIfStopped } from './machine.ts';

/** A place that is going to be bound: what was asked for, and what carries it. */
export interface Place {
  readonly virtual: Endpoint;
  readonly real: Endpoint;
}

/** Checks that the host may bind there. */
export function placeFor(machine: Machine, at: ListenAt, transport: Transport): Place {
  throwIfStopped(machine);
  const virtual = { address: at.address ?? machine.address, port: at.port };
  const real = machine.ports.toReal(virtual, transport);
  if (isIP(real.address) === 0) {
    throw new NetworkError('invalid', `${real.address} is a name, and only addresses can be bound`);
  }
  if (!machine.expose && !isLoopback(real.address)) {
    throw new NetworkError(
      'not-permitted',
      `${endpointText(real)} can be reached from outside this machine: only 127.0.0.0/8 and ::1 are bound unless the option expose is given`,
    );
  }
  return { virtual, real };
}

/** Notes a bound place and records it; gives the virtual endpoint with the port that the system chose. */
export function bound(
  machine: Machine,
  place: Place,
  realPort: number,
  at: ListenAt,
  transport: Transport,
): { local: Endpoint; release: () => void } {
  const real = { address: place.real.address, port: realPort };
  const { address, port } = place.virtual;
  const local = { address, port: port === 0 ? realPort : port };
  machine.ports.learn(local, real, transport);
  hold(real, transport, `${at.service ?? 'a service'} of host ${machine.name}`);
  if (machine.trace.on) record(machine, 'bind', transport, local, local, service(at));
  const release = () => {
    letGo(real, transport);
    machine.ports.forget(local, transport);
    if (machine.trace.on) record(machine, 'unbind', transport, local, local, service(at));
  };
  return { local, release };
}

function service(at: ListenAt): { text?: string } {
  return at.service === undefined ? {} : { text: at.service };
}

/** The error of a bind that failed; names the holder of a port in use. */
export async function bindError(
  place: Place,
  transport: Transport,
  cause: unknown,
): Promise<NetworkError> {
  const { virtual, real } = place;
  const text = endpointText(virtual);
  const carried = text === endpointText(real) ? text : `${text} (carried by ${endpointText(real)})`;
  if (errno(cause) === 'EADDRINUSE') {
    const holder = await holderOf(real, transport);
    return new NetworkError('in-use', `${transport} ${carried} is in use by ${holder}`, { cause });
  }
  if (errno(cause) === 'EACCES') {
    const message = `the system does not let this user bind ${transport} ${carried}; ports below 1024 may need rights`;
    return new NetworkError('not-permitted', message, { cause });
  }
  return networkError(`cannot bind ${transport} ${carried}`, cause);
}

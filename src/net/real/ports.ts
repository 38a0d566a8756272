/**
 * Which real endpoint carries which virtual one. An internet gives its hosts well-known ports and
 * addresses of their own; where the system refuses ports below 1024, or has only one loopback
 * address, others carry them. Protocols and the trace see the virtual ones, sockets the real ones.
 */
import type { Address, Endpoint } from '../../lib/endpoint.ts';
import type { Transport } from '../../trace/types.ts';

export interface PortPlan {
  /** Port 0 asks for a free one. */
  toReal(virtual: Endpoint, transport: Transport): Endpoint;
  toVirtual(real: Endpoint, transport: Transport): Endpoint;
  /** Notes what the system gave: `real` carries `virtual` from now on. */
  learn(virtual: Endpoint, real: Endpoint, transport: Transport): void;
  forget(virtual: Endpoint, transport: Transport): void;
}

/** Every endpoint carries itself. */
export const identityPlan: PortPlan = {
  toReal: (at) => at,
  toVirtual: (at) => at,
  learn() {},
  forget() {},
};

/**
 * A plan with a table that all hosts of one internet share. `carry` says which real endpoint is to
 * carry a virtual one that is not in the table: port 0 lets the system choose when it is bound.
 */
export function mappedPlan(
  carry: (virtual: Endpoint, transport: Transport) => Endpoint = (at) => at,
): PortPlan {
  const reals = new Map<string, Endpoint>();
  const virtuals = new Map<string, Endpoint>();
  return {
    toReal: (at, transport) => reals.get(key(at, transport)) ?? carry(at, transport),
    toVirtual: (at, transport) => virtuals.get(key(at, transport)) ?? at,
    learn(virtual, real, transport) {
      reals.set(key(virtual, transport), real);
      virtuals.set(key(real, transport), virtual);
    },
    forget(virtual, transport) {
      const real = reals.get(key(virtual, transport));
      reals.delete(key(virtual, transport));
      if (real) virtuals.delete(key(real, transport));
    },
  };
}

function key(at: Endpoint, transport: Transport): string {
  return `${transport} ${at.address} ${at.port}`;
}

/**
 * A plan for machines with one loopback address: `address` carries all hosts, on ports the system
 * picks. What stands at that address itself, another program, is where it is.
 */
export function sharedAddressPlan(address: Address = '127.0.0.1'): PortPlan {
  return mappedPlan((at) => (at.address === address ? at : { address, port: 0 }));
}

/** The network of this machine: sockets, time, luck and disk of the system. */
export { type RealClock, realClock } from './clock.ts';
export { realCodings } from './codings.ts';
export { realFiles } from './files.ts';
export { type RealHost, type RealHostOptions, realHost } from './host.ts';
export { identityPlan, mappedPlan, type PortPlan, sharedAddressPlan } from './ports.ts';
export { secureRandom } from './random.ts';

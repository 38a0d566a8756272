/** The simulated network: hosts, links and faults under a virtual clock. It runs in browsers too. */
export { type MemoryFiles, memoryFiles } from '../memory-files.ts';
export { type BootProgram, SimHost, type SimHostOptions } from './host.ts';
export type { AccessOptions } from './machine.ts';
export type { LinkOptions } from './path.ts';
export { type SimulatedAuthority, simulatedAuthority } from './secure.ts';
export { type Which, World, type WorldOptions } from './world.ts';

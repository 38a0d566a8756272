export { parsePorts, type ScanOptions, scanPorts } from './scan.ts';
export { SERVICES } from './services.ts';
export type * from './types.ts';

export type * from './types.ts';
export { SILENT } from './types.ts';

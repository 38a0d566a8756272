export { ByteReader } from './byte-reader.ts';
export * from './defaults.ts';
export { pathNames } from './file-path.ts';
export type { Lookup } from './lookup.ts';
export { type MemoryFiles, memoryFiles } from './memory-files.ts';
export { below, fraction, seededRandom } from './random.ts';
export { type Conversation, Conversations, type Server } from './serve.ts';
export { calendar, sleep } from './time.ts';
export type * from './types.ts';

/** Small files kept in memory, each compared with the disk from time to time. */
import { FILE_CACHE_LIMIT } from '../defaults.ts';
import type { ServedFile } from './file-answer.ts';

interface Kept {
  file: ServedFile;
  checkedAt: number;
}

export class FileCache {
  private readonly entries = new Map<string, Kept>();
  private size = 0;

  /** The file for a URL path that was compared with the disk less than `recheckMs` ago. */
  fresh(urlPath: string, now: number, recheckMs: number): ServedFile | undefined {
    const kept = this.entries.get(urlPath);
    return kept && now - kept.checkedAt < recheckMs ? kept.file : undefined;
  }

  kept(urlPath: string): ServedFile | undefined {
    return this.entries.get(urlPath)?.file;
  }

  put(urlPath: string, file: ServedFile, now: number): void {
    this.delete(urlPath);
    this.entries.set(urlPath, { file, checkedAt: now });
    this.size += file.bytes?.length ?? 0;
    for (const oldest of this.entries.keys()) {
      if (this.size <= FILE_CACHE_LIMIT && this.entries.size <= MAX_ENTRIES) break;
      this.delete(oldest);
    }
  }

  delete(urlPath: string): void {
    const kept = this.entries.get(urlPath);
    if (!kept) return;
    this.entries.delete(urlPath);
    this.size -= kept.file.bytes?.length ?? 0;
  }
}

/** Empty files cost too: a bound on how many are remembered. */
const MAX_ENTRIES = 4_096;

/** A file that others write, whose syncs are ours: in the thread pool where there is time, at once where there is none. */
import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';

/** To hand a sync to the thread pool and to hear of its end takes a tenth to a half of this. */
const QUICK_MS = 1;

export class SyncedFile {
  protected readonly file: number;
  /** Writes since a sync began; a sync that fails leaves them to the next. */
  private touched = false;
  private running: Promise<void> | undefined;
  private tookMs = 0;

  constructor(path: string, flags: 'r+' | 'w+' = 'r+') {
    this.file = openSync(path, flags, 0o600);
  }

  /** It was written. */
  touch(): void {
    this.touched = true;
  }

  /** What was written is on the disk when it resolves; undefined where there is nothing to wait for. */
  sync(): Promise<void> | undefined {
    if (!this.touched) return this.running;
    this.touched = false;
    const began = performance.now();
    this.running = new Promise<void>((resolve, reject) => {
      fdatasync(this.file, (error) => {
        this.tookMs = performance.now() - began;
        this.running = undefined;
        if (!error) {
          resolve();
          return;
        }
        this.touched = true;
        reject(error);
      });
    });
    return this.running;
  }

  /** There is something to sync, and the last time it took long. */
  get isSlow(): boolean {
    return this.touched && this.tookMs > QUICK_MS;
  }

  /** The same at once; nothing where all is on the disk. */
  syncNow(): void {
    if (!this.touched && !this.running) return;
    const began = performance.now();
    fdatasyncSync(this.file);
    this.tookMs = performance.now() - began;
    this.touched = false;
  }

  close(): void {
    closeSync(this.file);
  }
}

/** A file that others write, whose syncs are ours: in the thread pool where there is time, at once where there is none. */
import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';

export class SyncedFile {
  protected readonly file: number;
  /** Writes since a sync began; a sync that fails leaves them to the next. */
  private touched = false;
  private running: Promise<void> | undefined;

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
    this.running = new Promise<void>((resolve, reject) => {
      fdatasync(this.file, (error) => {
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

  /** The same at once; nothing where all is on the disk. */
  syncNow(): void {
    if (!this.touched && !this.running) return;
    fdatasyncSync(this.file);
    this.touched = false;
  }

  close(): void {
    closeSync(this.file);
  }
}

import type { CliTools } from './tools.ts';

/** Waits for Ctrl-C (or the system's polite request to end). */
export function untilStopped(tools: CliTools): Promise<void> {
  return new Promise((resolve) => {
    if (tools.signal.aborted) resolve();
    else tools.signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

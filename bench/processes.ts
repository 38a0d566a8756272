/** Processes under measurement: their processor time, and the cores they run on. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A process and all that descend from it: servers start helpers, some of them late. */
export function familyOf(pid: number): number[] {
  const text = (read(`/proc/${pid}/task/${pid}/children`) ?? '').trim();
  const own = text === '' ? [] : text.split(' ').map(Number);
  return [pid, ...own.flatMap(familyOf)];
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** Undefined for a process that has ended meanwhile. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Seconds on a processor so far, by the kernel's own count for every thread. */
export function processorSeconds(pids: readonly number[]): number {
  let nanoseconds = 0;
  for (const pid of pids) {
    for (const thread of threadsOf(pid)) {
      const text = read(`/proc/${pid}/task/${thread}/schedstat`) ?? '0';
      nanoseconds += Number(text.split(' ')[0]);
    }
  }
  return nanoseconds / 1e9;
}

/** Bytes of memory that are really there. */
export function residentBytes(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const pages = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1];
    return sum + Number(pages) * 4096;
  }, 0);
}

/** Keeps processes to one core, so that the load has the other. */
export function pin(pids: readonly number[], core: number): void {
  for (const pid of pids) {
    execFileSync('taskset', ['-a', '-cp', String(core), String(pid)], { stdio: 'ignore' });
  }
}

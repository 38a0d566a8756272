/** Which internets run on this machine: one small file each, so that commands find them. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Endpoint } from '../../lib/endpoint.ts';

export interface Announcement {
  readonly pid: number;
  readonly title: string;
  readonly network: string;
  /** The URL of the dashboard, with a slash at the end. */
  readonly dashboard: string;
  /** Milliseconds since 1970. */
  readonly started: number;
  readonly hosts: readonly AnnouncedHost[];
  /** The resolver of its users, and its root servers. */
  readonly resolver?: Endpoint;
  readonly roots: readonly { readonly name: string; readonly endpoint: Endpoint }[];
  /** Endpoints that the system carries elsewhere. */
  readonly carried: readonly { readonly virtual: Endpoint; readonly real: Endpoint }[];
}

function folder(): string {
  const own = process.env['XDG_RUNTIME_DIR'];
  return own ? join(own, 'toplayer') : join(tmpdir(), `toplayer-${userInfo().uid}`);
}

export interface AnnouncedHost {
  readonly name: string;
  readonly address: string;
  /** A host without services: somebody sits there. */
  readonly user: boolean;
  /** The proxy that the user here asks for pages. */
  readonly proxy?: Endpoint;
}

/** Tells that an internet runs; call the returned function when it has ended. */
export function announce(announcement: Announcement): () => void {
  mkdirSync(folder(), { recursive: true, mode: 0o700 });
  const path = join(folder(), `${announcement.pid}-${announcement.network.replace('/', '-')}.json`);
  writeFileSync(`${path}.new`, JSON.stringify(announcement), { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return () => rmSync(path, { force: true });
}

/** Those that run now, the newest first. Files of processes that have died are removed. */
export function runningInternets(): Announcement[] {
  const found: Announcement[] = [];
  for (const name of listed()) {
    const path = join(folder(), name);
    const announcement = parse(path);
    if (announcement && isAlive(announcement.pid)) found.push(announcement);
    else rmSync(path, { force: true });
  }
  return found.sort((a, b) => b.started - a.started);
}

function listed(): string[] {
  try {
    return readdirSync(folder()).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
}

function parse(path: string): Announcement | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Announcement;
  } catch {
    return undefined;
  }
}

/** Signal 0 asks whether the process is there; being refused means that it is. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

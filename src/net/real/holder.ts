/** Who holds a port: the first thing to know when it is in use. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import type { Endpoint } from '../../lib/endpoint.ts';
import type { Transport } from '../../trace/types.ts';

const holders = new Map<string, string>();

function key(real: Endpoint, transport: Transport): string {
  return `${transport} ${real.address} ${real.port}`;
}

/** Notes that a service of this process holds a real port. */
export function hold(real: Endpoint, transport: Transport, holder: string): void {
  holders.set(key(real, transport), holder);
}

export function letGo(real: Endpoint, transport: Transport): void {
  holders.delete(key(real, transport));
}

/** The holder of a real port as a person would name it. */
export async function holderOf(real: Endpoint, transport: Transport): Promise<string> {
  for (const address of [real.address, '0.0.0.0', '::']) {
    const ours = holders.get(key({ address, port: real.port }, transport));
    if (ours) return ours;
  }
  const inodes = await inodesOf(real, transport);
  return (inodes.size > 0 && (await processWith(inodes))) || 'another program';
}

/** The sockets bound to the port, from the tables that Linux keeps in /proc/net. */
async function inodesOf(real: Endpoint, transport: Transport): Promise<Set<string>> {
  const inodes = new Set<string>();
  for (const table of [transport, `${transport}6`]) {
    const text = await readFile(`/proc/net/${table}`, 'utf8').catch(() => '');
    for (const line of text.split('\n').slice(1)) {
      const inode = inodeIfBound(line.trim().split(/\s+/), real, transport);
      if (inode) inodes.add(inode);
    }
  }
  return inodes;
}

const LISTENING = '0A';

/** Columns of proc(5): sl local_address rem_address st queues timer retransmits uid timeout inode. */
function inodeIfBound(columns: string[], real: Endpoint, transport: Transport): string | undefined {
  const [address, port] = columns[1]?.split(':') ?? [];
  if (address === undefined || Number.parseInt(port ?? '', 16) !== real.port) return undefined;
  if (transport === 'tcp' && columns[3] !== LISTENING) return undefined;
  const everywhere = /^0+$/.test(address);
  return everywhere || address === procAddress(real.address) ? columns[9] : undefined;
}

/** An IPv4 address as /proc/net writes it on little-endian machines: bytes reversed, in hexadecimal. */
function procAddress(address: string): string {
  if (address === '::1') return '00000000000000000000000001000000';
  const parts = address.split('.').reverse();
  return parts.map((part) => Number(part).toString(16).padStart(2, '0').toUpperCase()).join('');
}

async function processWith(inodes: ReadonlySet<string>): Promise<string | undefined> {
  const processes = await readdir('/proc').catch(() => []);
  for (const id of processes.filter((name) => /^\d+$/.test(name))) {
    if (await hasSocket(id, inodes)) {
      return `${await programName(id)} (process ${id})`;
    }
  }
  return undefined;
}

/** The program as it was called; what /proc calls `comm` can be the name of a thread. */
async function programName(id: string): Promise<string> {
  const line = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
  const [path = ''] = line.split('\0');
  return path.split('/').at(-1) || 'a program';
}

async function hasSocket(process: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const open = await readdir(`/proc/${process}/fd`).catch(() => []);
  for (const descriptor of open) {
    const target = await readlink(`/proc/${process}/fd/${descriptor}`).catch(() => '');
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined && inodes.has(inode)) return true;
  }
  return false;
}

/** All sockets of a world as text: the first thing to look at when it hangs. */
import { endpointText } from '../../lib/endpoint.ts';
import { SimConnection } from './connection.ts';
import type { Fabric } from './fabric.ts';
import type { Machine } from './machine.ts';
import { Attempt, SimListener } from './tcp.ts';
import { SimDatagramSocket } from './udp.ts';

type Row = readonly string[];

const HEADER: Row = ['host', 'proto', 'local', 'remote', 'state', 'unsent', 'unread'];

export function netstat(fabric: Fabric): string {
  const machines = [...new Set(fabric.machines.values())];
  const rows = [HEADER, ...machines.flatMap(rowsOf)];
  const ways = fabric.allPaths().filter((path) => path.state !== 'open');
  const closed = ways.map((path) => `${path.from.name} -> ${path.to.name}: ${path.state}`);
  return [table(rows), ...closed].join('\n');
}

function rowsOf(machine: Machine): Row[] {
  if (!machine.running) return [[machine.name, '', '', '', 'DOWN', '', '']];
  const rows: Row[] = [];
  for (const holder of [
    ...machine.listeners.all(),
    ...machine.outgoing.all(),
    ...machine.connections,
    ...machine.sockets.all(),
  ]) {
    const row = rowOf(holder);
    if (row) rows.push([machine.name, ...row]);
  }
  return rows;
}

function rowOf(resident: unknown): Row | undefined {
  if (resident instanceof SimListener) {
    return ['tcp', endpointText(resident.local), '', 'LISTEN', '', ''];
  }
  if (resident instanceof SimDatagramSocket) return ['udp', resident.text, '', '', '', ''];
  if (resident instanceof Attempt) {
    return resident.opening ? ['tcp', ...resident.opening, 'SYN-SENT', '', ''] : undefined;
  }
  if (!(resident instanceof SimConnection)) return undefined;
  const { local, remote, state, buffered, unread } = resident;
  return ['tcp', endpointText(local), endpointText(remote), state, `${buffered}`, `${unread}`];
}

function table(rows: readonly Row[]): string {
  const widths = HEADER.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (row: Row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}

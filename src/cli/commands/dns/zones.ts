/** Zone files as the command line names them. */
import { basename, resolve } from 'node:path';
import {
  checkZone,
  MemoryZone,
  type Name,
  parseName,
  plainName,
  type ResourceRecord,
  readZoneFile,
  type ZoneProblem,
} from '../../../dns/index.ts';
import { UsageError } from '../../../lib/errors.ts';
import type { Files } from '../../../net/index.ts';

export interface ZoneSource {
  readonly origin: Name;
  readonly path: string;
}

/** Reads `NAME=FILE`, or a file that is called as its zone: `campus.edu`, `campus.edu.zone`, `db.campus.edu`. */
export function zoneSource(text: string): ZoneSource {
  const equals = text.indexOf('=');
  const path = resolve(text.slice(equals + 1));
  const name =
    equals < 0 ? basename(path).replace(/^db\.|\.(zone|db|txt)$/g, '') : text.slice(0, equals);
  if (name === '') throw new UsageError(`no name of a zone in ${text}: write NAME=FILE`);
  return { origin: name === 'root' && equals < 0 ? '.' : parseName(name), path };
}

export interface LoadedZone {
  readonly records: readonly ResourceRecord[];
  readonly problems: readonly ZoneProblem[];
}

export async function loadZone(files: Files, { origin, path }: ZoneSource): Promise<LoadedZone> {
  const records = await readZoneFile(files, path, origin);
  return { records, problems: checkZone(origin, records) };
}

export function problemText({ severity, name, message, spec }: ZoneProblem): string {
  return `${severity}: ${plainName(name)}: ${message} (${spec})`;
}

/** A zone ready to be served; throws UsageError that names all its faults. */
export async function usableZone(files: Files, source: ZoneSource): Promise<MemoryZone> {
  const { records, problems } = await loadZone(files, source);
  const faults = problems.filter(({ severity }) => severity === 'error');
  if (faults.length === 0) return new MemoryZone(source.origin, records);
  throw new UsageError(`${source.path}: ${faults.map(problemText).join('\n')}`);
}

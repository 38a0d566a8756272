import { isWithin, plainName } from '../name.ts';
import type { Name, ResourceRecord } from '../types.ts';
import { formatRdata } from '../wire/rdata/index.ts';

/** Records as a master file: names relative to `origin`, the data in full. It reads back the same. */
export function writeZoneFile(origin: Name, records: Iterable<ResourceRecord>): string {
  let text = `$ORIGIN ${origin}\n`;
  let last: Name | undefined;
  for (const record of records) {
    const owner = record.name === last ? '' : relative(record.name, origin);
    last = record.name;
    text += `${owner}\t${record.ttl}\t${record.class}\t${record.type}\t${formatRdata(record)}\n`;
  }
  return text;
}

function relative(name: Name, origin: Name): string {
  if (name === origin) return '@';
  if (origin === '.' || !isWithin(name, origin) || !name.endsWith(`.${origin}`)) return name;
  return plainName(name.slice(0, name.length - origin.length));
}

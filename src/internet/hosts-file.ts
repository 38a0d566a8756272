/** A host's own list of names, which comes before DNS. */
import { HostsFile, parseName } from '../dns/index.ts';
import { fromUtf8 } from '../lib/bytes.ts';
import { type Address, isIPv4 } from '../lib/endpoint.ts';
import { hasCode, UsageError } from '../lib/errors.ts';
import type { Files, Lookup } from '../net/index.ts';
import { writeDurably } from './durable.ts';

const FOLDER = '/etc';
const NAME = 'hosts';
const FILE = `${FOLDER}/${NAME}`;

/** A list that a person writes; more is a mistake. */
const LIMIT = 64 * 1024;

/** The text of the list; empty where there is none. */
export async function readHostsFile(files: Files): Promise<string> {
  try {
    return fromUtf8(await files.read(FILE));
  } catch (error) {
    if (hasCode(error, 'FILE_NOT_FOUND')) return '';
    throw error;
  }
}

/** Replaces the list, for good: it outlives a power cut. */
export async function writeHostsFile(files: Files, text: string): Promise<void> {
  if (text.length > LIMIT) throw new UsageError(`a hosts file of more than ${LIMIT} characters`);
  await files.makeDirectory(FOLDER).catch((error: unknown) => {
    if (!hasCode(error, 'FILE_EXISTS')) throw error;
  });
  await writeDurably(files, FOLDER, NAME, text);
  await files.sync('/');
}

/** Looks into the list first, as it is at that moment. */
export function hostsFirst(text: () => Promise<string>, next: Lookup): Lookup {
  return async (name, options) => {
    const known = new HostsFile(await text()).get(parseName(name), 'A');
    return known ?? next(name, options);
  };
}

/** The list with one more line; a name that it had leads to the new address. */
export function withName(text: string, name: string, address: Address): string {
  if (!isIPv4(address)) throw new UsageError(`not an IPv4 address: ${address}`);
  return `${withoutName(text, name)}${address}\t${name}\n`;
}

/** The list without a name; lines that are left without names go. */
export function withoutName(text: string, name: string): string {
  const wanted = name.toLowerCase().replace(/\.$/, '');
  const lines = text.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const kept = names.filter((one) => one.toLowerCase().replace(/\.$/, '') !== wanted);
    if (kept.length === names.length) return line === '' ? [] : [line];
    return kept.length === 0 ? [] : [`${address}\t${kept.join(' ')}`];
  });
  return lines.map((line) => `${line}\n`).join('');
}

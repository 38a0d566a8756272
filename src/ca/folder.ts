/** An authority kept in a folder of this machine, so that who trusts it once trusts it tomorrow. */
import { randomUUID } from 'node:crypto';
import { chmod, link, mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../lib/errors.ts';
import { Authority, type AuthorityKeys, newAuthority } from './authority.ts';

/** `$XDG_DATA_HOME/toplayer/ca`, or the folder that `TOPLAYER_CA` names. */
export function authorityFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = environment['TOPLAYER_CA'];
  if (chosen) return chosen;
  const data = environment['XDG_DATA_HOME'] || join(homedir(), '.local', 'share');
  return join(data, 'toplayer', 'ca');
}

/** The certificate alone, for clients. */
export const CERTIFICATE_FILE = 'authority.pem';

/** Key and certificate together, so that they are always of one authority. */
const SECRET_FILE = 'authority-key.pem';

/** The authority of this folder; made at the first time. */
export async function keptAuthority(folder: string): Promise<Authority> {
  const keys = (await read(folder)) ?? (await create(folder, 'first'));
  return Authority.open(keys, Date.now).catch((cause: unknown) => {
    const place = join(folder, SECRET_FILE);
    const text = `${place} is no authority: "toplayer ca renew" makes a new one in its place`;
    throw new UsageError(text, { cause });
  });
}

/** Makes a new one in the place of what was there: what trusted the old one must be told. */
export async function renewAuthority(folder: string): Promise<Authority> {
  return Authority.open(await create(folder, 'anew'), Date.now);
}

async function read(folder: string): Promise<AuthorityKeys | undefined> {
  try {
    const text = await readFile(join(folder, SECRET_FILE), 'utf8');
    const [key = '', ...certificate] = text.split(/(?=^-----BEGIN CERTIFICATE-----)/m);
    return { certificate: certificate.join(''), key };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Of several processes that make the first one at the same time, one wins, and all use it. */
async function create(folder: string, which: 'first' | 'anew'): Promise<AuthorityKeys> {
  const made = await newAuthority('toplayer: the authority of a small internet', Date.now());
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const place = join(folder, SECRET_FILE);
  const fresh = `${place}.${randomUUID()}.new`;
  await writeFile(fresh, made.key + made.certificate, { mode: 0o600 });
  if (which === 'anew') await rename(fresh, place);
  else await linkFirst(fresh, place);
  const keys = (await read(folder)) ?? made;
  await put(join(folder, CERTIFICATE_FILE), keys.certificate);
  return keys;
}

async function linkFirst(fresh: string, place: string): Promise<void> {
  await link(fresh, place).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await unlink(fresh);
}

async function put(path: string, text: string): Promise<void> {
  const fresh = `${path}.${randomUUID()}.new`;
  await writeFile(fresh, text, { mode: 0o644 });
  await rename(fresh, path);
}

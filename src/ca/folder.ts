/** An authority kept in a folder of this machine, so that who trusts it once trusts it tomorrow. */
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Authority, type AuthorityKeys, newAuthority } from './authority.ts';

/** `$XDG_DATA_HOME/toplayer/ca`, or the folder that `TOPLAYER_CA` names. */
export function authorityFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = environment['TOPLAYER_CA'];
  if (chosen) return chosen;
  const data = environment['XDG_DATA_HOME'] || join(homedir(), '.local', 'share');
  return join(data, 'toplayer', 'ca');
}

export const CERTIFICATE_FILE = 'authority.pem';
const KEY_FILE = 'authority-key.pem';

/** The authority of this folder; made at the first time. */
export async function keptAuthority(folder: string): Promise<Authority> {
  const now = Date.now;
  const found = await read(folder);
  return Authority.open(found ?? (await create(folder, now())), now);
}

/** Makes a new one in the place of what was there: what trusted the old one must be told. */
export async function renewAuthority(folder: string): Promise<Authority> {
  return Authority.open(await create(folder, Date.now()), Date.now);
}

async function read(folder: string): Promise<AuthorityKeys | undefined> {
  try {
    const [certificate, key] = await Promise.all(
      [CERTIFICATE_FILE, KEY_FILE].map((name) => readFile(join(folder, name), 'utf8')),
    );
    return { certificate: certificate as string, key: key as string };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The certificate is put in place last: a crash leaves no certificate whose key is lost. */
async function create(folder: string, now: number): Promise<AuthorityKeys> {
  const keys = await newAuthority('toplayer: the authority of a small internet', now);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  await put(join(folder, KEY_FILE), keys.key, 0o600);
  await put(join(folder, CERTIFICATE_FILE), keys.certificate, 0o644);
  return keys;
}

async function put(path: string, text: string, mode: number): Promise<void> {
  const fresh = `${path}.${process.pid}.new`;
  await writeFile(fresh, text, { mode });
  await rename(fresh, path);
}

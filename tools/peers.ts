/** The real programs that judge us in the tests, installed where they are missing and it is allowed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

/** Program and the Debian package that brings it. */
export const PEERS: Readonly<Record<string, string>> = {
  dig: 'bind9-dnsutils',
  nslookup: 'bind9-dnsutils',
  host: 'bind9-host',
  kdig: 'knot-dnsutils',
  drill: 'ldnsutils',
  dnsperf: 'dnsperf',
  named: 'bind9',
  unbound: 'unbound',
  nsd: 'nsd',
  curl: 'curl',
  whois: 'whois',
  swaks: 'swaks',
  msmtp: 'msmtp',
  'smtp-sink': 'postfix',
  'smtp-source': 'postfix',
  fetchmail: 'fetchmail',
  '/usr/lib/dovecot/pop3': 'dovecot-pop3d',
  postfix: 'postfix',
  mbsync: 'isync',
  mutt: 'mutt',
  '/usr/lib/dovecot/imap': 'dovecot-imapd',
  telnet: 'telnet',
  tshark: 'tshark',
  chromium: 'chromium',
  python3: 'python3',
  wrk: 'wrk',
  wget: 'wget',
  openssl: 'openssl',
  nginx: 'nginx',
  apache2: 'apache2-bin',
  unshare: 'util-linux',
  ip: 'iproute2',
};

/** The path of a program, or undefined. */
export function which(program: string): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    // A program that is in no such folder is named by its whole path.
    const path = resolve(folder, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {}
  }
  return undefined;
}

export function missingPeers(): string[] {
  return Object.keys(PEERS).filter((program) => which(program) === undefined);
}

/** Installs what is missing, without starting any service of it. Tells what it could not do. */
export function installPeers(): void {
  const missing = missingPeers();
  if (missing.length === 0) return;
  const root = process.getuid?.() === 0;
  if (!which('apt-get') || !root) {
    console.log(
      `missing peers: ${missing.join(', ')} (tests that need them are skipped by name, and fail in CI)`,
    );
    return;
  }
  const packages = [...new Set(missing.map((program) => PEERS[program] as string))];
  console.log(`installing ${packages.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]) =>
    spawnSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  withoutServices(() => {
    apt('update');
    apt('install', '-y', '--no-install-recommends', ...packages);
  });
  const left = missingPeers();
  if (left.length > 0) console.log(`could not install: ${left.join(', ')}`);
}

/** Debian's policy layer keeps packages from starting their services while `work` runs. */
function withoutServices(work: () => void): void {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) {
    work();
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'policy-'));
  const script = join(folder, 'policy-rc.d');
  writeFileSync(script, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  execFileSync('ln', ['-s', script, policy]);
  try {
    work();
  } finally {
    rmSync(policy, { force: true });
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Name servers of others, each with a configuration of its own in a temporary folder, on the loopback. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { which } from '../../tools/peers.ts';

/** How long a peer may take to start. */
const START_MS = 15_000;

export interface NameServer {
  readonly folder: string;
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

/** Starts `words` in a folder with these files; resolves when it has said `ready`. */
export async function startPeer(
  words: readonly [string, ...string[]],
  files: (folder: string) => Readonly<Record<string, string>>,
  ready: RegExp,
): Promise<NameServer> {
  const folder = mkdtempSync(join(tmpdir(), 'name-server-'));
  for (const [name, text] of Object.entries(files(folder))) writeFileSync(join(folder, name), text);
  const [program, ...rest] = words.map((word) => word.replace('FOLDER', folder));
  const path = which(program ?? '');
  if (path === undefined) throw new Error(`${program} is not installed`);
  const child = spawn(path, rest, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  let said = '';
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = () => reject(new Error(`${program} did not start:\n${said}`));
      const timer = setTimeout(fail, START_MS);
      const hear = (more: Buffer) => {
        said += more;
        if (!ready.test(said)) return;
        clearTimeout(timer);
        resolve();
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.once('exit', fail);
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { folder, child, stop };
}

/** Whether this user may take port 53: real resolvers ask nowhere else. */
export const mayBind53: boolean = process.getuid?.() === 0;

/** BIND: `zones` is the rest of its configuration. */
export function startBind(
  at: { readonly address: string; readonly port: number },
  zones: string,
  files: Readonly<Record<string, string>>,
): Promise<NameServer> {
  return startPeer(
    ['named', '-g', '-n', '1', '-c', 'FOLDER/named.conf'],
    (folder) => ({
      ...files,
      'named.conf': `options {
  directory "${folder}";
  pid-file "${folder}/named.pid";
  session-keyfile "${folder}/session.key";
  listen-on port ${at.port} { ${at.address}; };
  listen-on-v6 { none; };
  dnssec-validation no;
  empty-zones-enable no;
  allow-transfer { 127.0.0.0/8; };
  allow-recursion { 127.0.0.0/8; };
  notify explicit;
  notify-delay 0;
};
controls { };
${zones}
`,
    }),
    / running$/m,
  );
}

export function startUnbound(port: number, hints: string): Promise<NameServer> {
  return startPeer(
    ['unbound', '-d', '-c', 'FOLDER/unbound.conf'],
    (folder) => ({
      hints,
      'unbound.conf': `server:
  interface: 127.0.0.1
  port: ${port}
  directory: "${folder}"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  logfile: ""
  verbosity: 1
  num-threads: 1
  do-ip6: no
  module-config: "iterator"
  do-not-query-localhost: no
  access-control: 127.0.0.0/8 allow
  root-hints: "${folder}/hints"
  local-zone: "test." nodefault
  qname-minimisation: yes
  use-caps-for-id: yes
remote-control:
  control-enable: no
`,
    }),
    /start of service/,
  );
}

export function startNsd(address: string, zone: string, text: string): Promise<NameServer> {
  return startPeer(
    ['nsd', '-d', '-V', '1', '-c', 'FOLDER/nsd.conf'],
    (folder) => ({
      zone: text,
      'nsd.conf': `server:
  ip-address: ${address}
  server-count: 1
  username: ""
  chroot: ""
  zonesdir: "${folder}"
  database: ""
  pidfile: "${folder}/nsd.pid"
  xfrdfile: "${folder}/xfrd.state"
  zonelistfile: "${folder}/zone.list"
  xfrdir: "${folder}"
remote-control:
  control-enable: no
zone:
  name: ${zone}
  zonefile: zone
`,
    }),
    /nsd started/,
  );
}

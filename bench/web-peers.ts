/** Web servers and caches to stand beside, each one process (or family) on the loopback with a configuration of its own. */
import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../test/port.ts';
import { familyOf } from './processes.ts';

export interface WebServer {
  readonly name: string;
  readonly version: string;
  readonly port: number;
  pids(): readonly number[];
  stop(): Promise<void>;
}

/** The file that all serve. */
export const SIZES: Readonly<Record<string, number>> = { '1k': 1024, '1m': 1024 * 1024 };

async function answers(port: number): Promise<void> {
  for (let tries = 0; ; tries++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('close', () => socket.destroy());
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    if (tries > 400) throw new Error(`nobody answers at port ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

function serverOf(
  child: ChildProcess,
  about: { name: string; version: string; port: number },
  folder?: string,
): WebServer {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    ...about,
    pids: () => familyOf(child.pid as number),
    async stop() {
      if (child.connected) child.disconnect();
      else child.kill('SIGTERM');
      await ended;
      if (folder) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One of the servers of http-server.ts. */
export async function startOwn(kind: string, ...args: readonly string[]): Promise<WebServer> {
  const child = fork(join(import.meta.dirname, 'http-server.ts'), [kind, ...args]);
  const { port } = await new Promise<{ port: number }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { port: number }));
    child.once('exit', () => reject(new Error(`${kind} ended`)));
  });
  const name = kind === 'node' ? 'node:http' : kind;
  return serverOf(child, { name, version: process.version, port });
}

function folderOf(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `bench-${name}-`));
  // Some give up their rights before they read it.
  chmodSync(folder, 0o755);
  for (const [file, size] of Object.entries(SIZES)) {
    writeFileSync(join(folder, `${file}.txt`), 'x'.repeat(size));
  }
  return folder;
}

function versionOf(program: string, flag: string): string {
  const both = execFileSync('sh', ['-c', `${program} ${flag} 2>&1`], { encoding: 'utf8' });
  return /\d+\.\d+(\.\d+)?/.exec(both)?.[0] ?? '';
}

/** nginx with one worker: serves files, or what it keeps of an origin. */
export async function startNginx(origin?: number): Promise<WebServer> {
  const [folder, port] = [folderOf('nginx'), await freePort()];
  const cache = `proxy_cache_path ${folder}/kept keys_zone=kept:10m; `;
  const serve = origin
    ? `location / { proxy_pass http://127.0.0.1:${origin}; proxy_cache kept; proxy_http_version 1.1; }`
    : `location / { root ${folder}; }`;
  const config = `
    daemon off; master_process off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
    events { worker_connections 20000; }
    http {
      access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; default_type text/plain;
      client_body_temp_path ${folder}/a; proxy_temp_path ${folder}/b; fastcgi_temp_path ${folder}/c;
      uwsgi_temp_path ${folder}/d; scgi_temp_path ${folder}/e;
      ${origin ? cache : ''}
      server { listen 127.0.0.1:${port} backlog=4096; ${serve} }
    }`;
  writeFileSync(join(folder, 'nginx.conf'), config);
  const child = spawn('nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder], {
    stdio: 'ignore',
  });
  await answers(port);
  return serverOf(child, { name: 'nginx', version: versionOf('nginx', '-v'), port }, folder);
}

export async function startSquid(origin: number): Promise<WebServer> {
  const [folder, port] = [folderOf('squid'), await freePort()];
  mkdirSync(join(folder, 'run'));
  execFileSync('chmod', ['-R', '777', folder]);
  const config = `
http_port 127.0.0.1:${port} accel defaultsite=localhost no-vhost
cache_peer 127.0.0.1 parent ${origin} 0 no-query originserver default
http_access allow all
cache_mem 64 MB
access_log none
cache_log ${folder}/cache.log
pid_filename ${folder}/run/pid
coredump_dir ${folder}
pinger_enable off
shutdown_lifetime 1 seconds
`;
  writeFileSync(join(folder, 'squid.conf'), config);
  const child = spawn('squid', ['-N', '-f', join(folder, 'squid.conf')], { stdio: 'ignore' });
  await answers(port);
  return serverOf(child, { name: 'squid', version: versionOf('squid', '-v'), port }, folder);
}

export async function startVarnish(origin: number): Promise<WebServer> {
  const [folder, port] = [folderOf('varnish'), await freePort()];
  const args = ['-F', '-a', `127.0.0.1:${port}`, '-b', `127.0.0.1:${origin}`, '-n', folder];
  const store = ['-s', 'malloc,64M', '-T', 'none', '-p', 'workspace_client=64k'];
  const child = spawn('varnishd', [...args, ...store], { stdio: 'ignore' });
  await answers(port);
  return serverOf(child, { name: 'varnish', version: versionOf('varnishd', '-V'), port }, folder);
}

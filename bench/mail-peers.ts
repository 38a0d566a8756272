/** Mail servers to stand beside, each with a configuration and a folder of its own on the loopback. */
import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Postfix } from '../test/interop/postfix.ts';
import { freePort } from '../test/port.ts';
import type { MailPorts } from './mail-server.ts';
import { familyOf } from './processes.ts';

export interface MailServer extends MailPorts {
  readonly name: string;
  readonly version: string;
  pids(): readonly number[];
  stop(): Promise<void>;
}

/** One of the servers of mail-server.ts. */
export async function startOwn(kind: 'ours' | 'discard' | 'fsync', file = ''): Promise<MailServer> {
  const child = fork(join(import.meta.dirname, 'mail-server.ts'), [kind, file]);
  const ports = await new Promise<MailPorts>((resolve, reject) => {
    child.once('message', (message) => resolve(message as MailPorts));
    child.once('exit', () => reject(new Error(`${kind} ended`)));
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    ...ports,
    name: kind === 'ours' ? 'ours' : `smtp-server ${kind}`,
    version: kind === 'ours' ? process.version : '3.21.6',
    pids: () => familyOf(child.pid as number),
    async stop() {
      child.disconnect();
      await ended;
    },
  };
}

/** Postfix that syncs each message to its queue, and then throws it away. */
export async function startPostfix(): Promise<MailServer> {
  const smtp = await freePort();
  const postfix = await Postfix.start(smtp, {
    user: 'c',
    domain: 'bench.test',
    routes: {},
    discards: true,
  });
  await answers(smtp);
  return {
    smtp,
    name: 'Postfix',
    version: execFileSync('postconf', ['-d', '-h', 'mail_version'], { encoding: 'utf8' }).trim(),
    pids: () => familyOf(postfix.pid),
    stop: () => postfix.stop(),
  };
}

/** Dovecot on a Maildir that `messages` fill. */
export async function startDovecot(messages: readonly Uint8Array[]): Promise<MailServer> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-dovecot-'));
  chmodSync(folder, 0o755);
  const [imap, pop3] = [await freePort(), await freePort()];
  for (const part of ['', 'cur', 'new', 'tmp'])
    mkdirSync(join(folder, 'mail', 'c', part), { recursive: true });
  for (const [i, bytes] of messages.entries()) {
    const name = `${1_700_000_000 + i}.M${i}.host,S=${bytes.length}:2,`;
    writeFileSync(join(folder, 'mail', 'c', 'cur', name), bytes);
  }
  const config = join(folder, 'dovecot.conf');
  writeFileSync(config, dovecotConfiguration(folder, imap, pop3));
  execFileSync('chown', ['-R', 'nobody:nogroup', join(folder, 'mail')]);
  const child = spawn('dovecot', ['-F', '-c', config], { stdio: 'ignore' });
  await answers(imap);
  return {
    smtp: 0,
    imap,
    pop3,
    name: 'Dovecot',
    version: execFileSync('dovecot', ['--version'], { encoding: 'utf8' }).split(' ')[0] ?? '',
    pids: () => familyOf(child.pid as number),
    stop: () => stopChild(child, folder),
  };
}

async function stopChild(child: ChildProcess, folder: string): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

function dovecotConfiguration(folder: string, imap: number, pop3: number): string {
  return `protocols = imap pop3
listen = 127.0.0.1
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
mail_location = maildir:${folder}/mail/%u
disable_plaintext_auth = no
ssl = no
first_valid_uid = 0
passdb {
  driver = static
  args = password=pass
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=${folder}/mail/%u
}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service imap-login {
  inet_listener imap {
    port = ${imap}
  }
  inet_listener imaps {
    port = 0
  }
}
service pop3-login {
  inet_listener pop3 {
    port = ${pop3}
  }
  inet_listener pop3s {
    port = 0
  }
}
`;
}

async function answers(port: number): Promise<void> {
  for (let tries = 0; ; tries++) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('data', () => {
        resolve(true);
        socket.destroy();
      });
      socket.once('error', () => resolve(false));
    });
    if (isOpen) return;
    if (tries > 400) throw new Error(`nobody answers at port ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

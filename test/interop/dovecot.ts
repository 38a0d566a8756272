/** A Dovecot of one's own: loopback, a folder for everything, ended by its id. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, listening } from '../port.ts';

export interface Dovecot {
  readonly port: number;
  /** Alice's mailbox. */
  readonly maildir: string;
  stop(): Promise<void>;
}

/** User `alice`, password `tea`; it needs the rights of root, as Dovecot changes to other users. */
export async function startDovecot(): Promise<Dovecot> {
  const folder = mkdtempSync(join(tmpdir(), 'toplayer-dovecot-'));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'mail'));
  chmodSync(join(folder, 'mail'), 0o777);
  const port = await freePort();
  writeFileSync(join(folder, 'users'), 'alice:{PLAIN}tea\n', { mode: 0o644 });
  writeFileSync(join(folder, 'dovecot.conf'), configuration(folder, port));
  const child = spawn('dovecot', ['-F', '-c', join(folder, 'dovecot.conf')], { stdio: 'ignore' });
  try {
    await listening(port, child);
  } catch (error) {
    child.kill();
    throw error;
  }
  return {
    port,
    maildir: join(folder, 'mail', 'alice'),
    stop: () =>
      new Promise((resolve) => {
        child.once('close', () => {
          rmSync(folder, { recursive: true, force: true });
          resolve();
        });
        child.kill();
      }),
  };
}

function configuration(folder: string, port: number): string {
  return `
protocols = imap
listen = 127.0.0.1
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login cram-md5 scram-sha-256
mail_location = maildir:${folder}/mail/%u
first_valid_uid = 1
mail_plugins =
protocol imap {
  mail_plugins = imap_zlib
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Sent {
    special_use = \\Sent
    auto = create
  }
}
passdb {
  driver = passwd-file
  args = ${folder}/users
}
userdb {
  driver = static
  args = uid=mail gid=mail home=${folder}/mail/home
}
service imap-login {
  inet_listener imap {
    port = ${port}
  }
}
`;
}

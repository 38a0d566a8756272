/** Postfix on the loopback, with a configuration, a queue and mailboxes of its own in a temporary folder. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const DAEMONS = '/usr/lib/postfix/sbin';

const SERVICES = `cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
`;

export interface PostfixOptions {
  /** Has a mailbox. */
  readonly user: string;
  readonly domain: string;
  /** Domains to the ports that take their mail. */
  readonly routes: Readonly<Record<string, number>>;
  /** What comes for the domain is thrown away once it is in the queue: for measuring. */
  readonly discards?: boolean;
}

export class Postfix {
  readonly port: number;
  private readonly folder: string;
  private readonly master: ChildProcess;
  private readonly user: string;

  private constructor(port: number, folder: string, master: ChildProcess, user: string) {
    this.port = port;
    this.folder = folder;
    this.master = master;
    this.user = user;
  }

  static async start(port: number, options: PostfixOptions): Promise<Postfix> {
    const folder = mkdtempSync(join(tmpdir(), 'toplayer-postfix-'));
    chmodSync(folder, 0o755);
    for (const name of ['etc', 'spool', 'data', 'boxes']) mkdirSync(join(folder, name));
    execFileSync('chown', ['postfix', join(folder, 'data')]);
    execFileSync('chown', ['nobody', join(folder, 'boxes')]);
    const etc = join(folder, 'etc');
    writeFileSync(join(etc, 'main.cf'), configuration(folder, options));
    writeFileSync(join(etc, 'master.cf'), `127.0.0.1:${port} inet n - n - - smtpd\n${SERVICES}`);
    execFileSync('postfix', ['-c', etc, 'check'], { stdio: 'ignore' });
    const master = spawn(join(DAEMONS, 'master'), ['-c', etc, '-d'], { stdio: 'ignore' });
    return new Postfix(port, folder, master, options.user);
  }

  get pid(): number {
    return this.master.pid as number;
  }

  /** The letters in the mailbox. */
  letters(): string[] {
    const box = join(this.folder, 'boxes', this.user, 'new');
    if (!existsSync(box)) return [];
    return readdirSync(box).map((name) => readFileSync(join(box, name), 'latin1'));
  }

  log(): string {
    const file = join(this.folder, 'log');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** Ends the master, which ends all that it has started. */
  async stop(): Promise<void> {
    const gone = once(this.master, 'exit');
    this.master.kill('SIGTERM');
    await gone;
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

function configuration(
  folder: string,
  { user, domain, routes, discards = false }: PostfixOptions,
): string {
  const ways = Object.entries(routes).map(([name, port]) => `${name}=smtp:[127.0.0.1]:${port}`);
  const id = (which: string): string => execFileSync('id', [which, 'nobody'], { encoding: 'utf8' });
  return `compatibility_level = 3.6
queue_directory = ${folder}/spool
data_directory = ${folder}/data
command_directory = /usr/sbin
daemon_directory = ${DAEMONS}
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.${domain}
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
virtual_mailbox_domains = ${domain}
virtual_transport = ${discards ? 'discard:' : 'virtual'}
virtual_mailbox_base = ${folder}/boxes
virtual_mailbox_maps = inline:{ ${user}@${domain}=${user}/ }
virtual_uid_maps = static:${id('-u').trim()}
virtual_gid_maps = static:${id('-g').trim()}
virtual_minimum_uid = 1
${ways.length === 0 ? '' : `transport_maps = inline:{ ${ways.join(', ')} }`}
smtp_host_lookup = native
smtp_dns_support_level = disabled
maillog_file = ${folder}/log
maillog_file_prefixes = ${folder}
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
`;
}

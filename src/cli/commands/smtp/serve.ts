/** `toplayer smtp serve`: takes mail, shows it or keeps it in a folder. */

import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { authorityFolder, CERTIFICATE_FILE, keptAuthority } from '../../../ca/index.ts';
import { concat, utf8 } from '../../../lib/bytes.ts';
import { type Address, endpointText } from '../../../lib/endpoint.ts';
import { UsageError } from '../../../lib/errors.ts';
import { bytesText } from '../../../lib/units.ts';
import { calendar, type Host } from '../../../net/index.ts';
import { realFiles } from '../../../net/real/index.ts';
import { saslUsers } from '../../../sasl/index.ts';
import {
  collecting,
  type Failing,
  failing,
  mailboxText,
  pathText,
  type ReceivedMessage,
  receivedLine,
  returnPathLine,
  type SmtpServerOptions,
  serveSmtp,
} from '../../../smtp/index.ts';
import { hostFor } from '../../exposed.ts';
import { port, size } from '../../options.ts';
import type { CliTools } from '../../tools.ts';
import { untilStopped } from '../../until-stopped.ts';
import { failingRule } from './rule.ts';

interface ServeFlags {
  readonly port: number;
  readonly address?: Address;
  readonly hostname?: string;
  readonly tls?: true | 'implicit';
  readonly auth?: Readonly<Record<string, string>>;
  readonly plaintext?: true;
  readonly size?: number;
  readonly fail: readonly Failing[];
  readonly log?: true;
  readonly expose?: true;
}

export function registerServe(smtp: Command, tools: CliTools): void {
  smtp
    .command('serve')
    .description('take mail: print it, or keep it in a folder as .eml files')
    .argument('[folder]', 'where to keep messages')
    .option('--port <n>', 'the port; 0 takes a free one', port, 2525)
    .option('--address <address>', 'the address to listen at (default: 127.0.0.1)')
    .option('--hostname <name>', 'what the server calls itself (default: localhost)')
    .option(
      '--tls [implicit]',
      "offer STARTTLS, by the internet's own authority; or begin with TLS",
      tls,
    )
    .option('--auth <user:password>', 'who may send; may be repeated', user)
    .option('--plaintext', 'let passwords be said without TLS too')
    .option('--size <size>', 'the largest message (default: 50M)', size)
    .option(
      '--fail <rule>',
      'fail a share of RCPT, MAIL, DATA or CONNECT; may be repeated',
      failingRule,
      [],
    )
    .option('--log', 'a line for each message, not the message')
    .option('--expose', 'permit an address that others can reach')
    .addHelpText(
      'after',
      `
Mail to anybody is taken and goes nowhere. --fail STAGE:CODE:SHARE[:ADDRESS], such as RCPT:451:10%
or MAIL:550:100%:evil@; code 0 leaves the client waiting.

Examples:
  toplayer smtp serve                                  then: telnet 127.0.0.1 2525
  toplayer smtp serve --log inbox
  toplayer smtp serve --tls --auth alice:tea
  toplayer smtp serve --fail RCPT:451:10% --fail DATA:554:5%`,
    )
    .action((folder: string | undefined, flags: ServeFlags) => runServe(tools, folder, flags));
}

function tls(text: string): 'implicit' {
  if (text === 'implicit') return text;
  throw new InvalidArgumentError('expected "implicit", or nothing for STARTTLS.');
}

function user(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [, name, password] = /^([^:]+):(.+)$/s.exec(text) ?? [];
  if (name !== undefined && password !== undefined) return { ...before, [name]: password };
  throw new InvalidArgumentError('expected a name and a password, such as alice:tea.');
}

async function runServe(
  tools: CliTools,
  folder: string | undefined,
  flags: ServeFlags,
): Promise<void> {
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  const base = hostFor(tools, flags.expose);
  const host: Host = { ...base, files: realFiles(resolve(folder ?? '.')) };
  const keep = collecting((message) => take(tools, host, folder, flags, message));
  const server = await serveSmtp(host, {
    backend: flags.fail.length > 0 ? failing(host, flags.fail, keep) : keep,
    port: flags.port,
    hostname: flags.hostname ?? 'localhost',
    onError: (error) => tools.note(error instanceof Error ? error.message : String(error)),
    ...(flags.address !== undefined && { address: flags.address }),
    ...(flags.size !== undefined && { sizeLimit: flags.size }),
    ...usersOf(host, flags),
    ...(await secureOf(flags)),
  });
  const place = folder === undefined ? '' : ` and keeps it in ${resolve(folder)}`;
  tools.note(`smtp://${endpointText(server.local)} takes mail${place}; Ctrl-C stops it`);
  if (flags.tls) tools.note(`clients must trust ${authorityFolder()}/${CERTIFICATE_FILE}`);
  await untilStopped(tools);
  await server.close({ graceMs: 1000 });
}

function usersOf(host: Host, { auth, plaintext }: ServeFlags): Partial<SmtpServerOptions> {
  if (!auth) {
    if (plaintext) throw new UsageError('--plaintext needs --auth');
    return {};
  }
  const users = saslUsers(auth, (length) => host.random.bytes(length));
  return { users, requireAuth: true, plaintext: plaintext ?? false };
}

async function secureOf(flags: ServeFlags): Promise<Partial<SmtpServerOptions>> {
  if (!flags.tls) return {};
  const authority = await keptAuthority(authorityFolder());
  const names = ['localhost', flags.hostname ?? '', flags.address ?? '127.0.0.1'];
  const certificate = await authority.issue([...new Set(names)].filter((name) => name !== ''));
  const secure = { certificateFor: () => certificate };
  return { secure, implicitTls: flags.tls === 'implicit' };
}

async function take(
  tools: CliTools,
  host: Host,
  folder: string | undefined,
  flags: ServeFlags,
  message: ReceivedMessage,
): Promise<undefined> {
  const { peer, from, to, options, bytes } = message;
  const at = calendar(host.clock);
  const id = `${Math.floor(at)}-${host.random.uint32().toString(16).padStart(8, '0')}`;
  const [only] = to;
  const trace = receivedLine(peer, {
    id,
    at,
    utf8: options.utf8 ?? false,
    ...(to.length === 1 && only && { to: only.path }),
  });
  const whole = concat([utf8(returnPathLine(from) + trace), bytes]);
  if (folder !== undefined) await store(host, `${id}.eml`, whole);
  const recipients = to.map(({ path }) => mailboxText(path)).join(', ');
  const summary = `${id}: ${pathText(from)} to ${recipients}, ${bytesText(bytes.length)}`;
  if (flags.log || folder !== undefined) tools.out(`${summary}\n`);
  if (!flags.log && folder === undefined) {
    tools.out(concat([utf8(`--- ${summary}\n`), whole, utf8('\n')]));
  }
}

/** Whole and on the disk, or not there at all, when 250 is said. */
async function store(host: Host, name: string, bytes: Uint8Array): Promise<void> {
  const half = await host.files.open(`/${name}.part`, 'create');
  try {
    await half.write(0, bytes);
    await half.sync();
  } finally {
    await half.close();
  }
  await host.files.rename(`/${name}.part`, `/${name}`);
  await host.files.sync('/');
}

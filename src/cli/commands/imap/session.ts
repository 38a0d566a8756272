/** A session of `toplayer imap`, from its options or its URL to LOGOUT. */
import { type Command, InvalidArgumentError } from 'commander';
import { authorityFolder, keptAuthority } from '../../../ca/index.ts';
import {
  IMAP_PORT,
  IMAPS_PORT,
  ImapClient,
  type ImapClientOptions,
  type Security,
} from '../../../imap/index.ts';
import { parseEndpoint } from '../../../lib/endpoint.ts';
import { UsageError } from '../../../lib/errors.ts';
import { credentials, seconds } from '../../options.ts';
import type { CliTools } from '../../tools.ts';

export interface SessionFlags {
  readonly server?: string;
  readonly auth?: { readonly user: string; readonly password: string };
  readonly mailbox?: string;
  readonly tls?: Security | true;
  readonly insecure?: true;
  readonly plaintext?: true;
  readonly timeout?: number;
  readonly verbose?: true;
  readonly json?: true;
}

export function withSession(command: Command): Command {
  return command
    .argument('[url]', 'imap://user:password@host[:port]/mailbox, or imaps://...')
    .option('--server <host[:port]>', 'where the mail is, without a URL')
    .option('--auth <user:password>', 'sign in, by the best way that both know', credentials)
    .option('--mailbox <name>', 'the mailbox (default: INBOX)')
    .option('--tls [how]', 'starttls (default) or implicit', security)
    .option('--insecure', 'take any certificate')
    .option('--plaintext', 'say the password without TLS too')
    .option('--timeout <time>', 'seconds to wait for each answer', seconds)
    .option('--json', 'JSON instead of lines')
    .option('-v, --verbose', 'show the dialogue, on standard error');
}

function security(text: string): Security {
  if (text === 'starttls' || text === 'implicit') return text;
  throw new InvalidArgumentError('expected starttls or implicit.');
}

/** Where, as whom, and what. */
interface Target {
  readonly server: string;
  readonly auth: { readonly user: string; readonly password: string };
  readonly mailbox: string | undefined;
  /** Of `;UID=` in a URL (RFC 5092 §3). */
  readonly uid: string | undefined;
  readonly security: Security;
}

/** Throws UsageError. */
function targetOf(url: string | undefined, flags: SessionFlags): Target {
  const fromUrl = url === undefined ? undefined : parseUrl(url);
  const server = flags.server ?? fromUrl?.server;
  const auth = flags.auth ?? fromUrl?.auth;
  if (server === undefined) throw new UsageError('say where: imap://host/mailbox, or --server');
  if (!auth) throw new UsageError('say who: imap://user:password@host/, or --auth user:password');
  const how = flags.tls === true ? 'starttls' : flags.tls;
  return {
    server,
    auth,
    mailbox: flags.mailbox ?? fromUrl?.mailbox,
    uid: fromUrl?.uid,
    security: how ?? fromUrl?.security ?? 'none',
  };
}

function parseUrl(text: string): Partial<Target> {
  const url = /^imaps?:/i.test(text) ? URL.parse(text) : null;
  if (!url || url.host === '') {
    throw new UsageError(`not a URL such as imap://alice:tea@mail.campus.edu/INBOX: ${text}`);
  }
  const [, path = '', uid] = /^\/?(.*?)(?:\/?;UID=(.*))?$/i.exec(url.pathname) ?? [];
  const user = decodeURIComponent(url.username);
  return {
    server: url.host,
    ...(user !== '' && { auth: { user, password: decodeURIComponent(url.password) } }),
    ...(path !== '' && { mailbox: decodeURIComponent(path) }),
    ...(uid !== undefined && { uid }),
    security: url.protocol === 'imaps:' ? 'implicit' : 'none',
  };
}

/** What a command works with. */
export interface Opened {
  readonly client: ImapClient;
  /** Undefined where none was named. */
  readonly mailbox: string | undefined;
  readonly uid: string | undefined;
}

/** Signs in, does `work`, and says LOGOUT. Ctrl-C breaks it off, unless `work` ends by itself then. */
export async function inSession(
  tools: CliTools,
  url: string | undefined,
  flags: SessionFlags,
  work: (opened: Opened) => Promise<void>,
  { endsItself = false }: { readonly endsItself?: boolean } = {},
): Promise<void> {
  const target = targetOf(url, flags);
  const usual = target.security === 'implicit' ? IMAPS_PORT : IMAP_PORT;
  const { address: name, port } = parseEndpoint(target.server, usual);
  const [address] = await tools.lookup()(name, { signal: tools.signal });
  if (address === undefined) throw new UsageError(`the server ${name} has no address`);
  const options = await clientOptions(tools, flags, target, name);
  const client = await ImapClient.connect(
    tools.host(),
    { address, port },
    { ...options, ...(!endsItself && { signal: tools.signal }) },
  );
  try {
    await client.authenticate(target.auth, { plaintext: flags.plaintext ?? false });
    await work({ client, mailbox: target.mailbox, uid: target.uid });
  } finally {
    await client.logout();
  }
}

async function clientOptions(
  tools: CliTools,
  { insecure, timeout, verbose }: SessionFlags,
  target: Target,
  serverName: string,
): Promise<ImapClientOptions> {
  const isSecure = target.security !== 'none';
  const authorities =
    isSecure && !insecure ? [(await keptAuthority(authorityFolder())).certificate] : [];
  const observe: ImapClientOptions['observe'] = (who, line) => tools.note(`${who}: ${line}`);
  return {
    security: target.security,
    tls: { serverName, authorities, ...(insecure && { verify: false }) },
    ...(timeout !== undefined && { connectMs: timeout, greetingMs: timeout, replyMs: timeout }),
    ...(verbose && { observe }),
  };
}

/** What others wrote must not steer the terminal. */
export function harmless(text: string): string {
  return text.replace(/[^\P{Cc}\n]/gu, '?');
}

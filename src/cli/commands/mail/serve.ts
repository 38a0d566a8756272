/** `toplayer mail serve`: a whole mail server on this machine. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { authorityFolder, CERTIFICATE_FILE, keptAuthority } from '../../../ca/index.ts';
import { chain, type Handler, ownNames, serveHttp } from '../../../http/index.ts';
import { type Address, endpointText } from '../../../lib/endpoint.ts';
import { hasCode, NetworkError } from '../../../lib/errors.ts';
import { type AccountInit, memoryMailTables } from '../../../mail/index.ts';
import { type MailDoor, MailHost, type MailHostOptions, mailApi } from '../../../mailhost/index.ts';
import type { Host, SecureServer, Server } from '../../../net/index.ts';
import { realFiles } from '../../../net/real/index.ts';
import {
  memoryQueueTables,
  type RelayEvent,
  type RelayLookup,
  type Smarthost,
  stubRelayLookup,
} from '../../../relay/index.ts';
import type { Failing } from '../../../smtp/index.ts';
import { sqliteRelayTables } from '../../../storage/index.ts';
import { hostFor } from '../../exposed.ts';
import { milliseconds, port, size, whole } from '../../options.ts';
import type { CliTools } from '../../tools.ts';
import { untilStopped } from '../../until-stopped.ts';
import { PAGES } from '../../version.ts';
import { failingRule } from '../smtp/rule.ts';
import { API_PORT, MAIL_FILE } from './control.ts';
import { repeated, timeText } from './words.ts';

interface ServeFlags {
  readonly domain?: readonly string[];
  readonly account?: readonly AccountInit[];
  readonly quota?: number;
  readonly hostname?: string;
  readonly address?: Address;
  readonly smtpPort: number;
  readonly submissionPort: number;
  readonly pop3Port: number;
  readonly imapPort: number;
  readonly httpPort: number;
  readonly standardPorts?: true;
  readonly tls?: true;
  readonly plaintext?: true;
  readonly smarthost?: Smarthost;
  readonly size?: number;
  readonly fail: readonly Failing[];
  readonly rate?: number;
  readonly greylist?: number;
  readonly log?: true;
  readonly json?: true;
  readonly expose?: true;
}

export function registerMailServe(mail: Command, tools: CliTools): void {
  mail
    .command('serve')
    .description('a whole mail server: SMTP, submission, POP3, IMAP, webmail, an API for tests')
    .argument('[folder]', 'where it keeps mail and queue (default: in memory)')
    .option(
      '--domain <domain>',
      'whose mail ends here; may be repeated (default: those of the accounts, else all)',
      repeated,
    )
    .option(
      '--account <address:password>',
      'somebody who has mail here; may be repeated (default: whoever mail comes for)',
      account,
    )
    .option('--quota <size>', 'the most that each of these accounts may keep', size)
    .option('--hostname <name>', 'what the server calls itself (default: localhost)')
    .option('--address <address>', 'the address to listen at (default: 127.0.0.1)')
    .option('--smtp-port <n>', 'mail from other hosts; 0 takes a free one, as for all', port, 2525)
    .option('--submission-port <n>', 'mail from those who sign in', port, 2587)
    .option('--pop3-port <n>', 'mail to be fetched', port, 2110)
    .option('--imap-port <n>', 'mail to be read in its folders', port, 2143)
    .option('--http-port <n>', 'webmail and API', port, API_PORT)
    .option('--standard-ports', 'ports 25, 587, 110 and 143, and with --tls 465, 995 and 993')
    .option('--tls', "offer STARTTLS, by the internet's own authority")
    .option('--plaintext', 'let passwords be said without TLS too')
    .option('--smarthost <host[:port]>', 'give it all mail for elsewhere', smarthost)
    .option('--size <size>', 'the largest message (default: 50M)', size)
    .option(
      '--fail <rule>',
      'fail a share of RCPT, MAIL, DATA or CONNECT; may be repeated',
      failingRule,
      [],
    )
    .option(
      '--rate <n>',
      'messages a minute from one address; more are told to come later',
      whole(1),
    )
    .option(
      '--greylist <time>',
      'ask who comes for the first time to come again after this',
      milliseconds,
    )
    .option('--log', "a line for each step of a message's way")
    .option('--json', 'one line of JSON when all is ready, and JSON lines with --log')
    .option('--expose', 'permit an address that others can reach')
    .addHelpText(
      'after',
      `
Without --account every address has a mailbox, made when mail comes for it (password: test): point a
program at port 2525, and read at http://127.0.0.1:${API_PORT}/. With accounts others are refused.
Mail for elsewhere goes through the running internet ("toplayer up"), or --smarthost.

The API: GET /api/messages, /api/wait?to=...&timeout=5s, /api/messages/ACCOUNT/ID[/raw],
/api/queue, /api/events, /api/failures; POST /api/send, /api/failures, /api/clear.

Examples:
  toplayer mail serve
  toplayer mail serve ~/mail --domain shop.com --account alice@shop.com:tea --tls
  toplayer mail serve --fail RCPT:451:10% --log
  curl 'http://127.0.0.1:${API_PORT}/api/wait?to=bob@shop.com&subject=order&timeout=10s'`,
    )
    .action((folder: string | undefined, flags: ServeFlags) => runServe(tools, folder, flags));
}

function account(text: string, before: readonly AccountInit[] = []): readonly AccountInit[] {
  const [, local, domain, password] = /^([^@:\s]+)@([^@:\s]+):(.+)$/s.exec(text) ?? [];
  if (local === undefined || domain === undefined || password === undefined) {
    throw new InvalidArgumentError('expected an address and a password: alice@shop.com:tea.');
  }
  const address = `${local}@${domain}`;
  return [...before, { name: address, addresses: [address], password }];
}

function smarthost(text: string): Smarthost {
  const [, host, number] = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(text) ?? [];
  if (host === undefined)
    throw new InvalidArgumentError('expected a host, such as mail.b.org:587.');
  return { host, ...(number !== undefined && { port: Number(number) }) };
}

async function runServe(
  tools: CliTools,
  folder: string | undefined,
  flags: ServeFlags,
): Promise<void> {
  const host = hostFor(tools, flags.expose);
  const tables = tablesIn(folder);
  const mail = await MailHost.open(host, { ...tables, ...(await optionsOf(tools, host, flags)) });
  for (const rule of flags.fail) mail.failures.add(rule);
  const doors = await openDoors(mail, flags);
  const api = await serveHttp(host, {
    handler: apiAndSite(host, mail, flags),
    port: flags.httpPort,
    ...(flags.address !== undefined && { address: flags.address }),
  });
  tell(tools, folder, flags, doors, api);
  await untilStopped(tools);
  await api.close({ graceMs: 200 });
  await mail.close({ graceMs: 1000 });
  tables.close();
}

/** Below /api/ is the API for tests, which asks nobody who he is; all else is the webmail. */
function apiAndSite(host: Host, mail: MailHost, flags: ServeFlags): Handler {
  const own = [flags.hostname, flags.address].filter((name) => name !== undefined);
  const [api, site] = [chain(ownNames(...own), mailApi(host, mail)), mail.site()];
  return (request, context) =>
    request.path.startsWith('/api/') ? api(request, context) : site(request, context);
}

interface Tables extends Pick<MailHostOptions, 'mail' | 'queue'> {
  close(): void;
}

function tablesIn(folder: string | undefined): Tables {
  if (folder === undefined) return { ...memoryQueueTables(memoryMailTables()), close() {} };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return sqliteRelayTables(join(folder, MAIL_FILE));
}

async function optionsOf(
  tools: CliTools,
  host: Host,
  flags: ServeFlags,
): Promise<Omit<MailHostOptions, 'mail' | 'queue'>> {
  const { account: accounts = [], quota, plaintext = false, hostname = 'localhost' } = flags;
  const named = accounts.flatMap(({ addresses }) =>
    addresses.map((one) => one.split('@')[1] ?? ''),
  );
  const domains = flags.domain ?? [...new Set(named)];
  return {
    hostname,
    domains: domains.length === 0 ? ['localhost'] : domains,
    catchAll: accounts.length === 0 ? (domains.length === 0 ? 'everything' : 'domains') : 'nothing',
    accounts: accounts.map((one) => ({ ...one, ...(quota !== undefined && { quota }) })),
    plaintext,
    page: realFiles(PAGES),
    lookup: await lookupOf(tools, host),
    onError: (error) => tools.note(error instanceof Error ? error.message : String(error)),
    ...(flags.size !== undefined && { sizeLimit: flags.size }),
    ...(flags.rate !== undefined && { rate: { messages: flags.rate } }),
    ...(flags.greylist !== undefined && { greylistMs: flags.greylist }),
    ...(flags.smarthost && { smarthost: flags.smarthost }),
    ...(flags.tls && { secure: await certificates(hostname, flags.address) }),
    ...(flags.log && { onEvent: (event) => tools.out(eventLine(event, flags.json ?? false)) }),
  };
}

/** Names are those of the running internet: nothing leaves the machine. */
async function lookupOf(tools: CliTools, host: Host): Promise<RelayLookup> {
  const resolver = await tools.resolver();
  if (resolver) return stubRelayLookup(host, resolver);
  const nowhere = async (): Promise<never> => {
    throw new NetworkError('unreachable', 'no internet is running that knows the way');
  };
  return { mx: nowhere, addresses: nowhere };
}

async function certificates(
  hostname: string,
  address: Address = '127.0.0.1',
): Promise<Pick<SecureServer, 'certificateFor'>> {
  const authority = await keptAuthority(authorityFolder());
  const certificate = await authority.issue([...new Set(['localhost', hostname, address])]);
  return { certificateFor: () => certificate };
}

type Opened = readonly (readonly [MailDoor, Server])[];

async function openDoors(mail: MailHost, flags: ServeFlags): Promise<Opened> {
  const { standardPorts: isStandard, address, tls } = flags;
  const plain: (readonly [MailDoor, number])[] = [
    ['smtp', isStandard ? 25 : flags.smtpPort],
    ['submission', isStandard ? 587 : flags.submissionPort],
    ['pop3', isStandard ? 110 : flags.pop3Port],
    ['imap', isStandard ? 143 : flags.imapPort],
  ];
  const secure: (readonly [MailDoor, number])[] = [
    ['submissions', 465],
    ['pop3s', 995],
    ['imaps', 993],
  ];
  const opened: (readonly [MailDoor, Server])[] = [];
  for (const [door, number] of isStandard && tls ? [...plain, ...secure] : plain) {
    const place = { port: number, ...(address !== undefined && { address }) };
    opened.push([door, await mail.serve(door, place).catch(explained(door))]);
  }
  return opened;
}

function explained(door: MailDoor): (error: unknown) => never {
  return (error) => {
    if (hasCode(error, 'NET_IN_USE')) {
      const option = `--${door === 'smtp' ? 'smtp' : door}-port`;
      const { message } = error as NetworkError;
      throw new NetworkError('in-use', `${message}; ${option} takes another one`, { cause: error });
    }
    throw error;
  };
}

function tell(
  tools: CliTools,
  folder: string | undefined,
  flags: ServeFlags,
  doors: Opened,
  api: Server,
): void {
  const url = `http://${endpointText(api.local)}/`;
  if (flags.json) {
    const places = Object.fromEntries(doors.map(([door, { local }]) => [door, local]));
    tools.out(`${JSON.stringify({ ...places, http: url })}\n`);
    return;
  }
  for (const [door, { local }] of doors) {
    tools.note(`${door.padEnd(12)} ${endpointText(local)}`);
  }
  tools.note(`${'http'.padEnd(12)} ${url}`);
  tools.note(
    folder === undefined ? 'mail is kept in memory' : `mail is kept in ${resolve(folder)}`,
  );
  if (flags.tls) tools.note(`clients must trust ${authorityFolder()}/${CERTIFICATE_FILE}`);
  tools.note('Ctrl-C stops it');
}

function eventLine(event: RelayEvent, asJson: boolean): string {
  if (asJson) return `${JSON.stringify(event)}\n`;
  const { at, id, kind, recipient, remote, reply } = event;
  const words = [timeText(at), id, kind, recipient ?? '', remote ?? '', reply ?? ''];
  return `${words.filter((word) => word !== '').join('  ')}\n`;
}

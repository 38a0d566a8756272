/** `dns register` and its kin: a customer's commands to a registrar of the running internet. */
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { toRegistrar, userAt } from '../../internet/index.ts';
import {
  type Answer,
  type Contact,
  type DomainView,
  type Lock,
  MOST_YEARS,
  type NameServer,
  type Command as Registration,
} from '../../registration/index.ts';
import { whole } from '../options.ts';
import type { CliTools } from '../tools.ts';

/** The registrar of the default internet. */
const REGISTRAR = 'www.registrar.com';

interface CommonFlags {
  readonly registrar: string;
  readonly json?: true;
}

interface OwnerFlags extends CommonFlags {
  readonly owner?: string;
  readonly organisation?: string;
  readonly email?: string;
  readonly ns?: readonly NameServer[];
  readonly address?: readonly string[];
}

interface RegisterFlags extends OwnerFlags {
  readonly years?: number;
}

interface ChangeFlags extends OwnerFlags {
  readonly lock?: readonly string[];
  readonly unlock?: readonly string[];
}

const EXAMPLES = `
Examples:
  toplayer dns available books.com
  toplayer dns register books.com --owner "Ann" --address 127.20.3.80
  toplayer dns register books.com --ns ns.books.com=127.20.9.10 --ns ns.campus.edu
  toplayer dns change books.com --address 127.20.2.80
  toplayer dns transfer books.com --code CODE --registrar www.names.net`;

/** Adds the commands below `dns` that register and keep names. */
export function registerRegistration(dns: Command, tools: CliTools): void {
  registerNew(dns, tools);
  registerChange(dns, tools);
  const named = (name: string, about: string) =>
    common(dns.command(name).description(about)).argument('<name>', 'such as books.com');
  named('available', 'whether a name is free').action(async (name: string, flags: CommonFlags) => {
    const answer = await send(tools, flags, { command: 'check', name });
    if (!answer.available) process.exitCode = 1;
    show(
      tools,
      flags,
      answer,
      answer.available ? `${name} is free` : `${name} is not free: ${answer.reason}`,
    );
  });
  named('renew', 'register a name for more years')
    .option('--years <n>', 'how many', whole(1, MOST_YEARS), 1)
    .action(async (name: string, { years, ...flags }: CommonFlags & { years: number }) => {
      const answer = await send(tools, flags, { command: 'renew', name, years });
      show(
        tools,
        flags,
        answer,
        `${name} is registered until ${answer.domain?.expires.slice(0, 10)}`,
      );
    });
  named('transfer', 'take a name from another registrar to this one')
    .requiredOption('--code <text>', 'what its owner was told by the present registrar')
    .action(async (name: string, { code, ...flags }: CommonFlags & { code: string }) => {
      const answer = await send(tools, flags, { command: 'transfer', name, code });
      show(tools, flags, answer, told(answer));
    });
  named('delete', 'give a name up').action(async (name: string, flags: CommonFlags) => {
    const answer = await send(tools, flags, { command: 'delete', name });
    const until = answer.domain?.restorableUntil?.slice(0, 10);
    show(
      tools,
      flags,
      answer,
      until
        ? `${name} is being deleted; "dns restore" brings it back until ${until}`
        : `${name} is free`,
    );
  });
  named('restore', 'take back a name that is being deleted').action(
    async (name: string, flags: CommonFlags) => {
      const answer = await send(tools, flags, { command: 'restore', name });
      show(tools, flags, answer, told(answer));
    },
  );
  common(dns.command('list').description("the registrar's names")).action(
    async (flags: CommonFlags) => {
      const answer = await send(tools, flags, { command: 'list' });
      show(tools, flags, answer, table(answer.domains ?? []));
    },
  );
}

function registerNew(dns: Command, tools: CliTools): void {
  owned(dns.command('register').description('register a free name'))
    .option('--years <n>', 'for how long (default: 1)', whole(1, MOST_YEARS))
    .addHelpText(
      'after',
      `
With --address the registrar's own name server answers for the name and for www below it. With
--ns the name is delegated to name servers of yours; one within the name itself needs its address.
Within a second the name resolves from everywhere.
${EXAMPLES}`,
    )
    .action(async (name: string, flags: RegisterFlags) => {
      const { years } = flags;
      const registrant = contactOf(flags, { name: userInfo().username });
      const answer = await send(tools, flags, {
        command: 'create',
        name,
        registrant,
        ...(years !== undefined && { years }),
        ...hostsOf(flags),
      });
      show(tools, flags, answer, told(answer));
    });
}

function registerChange(dns: Command, tools: CliTools): void {
  owned(dns.command('change').description('change owner, name servers or locks of a name'))
    .option('--lock <status>', 'such as clientTransferProhibited; may be repeated', gathered)
    .option('--unlock <status>', 'take it away', gathered)
    .addHelpText('after', EXAMPLES)
    .action(async (name: string, flags: ChangeFlags) => {
      const { lock, unlock, ...common } = flags;
      const isOwner = [flags.owner, flags.organisation, flags.email].some(
        (one) => one !== undefined,
      );
      const present = isOwner ? await send(tools, flags, { command: 'info', name }) : undefined;
      const answer = await send(tools, common, {
        command: 'update',
        name,
        ...(present?.domain && { registrant: contactOf(flags, present.domain.registrant) }),
        ...hostsOf(flags),
        ...(lock && { lock: lock as Lock[] }),
        ...(unlock && { unlock: unlock as Lock[] }),
      });
      show(tools, flags, answer, told(answer));
    });
}

function common(command: Command): Command {
  return command
    .option('--registrar <host>', 'whose customer you are', REGISTRAR)
    .option('--json', 'the answer as one JSON object');
}

function owned(command: Command): Command {
  return common(command)
    .argument('<name>', 'such as books.com')
    .option('--owner <text>', 'whom it belongs to')
    .option('--organisation <text>', 'and for whom')
    .option('--email <mailbox>', 'anybody can read it by WHOIS')
    .option('--ns <host[=address,...]>', 'a name server; may be repeated', nameServer)
    .option('--address <address>', 'of your server; may be repeated', gathered);
}

function gathered(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function nameServer(text: string, before: readonly NameServer[] = []): readonly NameServer[] {
  const [name = '', addresses = ''] = text.split('=');
  return [...before, { name, addresses: addresses.split(',').filter((one) => one !== '') }];
}

function contactOf({ owner, organisation, email }: OwnerFlags, before: Contact): Contact {
  return {
    ...before,
    ...(owner !== undefined && { name: owner }),
    ...(organisation !== undefined && { organisation }),
    ...(email !== undefined && { email }),
  };
}

function hostsOf({ ns, address }: OwnerFlags): {
  nameServers?: readonly NameServer[];
  addresses?: readonly string[];
} {
  return { ...(ns && { nameServers: ns }), ...(address && { addresses: address }) };
}

async function send(
  tools: CliTools,
  { registrar }: CommonFlags,
  command: Registration,
): Promise<Answer> {
  const user = userAt(tools.host(), tools.lookup());
  try {
    return await toRegistrar(user, registrar, command, { signal: tools.signal });
  } finally {
    user.client.close();
  }
}

function show(tools: CliTools, flags: CommonFlags, answer: Answer, text: string): void {
  tools.out(flags.json ? `${JSON.stringify(answer)}\n` : `${text}\n`);
}

/** A domain as lines for people. */
function told({ domain, message }: Answer): string {
  if (!domain) return message;
  const { registrant, nameServers, addresses = [] } = domain;
  const owner = [registrant.name, registrant.organisation, registrant.email];
  const lines: [string, string | undefined][] = [
    ['name', domain.name],
    ['owner', owner.filter((part) => part !== undefined).join(', ')],
    ['registrar', domain.registrar],
    ['status', domain.status.join(', ')],
    ['expires', domain.expires.slice(0, 10)],
    ...nameServers.map((server): [string, string] => [
      'name server',
      [server.name, ...server.addresses].join(' '),
    ]),
    ...addresses.map((address): [string, string] => ['address', address]),
    ['transfer code', domain.code],
  ];
  return lines
    .flatMap(([key, value]) => (value === undefined ? [] : [`${key.padEnd(14)} ${value}`]))
    .join('\n');
}

function table(domains: readonly DomainView[]): string {
  if (domains.length === 0) return 'no names yet';
  return domains
    .map(
      ({ name, expires, status, registrant }) =>
        `${name.padEnd(24)} ${expires.slice(0, 10)}  ${status.join(',').padEnd(14)} ${registrant.name}`,
    )
    .join('\n');
}

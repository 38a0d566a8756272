/** The services of mail: a host's mailboxes and relay, and the doors to them. */
import { UsageError } from '../lib/errors.ts';
import type { AccountInit } from '../mail/index.ts';
import { summarise, toCrLf } from '../mail/index.ts';
import { type MailDoor, MailHost, type MailHostOptions } from '../mailhost/index.ts';
import type { Certificate, Files, Host, Server } from '../net/index.ts';
import { type RetrySchedule, stubRelayLookup } from '../relay/index.ts';
import type { MailPlan } from './scenario/types.ts';
import type { LocalSetting } from './services.ts';

/** Opens the mailboxes and the queue, and takes mail on port 25. */
export async function startMail(
  host: Host,
  plan: MailPlan,
  setting: LocalSetting,
): Promise<Server> {
  const { local, stores, content, onMail } = setting;
  const known = new Set<string>();
  const tables = stores.mail(host.name);
  for (const { name } of tables.mail.accounts.all()) known.add(name);
  const mail = await MailHost.open(host, { ...tables, ...(await optionsOf(host, plan, setting)) });
  local.mail = mail;
  onMail(mail);
  for (const [name, { messages }] of Object.entries(plan.accounts)) {
    if (messages === undefined || known.has(name)) continue;
    await firstMessages(mail, name, content, `/${messages}`);
  }
  const server = await mail.serve('smtp', portOf(plan));
  return {
    local: server.local,
    close: (options) => mail.close(options),
  };
}

/** Another door to the mail of the same host. */
export function startDoor(
  door: MailDoor,
): (
  host: Host,
  plan: { readonly port?: number | undefined },
  setting: LocalSetting,
) => Promise<Server> {
  return async (host, plan, { local }) => {
    if (!local.mail) throw new UsageError(`${host.name}: ${door} without mail`);
    return local.mail.serve(door, portOf(plan));
  };
}

type Told = Omit<MailHostOptions, 'mail' | 'queue'>;

async function optionsOf(
  host: Host,
  plan: MailPlan,
  { surroundings, authority, pages }: LocalSetting,
): Promise<Told> {
  const [first = 'localhost'] = plan.domains;
  const hostname = plan.hostname ?? `mail.${first}`;
  const resolver = surroundings.resolver(host.name);
  if (!resolver) throw new UsageError(`${host.name}: mail needs a resolver in this internet`);
  const speaksTls = plan.tls !== false && authority !== undefined;
  const certificate = speaksTls ? await authority.issue([hostname]) : undefined;
  return {
    hostname,
    domains: plan.domains,
    lookup: stubRelayLookup(host, resolver),
    accounts: accountsOf(plan),
    aliases: plan.aliases ?? {},
    plaintext: plan.plaintext ?? false,
    security: speaksTls ? 'opportunistic' : 'none',
    schedule: scheduleOf(plan),
    ...(plan.rate !== undefined && { rate: { messages: plan.rate } }),
    ...(plan.greylist !== undefined && { greylistMs: plan.greylist }),
    ...(pages && { page: pages }),
    ...(certificate && { secure: { certificateFor: (): Certificate => certificate } }),
  };
}

/** What a scenario says is no secret: the passwords are kept as they are, so that every mechanism works. */
function accountsOf({ accounts, domains }: MailPlan): AccountInit[] {
  return Object.entries(accounts).map(([name, { password, title, addresses = [], quota }]) => ({
    name,
    addresses: [...domains.map((domain) => `${name}@${domain}`), ...addresses],
    password,
    keepPassword: true,
    ...(title !== undefined && { title }),
    ...(quota !== undefined && { quota }),
  }));
}

function scheduleOf({ retry = {} }: MailPlan): Partial<RetrySchedule> {
  const { first, most, notice, expiry } = retry;
  return {
    ...(first !== undefined && { firstMs: first }),
    ...(most !== undefined && { mostMs: most }),
    ...(notice !== undefined && { delayNoticeMs: notice }),
    ...(expiry !== undefined && { expiryMs: expiry }),
  };
}

/** The files of a folder, in the order of their names, are what a new account finds. */
async function firstMessages(
  { store }: MailHost,
  name: string,
  files: Files,
  folder: string,
): Promise<void> {
  const account = store.open(name);
  const inbox = account.folder('INBOX');
  if (!inbox) return;
  const names = (await files.list(folder)).filter((file) => file.endsWith('.eml'));
  const messages = await Promise.all(names.map((file) => files.read(`${folder}/${file}`)));
  const staged = messages.map(toCrLf).map((bytes) => {
    const received = summarise([bytes]).facts.date;
    return { staged: store.stageBytes(bytes), ...(received !== undefined && { received }) };
  });
  if (staged.length > 0) await account.append(inbox, staged);
}

function portOf(plan: { readonly port?: number | undefined }): { port?: number } {
  return plan.port === undefined ? {} : { port: plan.port };
}

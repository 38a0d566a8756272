/** A customer at a registrar: what was asked last, and what came of it. */
import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { RegistrarView } from '../../../src/internet/dashboard/api.ts';
import type { Answer, Command, DomainView } from '../../../src/registration/types.ts';
import { api, sentence } from '../state/api.ts';
import { refreshNames, registrars } from '../state/names.ts';
import { internet, log } from '../state/store.ts';
import { texts } from '../texts.ts';
import { createCommand, type Fields, updateCommand } from './commands.ts';

const words = texts.names.register;

/** What the registrar said of a name, or of all its names. */
export type Found =
  | { readonly type: 'free'; readonly name: string }
  | { readonly type: 'taken'; readonly name: string; readonly domain?: DomainView }
  | { readonly type: 'own'; readonly domain: DomainView }
  | { readonly type: 'list'; readonly domains: readonly DomainView[] };

/** The user and the registrar that were chosen; the first ones until then. */
const customerChosen: Signal<string | undefined> = signal(undefined);
const siteChosen: Signal<string | undefined> = signal(undefined);

export const found: Signal<Found | undefined> = signal(undefined);
/** The answer in a sentence, or the refusal in the registry's words. */
export const told: Signal<string> = signal('');
export const problem: Signal<string> = signal('');
export const busy: Signal<boolean> = signal(false);
/** The newest message before the last command. */
export const saidAfter: Signal<number | undefined> = signal(undefined);

export const customers: ReadonlySignal<readonly string[]> = computed(() => {
  const running = internet.value?.hosts.filter((host) => host.running) ?? [];
  const users = running.filter(({ role }) => role === 'user');
  return (users.length > 0 ? users : running).map(({ name }) => name);
});

export const customer: ReadonlySignal<string> = computed(
  () => customers.value.find((name) => name === customerChosen.value) ?? customers.value[0] ?? '',
);

export const registrar: ReadonlySignal<RegistrarView | undefined> = computed(
  () => registrars.value.find(({ site }) => site === siteChosen.value) ?? registrars.value[0],
);

export function chooseCustomer(name: string): void {
  customerChosen.value = name;
}

/** What one registrar said is not what another would say. */
export function chooseRegistrar(site: string): void {
  batch(() => {
    siteChosen.value = site;
    found.value = undefined;
    told.value = '';
    problem.value = '';
    saidAfter.value = undefined;
  });
}

interface Outcome {
  readonly found: Found;
  readonly told: string;
}

type Send = (command: Command) => Promise<Answer>;

/** Does one thing after the other; what is refused leaves all that is shown as it was. */
async function attempt(work: (send: Send) => Promise<Outcome>): Promise<void> {
  const at = registrar.value;
  if (busy.value || !at) return;
  batch(() => {
    busy.value = true;
    problem.value = '';
    told.value = '';
    saidAfter.value = log.newest;
  });
  const host = customer.value;
  try {
    const outcome = await work(
      async (command) => (await api.register(at.site, { host, command })).answer,
    );
    batch(() => {
      found.value = outcome.found;
      told.value = outcome.told;
    });
  } catch (error) {
    problem.value = sentence(error);
  } finally {
    busy.value = false;
  }
}

/** A command that changes something: the tree of zones follows at once. */
function change(command: Command, tell: (domain: DomainView) => string): Promise<void> {
  return attempt(async (send) => {
    const { domain } = await send(command);
    await refreshNames();
    return domain ? { found: ownOrTaken(domain), told: tell(domain) } : released(nameOf(command));
  });
}

function nameOf(command: Command): string {
  return 'name' in command ? command.name : '';
}

function released(name: string): Outcome {
  return { found: { type: 'free', name }, told: words.freeAgain(name) };
}

/** The code is told to its sponsor alone. */
function ownOrTaken(domain: DomainView): Found {
  return domain.code === undefined
    ? { type: 'taken', name: domain.name, domain }
    : { type: 'own', domain };
}

export function findName(name: string): Promise<void> {
  return attempt(async (send) => {
    const { available, reason = '' } = await send({ command: 'check', name });
    if (available) return { found: { type: 'free', name }, told: words.free(name) };
    const { domain } = await send({ command: 'info', name }).catch(() => ({ domain: undefined }));
    if (!domain) return { found: { type: 'taken', name }, told: words.taken(name, reason) };
    const is = ownOrTaken(domain);
    return { found: is, told: is.type === 'own' ? words.own(name) : words.taken(name, reason) };
  });
}

export function listNames(): Promise<void> {
  return attempt(async (send) => {
    const { domains = [], message } = await send({ command: 'list' });
    // A registry that can't be reached is named after the number of those that could.
    const [, ...missing] = message.split('; ');
    const count = words.names(domains.length);
    return { found: { type: 'list', domains }, told: [count, ...missing].join('; ') };
  });
}

export function register(name: string, fields: Fields): Promise<void> {
  return change(createCommand(name, fields), (domain) =>
    domain.nameServers.length > 0 ? words.registered(name) : words.undelegated(name),
  );
}

export function saveChange(name: string, fields: Fields): Promise<void> {
  return change(updateCommand(name, fields), () => words.changed(name));
}

/** The present day of expiry goes along, so that pressing twice renews once. */
export function renew({ name, expires }: DomainView, years: number): Promise<void> {
  return change({ command: 'renew', name, years, expires }, (domain) =>
    words.renewed(name, domain.expires.slice(0, 10)),
  );
}

export function transfer(name: string, code: string): Promise<void> {
  return change({ command: 'transfer', name, code }, () => words.transferred(name));
}

export function giveUp(name: string): Promise<void> {
  return change({ command: 'delete', name }, ({ restorableUntil = '' }) =>
    words.deleted(name, restorableUntil.slice(0, 10)),
  );
}

export function restore(name: string): Promise<void> {
  return change({ command: 'restore', name }, () => words.restored(name));
}

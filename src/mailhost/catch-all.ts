/** Mailboxes that are made when mail comes for them: a server for tests knows nobody before. */
import { hasCode } from '../lib/errors.ts';
import type { MailStore } from '../mail/index.ts';
import { guarded, type MailBackend, type Mailbox, mailboxText } from '../smtp/index.ts';
import { CAUGHT_LIMIT, CAUGHT_PASSWORD } from './defaults.ts';
import type { MailHostOptions } from './types.ts';

export function catchingAll(
  store: MailStore,
  { catchAll = 'nothing', domains }: Pick<MailHostOptions, 'catchAll' | 'domains'>,
  backend: MailBackend,
): MailBackend {
  if (catchAll === 'nothing') return backend;
  const isMeant = meant({ catchAll, domains });
  return guarded(backend, (session) => ({
    ...session,
    to: async (path, options) => {
      if (isMeant(path)) await ensureAccount(store, path);
      return session.to(path, options);
    },
  }));
}

/** Makes the mailboxes of a message that comes by no door: of the webmail, of the API. */
export async function catchRecipients(
  store: MailStore,
  options: Pick<MailHostOptions, 'catchAll' | 'domains'>,
  paths: readonly Mailbox[],
): Promise<void> {
  for (const path of paths.filter(meant(options))) await ensureAccount(store, path);
}

function meant({
  catchAll = 'nothing',
  domains,
}: Pick<MailHostOptions, 'catchAll' | 'domains'>): (path: Mailbox) => boolean {
  const own = new Set(domains.map((domain) => domain.toLowerCase()));
  return ({ domain }) => {
    if (catchAll === 'nothing' || domain === '') return false;
    return catchAll === 'everything' || own.has(domain.toLowerCase());
  };
}

/** At the same time somebody else may have made it. */
async function ensureAccount(store: MailStore, path: Mailbox): Promise<void> {
  if (store.accountFor(path) || store.accounts().length >= CAUGHT_LIMIT) return;
  const address = mailboxText(path).toLowerCase();
  const account = {
    name: address,
    addresses: [address],
    password: CAUGHT_PASSWORD,
    keepPassword: true,
  };
  await store.addAccount(account).catch((error: unknown) => {
    if (!hasCode(error, 'MAIL_ACCOUNT_EXISTS') && !hasCode(error, 'MAIL_BAD_NAME')) throw error;
  });
}

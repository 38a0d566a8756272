/** Where a recipient's mail goes, and on what terms (RFC 5321 §3.9, RFC 3461 §5.2.7). */
import { mailboxText } from '../smtp/index.ts';
import type { Directory, Found } from './directory.ts';
import { withoutSuccess } from './machine/notify.ts';
import type { Account, Mailbox, Outcome, RecipientOptions, ReversePath } from './types.ts';

export interface Target {
  readonly path: Mailbox;
  readonly options: RecipientOptions;
  /** Who is told of failures: of a list it is its owner. */
  readonly from: ReversePath;
  /** Undefined: elsewhere, or nobody after all. */
  readonly account: Account | undefined;
}

/** A recipient as it was addressed, with those that it stands for. */
export interface Addressed {
  readonly from: ReversePath;
  readonly path: Mailbox;
  readonly options: RecipientOptions;
  readonly targets: readonly Target[];
  /** What has become of the recipient itself by then, where its sender may want to know. */
  readonly action: 'expanded' | 'delivered' | undefined;
}

/** The same for the same mailbox: only of domains case does not matter (RFC 5321 §2.4). */
export function pathKey(path: Mailbox): string {
  return mailboxText({ ...path, domain: path.domain.toLowerCase() });
}

type Alias = Extract<Found, { kind: 'alias' }>;

/** The targets of a recipient, or why it has none. */
export function address(
  directory: Directory,
  from: ReversePath,
  given: Mailbox,
  options: RecipientOptions,
): Addressed | Outcome {
  const path = directory.whole(given);
  const found = directory.find(path);
  switch (found.kind) {
    case 'nobody':
      return unknown(path, found.near);
    case 'alias':
      return { from, path, options, ...aliased(directory, from, path, options, found) };
    case 'account':
    case 'elsewhere': {
      const account = found.kind === 'account' ? found.account : undefined;
      return {
        from,
        path,
        options,
        targets: [{ path, options, from, account }],
        action: undefined,
      };
    }
  }
}

function unknown(path: Mailbox, near: readonly string[]): Outcome {
  const hint = near.length === 0 ? '' : `; did you mean ${near.join(', ')}?`;
  return { code: 550, enhanced: '5.1.1', text: `There is no ${mailboxText(path)} here${hint}` };
}

function aliased(
  directory: Directory,
  from: ReversePath,
  path: Mailbox,
  options: RecipientOptions,
  { members, owner }: Alias,
): Pick<Addressed, 'targets' | 'action'> {
  const to = (member: Mailbox, own: RecipientOptions, sender: ReversePath): Target => {
    const account = directory.isLocal(member.domain) ? directory.accountOf(member) : undefined;
    return { path: directory.whole(member), options: own, from: sender, account };
  };
  // Failures of failure notices go to nobody, whatever they pass through (RFC 5321 §4.5.5).
  if (owner) {
    const sender = from === null ? null : owner;
    return { targets: members.map((member) => to(member, {}, sender)), action: 'delivered' };
  }
  const orcpt = options.orcpt ?? { type: 'rfc822', address: mailboxText(path) };
  const isOne = members.length === 1;
  const own = { ...(isOne ? options : withoutSuccess(options)), orcpt };
  const targets = members.map((member) => to(member, own, from));
  return { targets, action: isOne ? undefined : 'expanded' };
}

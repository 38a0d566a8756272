/** Whose an address is: of an account here, of an alias, of elsewhere, or of nobody. */
import type { Address } from '../lib/endpoint.ts';
import { UsageError } from '../lib/errors.ts';
import { addressLiteral, parseMailbox } from '../smtp/index.ts';
import { type Aliases, expand } from './machine/aliases.ts';
import { nearestNames } from './machine/nearest.ts';
import type { Account, Mailbox, RelayStore } from './types.ts';

/** As the only domain: all mail ends here. */
const EVERY_DOMAIN = '*';

export type Found =
  | { readonly kind: 'account'; readonly account: Account }
  | {
      readonly kind: 'alias';
      readonly members: readonly Mailbox[];
      readonly owner: Mailbox | undefined;
    }
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'nobody'; readonly near: readonly string[] };

export class Directory {
  /** In lower case, with the literal of the host's own address. */
  readonly domains: readonly string[];
  private readonly store: RelayStore;
  private readonly aliases: Aliases;

  constructor(
    store: RelayStore,
    own: Address,
    domains: readonly string[],
    aliases: Readonly<Record<string, readonly string[]>>,
  ) {
    const names = domains.map((domain) => domain.toLowerCase());
    this.store = store;
    this.domains = [...names, addressLiteral(own).toLowerCase()];
    this.aliases = new Map(
      Object.entries(aliases).map(([name, members]) => [
        name.toLowerCase(),
        members.map((member) => this.member(name, member)),
      ]),
    );
  }

  isLocal(domain: string): boolean {
    if (domain === '' || this.domains[0] === EVERY_DOMAIN) return true;
    return this.domains.includes(domain.toLowerCase());
  }

  find(address: Mailbox): Found {
    const path = this.whole(address);
    if (!this.isLocal(path.domain)) return { kind: 'elsewhere' };
    const alias = expand(path, this.aliases, (domain) => this.isLocal(domain));
    if (alias) return { kind: 'alias', ...alias };
    const account = this.store.accountFor(path) ?? this.postmaster(path);
    if (account) return { kind: 'account', account };
    return { kind: 'nobody', near: this.near(path) };
  }

  /** The account of an address, where it is one's own. */
  accountOf(address: Mailbox): Account | undefined {
    const path = this.whole(address);
    return this.store.accountFor(path) ?? this.postmaster(path);
  }

  /** `<Postmaster>` and `[own address]` are of the first domain (RFC 5321 §4.1.1.3, §4.5.1). */
  whole({ local, domain }: Mailbox): Mailbox {
    const isOwn = domain === '' || domain.toLowerCase() === this.domains.at(-1);
    return { local, domain: isOwn ? (this.domains[0] as string) : domain };
  }

  /** It always exists where anybody does: an account of that name, or the first one. */
  private postmaster({ local, domain }: Mailbox): Account | undefined {
    if (local.toLowerCase() !== 'postmaster' || !this.isLocal(domain)) return undefined;
    return this.store.account('postmaster') ?? this.store.accounts()[0];
  }

  private near({ local, domain }: Mailbox): readonly string[] {
    const ending = `@${domain.toLowerCase()}`;
    const names = this.store.accounts().flatMap(({ addresses }) => addresses);
    const known = names
      .filter((name) => name.toLowerCase().endsWith(ending))
      .map((name) => name.slice(0, -ending.length));
    const aliases = [...this.aliases.keys()].filter((name) => !name.includes('@'));
    return nearestNames(local, [...known, ...aliases]);
  }

  private member(name: string, text: string): Mailbox {
    try {
      const whole = text.includes('@') ? text : `${text}@${this.domains[0]}`;
      return parseMailbox(whole, 'recipient', true);
    } catch (cause) {
      throw new UsageError(`alias ${name}: ${text}: ${(cause as Error).message}`, { cause });
    }
  }
}

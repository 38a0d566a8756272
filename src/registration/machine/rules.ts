/** What each command makes of a domain, or why it is refused (RFC 5730 §2.9, RFC 5731 §3). */
import { LEAST_YEARS, MOST_YEARS, type Periods } from '../defaults.ts';
import { RegistrationError } from '../errors.ts';
import type {
  CreateCommand,
  Domain,
  Lock,
  RenewCommand,
  TransferCommand,
  UpdateCommand,
} from '../types.ts';
import { checkNameServers, checkNotUsed, type Others } from './hosts.ts';
import { addYears, phaseOf } from './life.ts';

/** Who asks, and when. */
export interface Asking {
  readonly registrar: string;
  readonly now: number;
  readonly periods: Periods;
}

/** What the registry gives to a new domain, or to one that changes hands. */
export interface Given {
  readonly handle: string;
  readonly authCode: string;
}

export function create(
  name: string,
  command: Pick<CreateCommand, 'registrant' | 'years' | 'nameServers'>,
  { registrar, now }: Asking,
  { handle, authCode }: Given,
  others: Others,
): Domain {
  return {
    name,
    handle,
    registrant: command.registrant,
    registrar,
    created: now,
    updated: now,
    expires: addYears(now, checkYears(command.years)),
    nameServers: checkNameServers(name, command.nameServers ?? [], others),
    locks: [],
    authCode,
  };
}

/** RFC 5731 §3.2.3. The sponsor prolongs it, also while it is on hold after its expiry. */
export function renew(domain: Domain, command: RenewCommand, asking: Asking): Domain {
  checkSponsor(domain, asking);
  checkAlive(domain, asking);
  checkLock(domain, 'clientRenewProhibited');
  const day = new Date(domain.expires).toISOString().slice(0, 10);
  if (command.expires !== undefined && command.expires.slice(0, 10) !== day) {
    const text = `${domain.name} expires on ${day}, not on ${command.expires}: it may have been renewed already`;
    throw new RegistrationError('REG_OUT_OF_RANGE', text, 'RFC 5731 §3.2.3');
  }
  return prolonged(domain, checkYears(command.years), asking);
}

/** RFC 5731 §3.2.4, carried out at once: the code is the owner's consent. A new code is given. */
export function transfer(
  domain: Domain,
  command: TransferCommand,
  asking: Asking,
  { authCode }: Pick<Given, 'authCode'>,
): Domain {
  if (domain.registrar === asking.registrar) {
    const text = `${domain.name} is with this registrar already`;
    throw new RegistrationError('REG_NOT_TRANSFERABLE', text, 'RFC 5731 §3.2.4');
  }
  if (!sameText(command.code, domain.authCode)) {
    const text = `this is not the code of ${domain.name}: its owner gets it from the present registrar`;
    throw new RegistrationError('REG_WRONG_CODE', text, 'RFC 5731 §2.6');
  }
  checkAlive(domain, asking);
  checkLock(domain, 'clientTransferProhibited');
  const years =
    command.years === undefined ? defaultYears(domain, asking) : checkYears(command.years);
  const longer = years === 0 ? domain : prolonged(domain, years, asking);
  const { registrar, now } = asking;
  return { ...longer, registrar, transferred: now, updated: now, authCode };
}

/** RFC 5731 §3.2.5. With clientUpdateProhibited nothing is changed but this lock itself. */
export function update(
  domain: Domain,
  command: UpdateCommand,
  asking: Asking,
  others: Others,
): Domain {
  checkSponsor(domain, asking);
  checkAlive(domain, asking);
  const { registrant, nameServers, lock = [], unlock = [] } = command;
  const unlocks = unlock.includes('clientUpdateProhibited');
  if (!unlocks) checkLock(domain, 'clientUpdateProhibited');
  const kept = domain.locks.filter((one) => !unlock.includes(one));
  const servers = nameServers && checkNameServers(domain.name, nameServers, others);
  if (servers) checkNotUsed(domain, servers, others);
  return {
    ...domain,
    updated: asking.now,
    locks: [...new Set([...kept, ...lock])].sort(),
    ...(registrant && { registrant }),
    ...(servers && { nameServers: servers }),
  };
}

/** RFC 5731 §3.2.2: undefined when the name is free at once, else the domain in its redemption. */
export function remove(domain: Domain, asking: Asking, others: Others): Domain | undefined {
  checkSponsor(domain, asking);
  checkAlive(domain, asking);
  checkLock(domain, 'clientDeleteProhibited');
  checkNotUsed(domain, [], others);
  const { now, periods } = asking;
  if (now - domain.created < periods.addGraceMs) return undefined;
  return { ...domain, updated: now, deleted: now };
}

/** RFC 3915 §4.2.5: back from redemption; a name that had expired is renewed with it. */
export function restore(domain: Domain, asking: Asking): Domain {
  checkSponsor(domain, asking);
  if (phaseOf(domain, asking.now, asking.periods) !== 'redemption') {
    const text = `${domain.name} is not in its redemption period`;
    throw new RegistrationError('REG_STATUS_PROHIBITS', text, 'RFC 3915 §2');
  }
  const { deleted: _, ...kept } = domain;
  const { now } = asking;
  const expires = kept.expires > now ? kept.expires : addYears(now, LEAST_YEARS);
  return { ...kept, updated: now, expires };
}

function prolonged(domain: Domain, years: number, { now }: Asking): Domain {
  const expires = addYears(domain.expires, years);
  if (expires > addYears(now, MOST_YEARS)) {
    const text = `${domain.name} would be registered for more than ${MOST_YEARS} years from now`;
    throw new RegistrationError('REG_NOT_RENEWABLE', text, 'RFC 5731 §3.2.3');
  }
  return { ...domain, expires, updated: now };
}

/** A transfer brings a year with it, unless there is no room for it. */
function defaultYears(domain: Domain, { now }: Asking): number {
  return addYears(domain.expires, 1) > addYears(now, MOST_YEARS) ? 0 : 1;
}

function checkYears(years: number = LEAST_YEARS): number {
  if (Number.isInteger(years) && years >= LEAST_YEARS && years <= MOST_YEARS) return years;
  const text = `${years} years: expected ${LEAST_YEARS} to ${MOST_YEARS}`;
  throw new RegistrationError('REG_OUT_OF_RANGE', text, 'RFC 5731 §2.5');
}

function checkSponsor(domain: Domain, { registrar }: Asking): void {
  if (domain.registrar === registrar) return;
  const text = `${domain.name} is with another registrar, ${domain.registrar}`;
  throw new RegistrationError('REG_NOT_AUTHORISED', text, 'RFC 5730 §2.9.3');
}

function checkAlive(domain: Domain, { now, periods }: Asking): void {
  const phase = phaseOf(domain, now, periods);
  if (phase === 'active' || phase === 'expired') return;
  const how = phase === 'redemption' ? ': it can be restored' : ', and is soon free';
  const text = `${domain.name} is being deleted (pendingDelete)${how}`;
  throw new RegistrationError('REG_STATUS_PROHIBITS', text, 'RFC 5731 §2.3');
}

function checkLock(domain: Domain, lock: Lock): void {
  if (!domain.locks.includes(lock)) return;
  const text = `${domain.name} is locked (${lock}): take the lock away first`;
  throw new RegistrationError('REG_STATUS_PROHIBITS', text, 'RFC 5731 §2.3');
}

/** Compares secrets in a time that does not tell where they differ. */
export function sameText(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ (b.charCodeAt(i) || 0);
  return difference === 0;
}

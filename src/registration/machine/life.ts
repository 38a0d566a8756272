/**
 * The life of a domain as a function of time alone: nothing needs to happen for a name to expire.
 *
 *   active -> expired -> redemption -> pendingDelete -> gone
 *      \--- delete ------^                              ^
 *       \-- delete within the days of grace ------------/
 */
import type { Periods } from '../defaults.ts';
import type { Domain, Status } from '../types.ts';

export type Phase = 'active' | 'expired' | 'redemption' | 'pendingDelete' | 'gone';

/** The times at which a domain leaves each phase that it will pass through. */
interface Course {
  readonly expired: number;
  readonly redemption: number;
  readonly pendingDelete: number;
  readonly gone: number;
}

function courseOf(domain: Domain, periods: Periods): Course {
  const redemption = domain.deleted ?? domain.expires + periods.expiredMs;
  const pendingDelete = redemption + periods.redemptionMs;
  return {
    expired: Math.min(domain.expires, redemption),
    redemption,
    pendingDelete,
    gone: pendingDelete + periods.pendingDeleteMs,
  };
}

export function phaseOf(domain: Domain, now: number, periods: Periods): Phase {
  const course = courseOf(domain, periods);
  if (now < course.expired) return 'active';
  if (now < course.redemption) return 'expired';
  if (now < course.pendingDelete) return 'redemption';
  return now < course.gone ? 'pendingDelete' : 'gone';
}

/** When the phase changes next by itself; undefined when it is gone. */
export function nextChange(domain: Domain, now: number, periods: Periods): number | undefined {
  const course = courseOf(domain, periods);
  const times = [course.expired, course.redemption, course.pendingDelete, course.gone];
  return times.find((time) => time > now);
}

/** Until when it can be restored; undefined when it was not deleted. */
export function restorableUntil(domain: Domain, now: number, periods: Periods): number | undefined {
  const isRestorable = phaseOf(domain, now, periods) === 'redemption';
  return isRestorable ? courseOf(domain, periods).pendingDelete : undefined;
}

/** RFC 5731 §2.3: at least one status; `ok` only alone; `inactive` without name servers. */
export function statusOf(domain: Domain, now: number, periods: Periods): Status[] {
  const phase = phaseOf(domain, now, periods);
  const isEnding = phase !== 'active' && phase !== 'expired';
  // A lock against deletion keeps nobody's name for ever: time overrides it, and the two are never told together.
  const locks = domain.locks.filter((lock) => !isEnding || lock !== 'clientDeleteProhibited');
  const status: Status[] = [...locks];
  if (phase === 'expired') status.push('serverHold');
  else if (isEnding) status.push('pendingDelete');
  if (domain.nameServers.length === 0) status.push('inactive');
  return status.length === 0 ? ['ok'] : status;
}

/** Whether its delegation is in the zone: not on hold, not being deleted (RFC 5731 §2.3). */
export function isPublished(domain: Domain, now: number, periods: Periods): boolean {
  return phaseOf(domain, now, periods) === 'active' && !domain.locks.includes('clientHold');
}

/** The same day so many years later; 29 February becomes the 28th. */
export function addYears(time: number, years: number): number {
  const date = new Date(time);
  const day = date.getUTCDate();
  date.setUTCFullYear(date.getUTCFullYear() + years);
  if (date.getUTCDate() !== day) date.setUTCDate(0);
  return date.getTime();
}

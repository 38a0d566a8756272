/** A step of a way in words. */
import type { WayStepView } from '../../../src/internet/dashboard/api-mail.ts';
import { durationText, leftText } from '../state/units.ts';
import { texts } from '../texts.ts';
import type { WaitRow } from './rows.ts';

const words = texts.mail;

export function stepText({ kind, to, recipients, protocol = '' }: WayStepView): string {
  const who = recipients.join(', ');
  switch (kind) {
    case 'submitted':
      if (to === undefined) return words.steps.submittedHere;
      return protocol === 'http' ? words.steps.submittedByWeb(to) : words.steps.submitted(to);
    case 'looked up':
      return words.steps['looked up'](to ?? '', domainsOf(recipients).join(', '));
    case 'read':
      return protocol === 'http' ? words.steps.readByWeb : words.steps.read(protocol.toUpperCase());
    case 'held':
    case 'released':
    case 'removed':
      return words.steps[kind]();
    default:
      return words.steps[kind](who);
  }
}

function domainsOf(addresses: readonly string[]): string[] {
  return [...new Set(addresses.map((one) => one.slice(one.lastIndexOf('@') + 1)))];
}

/** Since the message was begun. */
export function afterText(ms: number): string {
  return ms === 0 ? '0 ms' : `+${durationText(ms)}`;
}

/** How long a message waits, or when it is tried next; `now` is the clock of the run. */
export function waitText({ place, ms, next }: WaitRow, now: number): string {
  if (ms !== undefined) {
    return place === 'mailbox'
      ? words.way.lies(durationText(ms))
      : words.way.waits(durationText(ms));
  }
  const left = (next ?? 0) - now;
  return left > 0 ? words.way.again(leftText(left)) : words.way.due;
}

/** Rules of failures: made of the fields of a form, and told in words. */
import type { Failing, FailingStage } from '../../../src/smtp/index.ts';
import { texts } from '../texts.ts';

const words = texts.mail.failures.say;

export type How = keyof typeof texts.mail.failures.hows;

export interface FailingFields {
  readonly stage: FailingStage;
  readonly address: string;
  readonly how: How;
  /** A code, or seconds. */
  readonly value: string;
  readonly times: string;
}

const SECOND_MS = 1_000;

/** A code that is left out is the usual one of “later”. */
const USUAL_CODE = 451;
const USUAL_SECONDS = 30;

export function needsValue(how: How): boolean {
  return how === 'code' || how === 'delay' || how === 'greylist';
}

export function usualValue(how: How): string {
  return String(how === 'code' ? USUAL_CODE : USUAL_SECONDS);
}

export function failingOf({ stage, address, how, value, times }: FailingFields): Failing {
  const count = Number.parseInt(times, 10);
  return {
    stage,
    ...(address !== '' && stage !== 'CONNECT' && { address }),
    ...(count > 0 && { times: count }),
    ...happening(how, Number(value) || Number(usualValue(how))),
  };
}

function happening(how: How, value: number): Partial<Failing> {
  switch (how) {
    case 'code':
      return { code: value };
    case 'delay':
      return { delayMs: value * SECOND_MS };
    case 'greylist':
      return { greylistMs: value * SECOND_MS };
    case 'stall':
      return { code: 0 };
    case 'drop':
      return { drop: true };
  }
}

/** A rule as a person would say it: `at RCPT TO for addresses with “bob”: answer 451, 3 times`. */
export function failingText(failing: Failing): string {
  const { stage, address, times, share } = failing;
  const when = texts.mail.failures.stages[stage];
  const whom = address === undefined ? '' : ` ${words.address(address)}`;
  const happens = [
    ...whatHappens(failing),
    ...(share === undefined ? [] : [words.share(Math.round(share * 100))]),
    ...(times === undefined ? [] : [words.times(times)]),
  ];
  return `${when}${whom}: ${happens.join(', ')}`;
}

function whatHappens({ code, drop, delayMs, greylistMs }: Failing): string[] {
  return [
    ...(delayMs === undefined ? [] : [words.delay(seconds(delayMs))]),
    ...(greylistMs === undefined ? [] : [words.greylist(seconds(greylistMs))]),
    ...(code === undefined ? [] : [code === 0 ? words.stall : words.code(code)]),
    ...(drop ? [words.drop] : []),
  ];
}

function seconds(ms: number): string {
  return String(ms / SECOND_MS);
}

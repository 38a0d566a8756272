import { InvalidArgumentError } from 'commander';
import type { Failing, FailingStage } from '../../../smtp/index.ts';

/** `RCPT:451:10%`, `MAIL:550:100%:evil@`: stage, code, share, and whose address it must be. */
export function failingRule(text: string, before: readonly Failing[]): readonly Failing[] {
  const match = /^(CONNECT|MAIL|RCPT|DATA):(\d{1,3}):(\d{1,3}(?:\.\d+)?)\s*%(?::(.+))?$/i.exec(
    text,
  );
  const [code, share] = [Number(match?.[2]), Number(match?.[3]) / 100];
  if (!match || share > 1 || !(code === 0 || (code >= 400 && code <= 599))) {
    throw new InvalidArgumentError('expected stage, code and share, such as RCPT:451:10%.');
  }
  const stage = match[1]?.toUpperCase() as FailingStage;
  return [...before, { stage, code, share, ...(match[4] && { address: match[4] }) }];
}

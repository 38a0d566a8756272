/** What hosts do by themselves in a run: the steps of their scripts, at their times. */
import { AppError, UsageError } from '../lib/errors.ts';
import { sleep } from '../net/index.ts';
import { load, pingHost, resolve, type User } from './actions.ts';
import type { Internet } from './internet.ts';
import { readByImap, readByPop3, sendLetter, type UserMailbox } from './mail-user.ts';
import type { ScriptStep } from './scenario/types.ts';

/** How one step ended; `error` is what the user would have been told. */
export interface StepOutcome {
  readonly host: string;
  readonly at: number;
  readonly step: ScriptStep;
  readonly error?: string;
}

/** Runs all scripts to their ends. A step that fails is told, and the rest goes on. */
export async function runScripts(
  internet: Internet,
  onStep?: (outcome: StepOutcome) => void,
): Promise<void> {
  const steps = internet
    .hosts()
    .flatMap(({ name, plan }) => (plan.script ?? []).map((step) => ({ name, step })));
  await Promise.all(steps.map(({ name, step }) => runStep(internet, name, step, onStep)));
}

async function runStep(
  internet: Internet,
  name: string,
  step: ScriptStep,
  onStep?: (outcome: StepOutcome) => void,
): Promise<void> {
  const { clock } = internet.user(name).host;
  await sleep(clock, Math.max(0, step.at - clock.now()));
  for (let left = step.count ?? 1; left > 0; left--) {
    const at = clock.now();
    const error = await attempt(() => act(internet, internet.user(name), step));
    onStep?.({ host: name, at, step, ...(error !== undefined && { error }) });
    if (left > 1 && step.every !== undefined)
      await sleep(clock, Math.max(0, at + step.every - clock.now()));
  }
}

async function act(internet: Internet, user: User, step: ScriptStep): Promise<unknown> {
  if (step.get !== undefined) return load(user, step.get, { mode: 'persistent' });
  if (step.lookup !== undefined) return resolve(user, step.lookup);
  if (step.send !== undefined) return sendLetter(user.host, mailboxOf(internet, user), step.send);
  if (step.read !== undefined) {
    const read = step.read === 'pop3' ? readByPop3 : readByImap;
    return read(user.host, mailboxOf(internet, user));
  }
  const target = step.ping ?? '';
  return pingHost(user, internet.scenario.hosts[target]?.address ?? target);
}

function mailboxOf(internet: Internet, { host }: User): UserMailbox {
  const mailbox = internet.mailbox(host.name);
  if (!mailbox) throw new UsageError(`the user at ${host.name} has no mail`);
  return mailbox;
}

async function attempt(action: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await action();
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
}

/** A question to the internet from a form: under way, answered, or refused with a sentence. */
import type { TargetedSubmitEvent } from 'preact';
import { useState } from 'preact/hooks';
import { sentence } from '../state/api.ts';

export interface Asking<T> {
  readonly busy: boolean;
  readonly answer: T | undefined;
  /** The answer in a sentence; empty while there is none. */
  readonly told: string;
  readonly problem: string | undefined;
  readonly onSubmit: (event: TargetedSubmitEvent<HTMLFormElement>) => void;
}

export function useAsking<T>(
  ask: (form: FormData) => Promise<T>,
  tell: (answer: T) => string,
): Asking<T> {
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<T>();
  const [problem, setProblem] = useState<string>();
  const run = async (form: FormData) => {
    setBusy(true);
    setProblem(undefined);
    try {
      setAnswer(await ask(form));
    } catch (error) {
      setAnswer(undefined);
      setProblem(sentence(error));
    } finally {
      setBusy(false);
    }
  };
  const onSubmit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!busy) run(new FormData(event.currentTarget));
  };
  const told = answer === undefined ? '' : tell(answer);
  return { busy, answer, told, problem, onSubmit };
}

/** A text of a form. */
export function field(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

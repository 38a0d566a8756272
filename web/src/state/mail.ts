/** Mail of the internet: who has it, and what was seen of it last. */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { HostView } from '../../../src/internet/dashboard/api.ts';
import type { LetterView, MailView } from '../../../src/internet/dashboard/api-mail.ts';
import type { MessageLine } from '../../../src/trace/message.ts';
import { chooseLetter } from './actions.ts';
import { internet, openLetter } from './store.ts';

/** What the page saw last. */
export const mail: Signal<MailView | undefined> = signal(undefined);

export const wayAsTable: Signal<boolean> = signal(false);

export const mailHosts: ReadonlySignal<readonly HostView[]> = computed(() =>
  (internet.value?.hosts ?? []).filter(({ services }) =>
    services.some(({ name }) => name === 'mail'),
  ),
);

/** The one that was chosen; the newest until then. */
export const letter: ReadonlySignal<LetterView | undefined> = computed(() => {
  const letters = mail.value?.letters ?? [];
  if (openLetter.value === undefined) return letters[0];
  return letters.find(({ id }) => id === openLetter.value);
});

export function moveInLetters(steps: 1 | -1): void {
  const letters = mail.value?.letters ?? [];
  const at = letters.findIndex(({ id }) => id === letter.value?.id);
  const next = letters[at + steps];
  if (next) chooseLetter(next.id);
}

/** What is said in mail, or may have to do with it. */
export function concernsMail({ protocol, from }: MessageLine): boolean {
  if (protocol === 'http') return mailHosts.value.some(({ name }) => name === from);
  return protocol === 'smtp' || protocol === 'pop3' || protocol === 'imap' || protocol === 'tcp';
}

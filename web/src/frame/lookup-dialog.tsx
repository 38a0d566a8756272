/** Asks for the address of a name, as a user's machine does. */
import type { JSX } from 'preact';
import { api } from '../state/api.ts';
import { internet } from '../state/store.ts';
import { texts } from '../texts.ts';
import { AskingForm, SeeMessages } from './asking-form.tsx';
import { Dialog, HostSelect } from './dialog.tsx';
import { field, useAsking } from './use-asking.ts';

const words = texts.dialogs.lookup;

export function LookupDialog(): JSX.Element {
  const asking = useAsking(
    async (form) => {
      const name = field(form, 'name');
      return { name, ...(await api.lookup({ host: field(form, 'host'), name })) };
    },
    ({ name, addresses }) => sentenceOf(name, addresses),
  );
  const names = (internet.value?.pages ?? []).map((page) => new URL(page).host);
  const { answer } = asking;
  return (
    <Dialog title={words.title} about={words.about}>
      <AskingForm asking={asking} go={words.go}>
        <HostSelect />
        <label>
          {words.name}
          <input name="name" required value={names[0] ?? ''} list="names" spellcheck={false} />
        </label>
        <datalist id="names">
          {names.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </AskingForm>
      {answer && (
        <section class="result" aria-label={words.title}>
          <div class="actions">
            <SeeMessages after={answer.after} />
          </div>
        </section>
      )}
    </Dialog>
  );
}

function sentenceOf(name: string, addresses: readonly string[]): string {
  return addresses.length > 0 ? words.done(name, addresses.join(', ')) : words.none(name);
}

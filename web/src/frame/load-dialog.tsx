/** Loads a page as a user of the internet, and shows how its objects came. */
import type { JSX } from 'preact';
import type { LoadView } from '../../../src/internet/dashboard/api.ts';
import type { PageMode } from '../../../src/page/index.ts';
import { api } from '../state/api.ts';
import { internet } from '../state/store.ts';
import { bytesText, durationText } from '../state/units.ts';
import { texts } from '../texts.ts';
import { AskingForm, SeeMessages } from './asking-form.tsx';
import { Dialog, HostSelect } from './dialog.tsx';
import { field, useAsking } from './use-asking.ts';
import { Waterfall } from './waterfall.tsx';

const words = texts.dialogs.load;
const MODES = Object.keys(words.modes) as PageMode[];

function summary({ page }: LoadView): string {
  const title = page.title || page.url;
  return words.done(
    title,
    page.objects.length + 1,
    bytesText(page.totalBytes),
    durationText(page.totalMs),
  );
}

export function LoadDialog({ host }: { host?: string }): JSX.Element {
  const asking = useAsking(
    (form) =>
      api.load({
        host: field(form, 'host'),
        url: field(form, 'url'),
        mode: field(form, 'how') as PageMode,
      }),
    summary,
  );
  const pages = internet.value?.pages ?? [];
  return (
    <Dialog title={words.title} about={words.about} wide={asking.answer !== undefined}>
      <AskingForm asking={asking} go={words.go}>
        <HostSelect {...(host !== undefined && { value: host })} />
        <label>
          {words.url}
          <input name="url" required value={pages[0] ?? ''} list="pages" spellcheck={false} />
        </label>
        <datalist id="pages">
          {pages.map((page) => (
            <option key={page} value={page} />
          ))}
        </datalist>
        <fieldset class="ways">
          <legend>{words.how}</legend>
          {MODES.map((way) => (
            <label key={way} class="inline">
              <input type="radio" name="how" value={way} defaultChecked={way === 'browser'} />
              {words.modes[way]}
            </label>
          ))}
        </fieldset>
      </AskingForm>
      {asking.answer && <Result view={asking.answer} />}
    </Dialog>
  );
}

function Result({ view }: { view: LoadView }): JSX.Element {
  return (
    <section class="result" aria-label={words.title}>
      <Waterfall page={view.page} />
      <div class="actions">
        <SeeMessages after={view.after} />
      </div>
    </section>
  );
}

/** The page that was loaded: in a sentence, and its objects on an axis of time. */
import type { JSX } from 'preact';
import type { LoadView } from '../../../src/internet/dashboard/api.ts';
import { Waterfall as WaterfallTable } from '../frame/waterfall.tsx';
import { saveFile } from '../parts/save-file.ts';
import { addressOf, chooseWebTab } from '../state/actions.ts';
import { webTab } from '../state/store.ts';
import { bytesText, durationText } from '../state/units.ts';
import { chooseObject, chosenObject, loading, waterfallAsTable } from '../state/web.ts';
import { texts } from '../texts.ts';
import { Waterfall } from './waterfall.tsx';

const words = texts.web.load;

export function LoadedPage(): JSX.Element {
  const now = loading.value;
  if (!now) return <p class="soft note-line">{words.hint}</p>;
  return (
    <div class={now.busy ? 'loaded busy' : 'loaded'}>
      <div class="sum">
        <p role="status">{told()}</p>
        {now.problem !== undefined && (
          <p class="trouble" role="alert">
            {now.problem}
          </p>
        )}
        {now.view && <Actions view={now.view} />}
      </div>
      {now.view && <Drawn view={now.view} />}
    </div>
  );
}

function told(): JSX.Element | string {
  const { busy, host, view, mode, url } = loading.value ?? {};
  if (busy) return words.waiting(host ?? '', url ?? '');
  if (!view || !mode) return '';
  const { title, url: found, objects, totalBytes, totalMs } = view.page;
  const sum = words.sum(objects.length + 1, bytesText(totalBytes), durationText(totalMs));
  return (
    <>
      <b>{title || found}</b>{' '}
      <span class="soft">{`${sum}, ${texts.dialogs.load.modes[mode]}`}</span>
    </>
  );
}

function Actions({ view }: { view: LoadView }): JSX.Element {
  const { har, page } = view;
  const { hostname } = new URL(page.url);
  return (
    <>
      {webTab.value === 'messages' ? (
        <a class="said-link" href={addressOf('internet')}>
          {words.onInternet}
        </a>
      ) : (
        <button
          type="button"
          class="plain link said-link"
          onClick={() => {
            if (chosenObject.value === -1) chooseObject(0);
            chooseWebTab('messages');
          }}
        >
          {words.inLadder}
        </button>
      )}
      {har !== undefined && (
        <button
          type="button"
          class="button small"
          title={words.harTitle}
          onClick={() => saveFile(`${hostname}.har`, JSON.stringify(har, null, 2))}
        >
          {words.har}
        </button>
      )}
    </>
  );
}

function Drawn({ view }: { view: LoadView }): JSX.Element {
  return waterfallAsTable.value ? (
    <WaterfallTable page={view.page} />
  ) : (
    <Waterfall page={view.page} />
  );
}

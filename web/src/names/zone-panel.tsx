/** A zone, as the file that its server could have been started from. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { CopyButton } from '../parts/copy-button.tsx';
import { api, sentence } from '../state/api.ts';
import { zones } from '../state/names.ts';
import { openZone } from '../state/store.ts';
import { texts } from '../texts.ts';
import type { Zone } from './tree.ts';

const words = texts.names.zone;

interface Got {
  readonly origin: string;
  readonly text?: string;
  readonly problem?: string;
}

/** Got again whenever the zone has changed. */
function useZoneFile(origin: string | undefined, zone: Zone | undefined): Got | undefined {
  const [got, setGot] = useState<Got>();
  const state = `${zone?.records} ${zone?.servers.map(({ serial }) => serial).join()}`;
  useEffect(() => {
    if (origin === undefined) return undefined;
    let wanted = true;
    api.zone(origin).then(
      (text) => wanted && setGot({ origin, text }),
      (error: unknown) => wanted && setGot({ origin, problem: sentence(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [origin, state]);
  return got?.origin === origin ? got : undefined;
}

export function ZonePanel(): JSX.Element {
  const origin = openZone.value;
  const zone = zones.value?.find((one) => one.origin === origin);
  const got = useZoneFile(origin, zone);
  if (origin === undefined)
    return (
      <div class="note">
        <p class="big">{words.none}</p>
        <p class="soft">{words.hint}</p>
      </div>
    );
  const off = zone?.servers.every(({ running }) => !running) ?? false;
  return (
    <>
      <div class="panel-bar">
        <h3>{words.text(origin)}</h3>
        {off && <span class="trouble">{words.gone}</span>}
        <span class="grow" />
        {got?.text !== undefined && <CopyButton text={got.text} label={words.copy} />}
      </div>
      {got?.problem !== undefined && <p class="note trouble">{got.problem}</p>}
      {!got && <p class="note soft">{words.loading}</p>}
      {got?.text !== undefined && (
        <textarea
          class="zone-file"
          readOnly
          wrap="off"
          spellcheck={false}
          rows={got.text.split('\n').length}
          aria-label={words.text(origin)}
          value={got.text}
        />
      )}
    </>
  );
}

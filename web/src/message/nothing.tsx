/** The pane before a message is chosen: what this internet is, and how to read the ladder. */
import type { JSX } from 'preact';
import { internet, page } from '../state/store.ts';
import { texts } from '../texts.ts';

const SIGNS: Readonly<Record<string, JSX.Element>> = {
  whole: <path d="M2 7h40m0 0l-8-4m8 4l-8 4" />,
  dashed: (
    <>
      <path d="M46 7H4" stroke-dasharray="5 3" />
      <path d="M12 3L4 7l8 4" />
    </>
  ),
  cross: <path d="M2 7h24m-5-5l10 10m0-10l-10 10" />,
};

export function Nothing(): JSX.Element {
  return (
    <div class="about">
      <h2>{texts.message.none}</h2>
      <p>{page.value === 'names' ? texts.names.message : texts.message.noneHint}</p>
      {page.value === 'internet' && <Legend />}
      {internet.value && (
        <>
          <h3>{internet.value.title}</h3>
          <p>{internet.value.about}</p>
        </>
      )}
    </div>
  );
}

function Legend(): JSX.Element {
  return (
    <>
      <dl class="legend">
        {texts.message.legend.map(({ line, text }) => (
          <div key={line}>
            <dt>
              <svg width="48" height="14" aria-hidden="true" class={line}>
                {SIGNS[line]}
              </svg>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <p>{texts.message.legendNote}</p>
    </>
  );
}

/** What was said, as a file. */
import type { JSX, TargetedToggleEvent } from 'preact';
import { useRef } from 'preact/hooks';
import { placeNear } from '../parts/near.ts';
import { texts } from '../texts.ts';

const MENU_ID = 'export-menu';

export function ExportMenu(): JSX.Element {
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const onToggle = (event: TargetedToggleEvent<HTMLElement>) => {
    if (event.newState === 'open' && menu.current && button.current)
      placeNear(menu.current, button.current);
  };
  return (
    <>
      <button type="button" class="button" ref={button} popovertarget={MENU_ID}>
        {texts.exports.open} <span aria-hidden="true">▾</span>
      </button>
      <div id={MENU_ID} ref={menu} popover="auto" class="popover menu" onToggle={onToggle}>
        <ul aria-label={texts.exports.label}>
          {texts.exports.formats.map(({ format, name, about }) => (
            <li key={format}>
              <a href={`api/export/${format}`} download>
                {name} <small>{about}</small>
              </a>
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

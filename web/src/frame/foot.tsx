/** Below everything: how much there is. */
import type { JSX } from 'preact';
import { internet, log, page, version } from '../state/store.ts';
import { bytesText, countText } from '../state/units.ts';
import { texts } from '../texts.ts';

export function Foot(): JSX.Element {
  version.value;
  const view = internet.value;
  const off = view?.hosts.filter(({ running }) => !running).length ?? 0;
  return (
    <footer>
      <span>
        <b>{view?.hosts.length ?? 0}</b> {texts.foot.hosts}
        {off > 0 && `, ${texts.foot.hostsOff(off)}`}
      </span>
      <span>
        <b>{countText(log.messages.length)}</b> {texts.foot.messages}
      </span>
      <span>
        <b>{bytesText(log.bytes)}</b>
      </span>
      {view && (
        <span class="ports" title={view.portsNote}>
          {view.network}, {view.portsNote}
        </span>
      )}
      <span class="keys">{texts.foot.keys[page.value]}</span>
    </footer>
  );
}

/** What one host is, and what can be done with it: a small card beside it. */
import { type Signal, signal } from '@preact/signals';
import type { JSX } from 'preact';
import type { HostView } from '../../../src/internet/dashboard/api.ts';
import { endpoint, placeNear } from '../parts/near.ts';
import { setFilter, switchHost } from '../state/actions.ts';
import { hashOf } from '../state/route.ts';
import { dialog, filterText, internet } from '../state/store.ts';
import { hasTerm, narrow } from '../state/terms.ts';
import { texts } from '../texts.ts';

export const HOST_CARD_ID = 'host-card';

const shown: Signal<string | undefined> = signal(undefined);

/** Opens the card beside `anchor`; the platform gives the focus back to it in the end. */
export function toggleHostCard(name: string, anchor: HTMLElement): void {
  const card = document.getElementById(HOST_CARD_ID);
  if (!card) return;
  shown.value = name;
  card.showPopover();
  requestAnimationFrame(() => {
    placeNear(card, anchor);
    card.focus();
  });
}

export function HostCard(): JSX.Element {
  const host = internet.value?.hosts.find(({ name }) => name === shown.value);
  return (
    <div
      id={HOST_CARD_ID}
      popover="auto"
      tabIndex={-1}
      class="popover"
      role="dialog"
      aria-label={host?.name ?? ''}
    >
      {host && <Content host={host} />}
    </div>
  );
}

function close(): void {
  document.getElementById(HOST_CARD_ID)?.hidePopover();
}

function Content({ host }: { host: HostView }): JSX.Element {
  return (
    <>
      <h3>
        {host.name} <State running={host.running} />
      </h3>
      <p class="soft">{host.title}</p>
      <dl>
        <dt>{texts.hosts.address}</dt>
        <dd>
          <code>{host.address}</code>
        </dd>
        {host.services.map(({ name, port, realAddress, realPort }) => (
          <>
            <dt key={`${name}-name`}>{texts.hosts.service(name, port)}</dt>
            <dd key={name}>
              <code>{texts.hosts.carriedAt(endpoint(realAddress, realPort))}</code>
            </dd>
          </>
        ))}
      </dl>
      {host.services.length === 0 && <p class="soft">{texts.hosts.noServices}</p>}
      <Actions host={host} />
    </>
  );
}

function Actions({ host }: { host: HostView }): JSX.Element {
  const term = `host == ${host.name}`;
  return (
    <div class="actions">
      {host.running && (
        <button
          type="button"
          class="button"
          onClick={() => {
            close();
            dialog.value = { name: 'load', host: host.name };
          }}
        >
          {texts.hosts.loadFrom}
        </button>
      )}
      <button
        type="button"
        class="button"
        onClick={() => {
          close();
          setFilter(narrow(filterText.value, term));
        }}
      >
        {hasTerm(filterText.value, term) ? texts.hosts.all : texts.hosts.only}
      </button>
      {host.role === 'mail' && (
        <a class="button" href={hashOf({ page: 'mail', mailTab: 'boxes' })} onClick={close}>
          {texts.hosts.mail}
        </a>
      )}
      <button type="button" class="button" onClick={() => switchHost(host.name, !host.running)}>
        {host.running ? texts.hosts.stop : texts.hosts.start}
      </button>
    </div>
  );
}

export function State({ running }: { running: boolean }): JSX.Element {
  return (
    <span class={running ? 'state' : 'state off'}>
      <i class={running ? 'lamp' : 'lamp out'} />
      {running ? texts.hosts.on : texts.hosts.off}
    </span>
  );
}

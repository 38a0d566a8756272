/** Hosts, their accounts and folders; the messages of a folder, and the source of one. */
import { type Signal, signal } from '@preact/signals';
import type { JSX } from 'preact';
import type { MailHostView } from '../../../src/internet/dashboard/api-mail.ts';
import type { AccountView, FolderView } from '../../../src/mailhost/index.ts';
import { State } from '../map/host-card.tsx';
import { internet } from '../state/store.ts';
import { bytesText, countText } from '../state/units.ts';
import { texts } from '../texts.ts';
import { type Box, FolderMessages } from './folder-messages.tsx';
import type { Seen } from './page.tsx';

const words = texts.mail.boxes;

const open: Signal<Box | undefined> = signal(undefined);

export function BoxesPanel({ view }: Seen): JSX.Element {
  const box = open.value;
  const account = view.hosts
    .find(({ host }) => host === box?.host)
    ?.accounts.find(({ name }) => name === box?.account);
  const folder = account?.folders.find(({ path }) => path === box?.folder);
  return (
    <div class="boxes">
      <div class="box-hosts">
        {view.hosts.map((host) => (
          <Host key={host.host} host={host} />
        ))}
      </div>
      {box && folder ? (
        <FolderMessages key={`${box.host} ${box.account} ${box.folder}`} box={box} />
      ) : (
        <p class="note soft">{words.choose}</p>
      )}
    </div>
  );
}

function Host({ host: { host, running, domains, accounts } }: { host: MailHostView }): JSX.Element {
  return (
    <section aria-label={host}>
      <div class="queue-head">
        <h3>{host}</h3> <State running={running} />
        <Webmail host={host} />
      </div>
      <p class="soft">{words.domains(domains.join(', '))}</p>
      {accounts.length === 0 && running && <p class="soft">{words.none}</p>}
      {accounts.map((account) => (
        <Account key={account.name} host={host} account={account} />
      ))}
    </section>
  );
}

/** Where the host has one, at the address at which this machine carries it. */
function Webmail({ host }: { host: string }): JSX.Element | null {
  const found = internet.value?.hosts
    .find(({ name }) => name === host)
    ?.services.find(({ name }) => name === 'webmail');
  if (!found) return null;
  const { realAddress, realPort } = found;
  const port = realPort === 80 ? '' : `:${realPort}`;
  return (
    <a
      href={`http://${realAddress}${port}/`}
      target="_blank"
      rel="noreferrer"
      aria-label={words.webmailOf(host)}
    >
      {words.webmail}
    </a>
  );
}

function Account({ host, account }: { host: string; account: AccountView }): JSX.Element {
  const { name, title, addresses, folders } = account;
  return (
    <div class="account">
      <p>
        <b>{title || name}</b> <span class="soft">{addresses.join(', ')}</span>
      </p>
      <Quota account={account} />
      <ul>
        {folders.map((folder) => (
          <li key={folder.path}>
            <FolderButton host={host} account={name} folder={folder} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Quota({ account: { name, used, quota } }: { account: AccountView }): JSX.Element {
  if (quota === undefined) return <p class="quota">{words.noQuota(bytesText(used))}</p>;
  return (
    <p class="quota">
      <meter
        min={0}
        max={quota}
        value={used}
        high={quota * 0.9}
        aria-label={words.quotaLabel(name)}
      />
      {words.quota(bytesText(used), bytesText(quota))}
    </p>
  );
}

function FolderButton(props: { host: string; account: string; folder: FolderView }): JSX.Element {
  const { host, account, folder } = props;
  const { path, messages, unseen } = folder;
  const box = open.value;
  const isOpen = box?.host === host && box.account === account && box.folder === path;
  return (
    <button
      type="button"
      class={`plain folder${messages === 0 ? ' empty' : ''}`}
      aria-pressed={isOpen}
      onClick={() => {
        open.value = { host, account, folder: path };
      }}
    >
      {path}{' '}
      <small>
        {countText(messages)}
        {unseen > 0 && `, ${words.unseen(countText(unseen))}`}
      </small>
      <span class="unseen"> {words.folderOf(account)}</span>
    </button>
  );
}

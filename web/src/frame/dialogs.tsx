/** The dialog that is open, if one is. */
import type { JSX } from 'preact';
import { HostTable } from '../map/table.tsx';
import { type DialogName, dialog, internet } from '../state/store.ts';
import { texts } from '../texts.ts';
import { Dialog } from './dialog.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { LoadDialog } from './load-dialog.tsx';
import { LookupDialog } from './lookup-dialog.tsx';
import { PingDialog } from './ping-dialog.tsx';

const DIALOGS: Readonly<Record<DialogName, (host: string | undefined) => JSX.Element>> = {
  load: (host) => <LoadDialog {...(host !== undefined && { host })} />,
  lookup: () => <LookupDialog />,
  ping: () => <PingDialog />,
  hosts: () => <HostsDialog />,
  help: () => <HelpDialog />,
};

export function Dialogs(): JSX.Element | null {
  const open = dialog.value;
  return open ? DIALOGS[open.name](open.host) : null;
}

function HostsDialog(): JSX.Element {
  const view = internet.value;
  const places = new Map(view?.places.map(({ id, title }) => [id, title]));
  const { title, about } = texts.dialogs.hosts;
  return (
    <Dialog title={title} about={about} wide>
      <div class="scroll-x">{view && <HostTable hosts={view.hosts} places={places} brief />}</div>
    </Dialog>
  );
}

/** The dialog that is open, if one is. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Mailbox } from '../jmap/types.ts';
import { Dialog } from '../parts/dialog.tsx';
import { SourceDialog } from '../reading/source-dialog.tsx';
import { StructureDialog } from '../reading/structure-dialog.tsx';
import { createMailbox, deleteMailbox, renameMailbox } from '../state/actions.ts';
import { complain } from '../state/notices.ts';
import { closeDialog, dialog } from '../state/ui.ts';
import { texts } from '../texts.ts';

export function Dialogs(): JSX.Element | null {
  const open = dialog.value;
  switch (open?.name) {
    case 'help':
      return <HelpDialog />;
    case 'source':
      return <SourceDialog emailId={open.emailId} blobId={open.blobId} size={open.size} />;
    case 'structure':
      return <StructureDialog emailId={open.emailId} />;
    case 'folder':
      return <FolderDialog rename={open.rename} parent={open.parent} />;
    case 'remove-folder':
      return <RemoveFolderDialog mailbox={open.mailbox} />;
  }
  return null;
}

function HelpDialog(): JSX.Element {
  return (
    <Dialog title={texts.help.title} onClose={closeDialog}>
      <dl class="help">
        {texts.help.keys.map(([keys, meaning]) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <h3>{texts.help.searchTitle}</h3>
      <dl class="help">
        {texts.help.search.map(([sign, meaning]) => (
          <div key={sign}>
            <dt>
              <code>{sign}</code>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

const words = texts.folders;

function FolderDialog(props: {
  rename: Mailbox | undefined;
  parent: Mailbox | undefined;
}): JSX.Element {
  const { rename, parent } = props;
  const [why, setWhy] = useState('');
  const onSubmit = async (
    event: SubmitEvent & { currentTarget: HTMLFormElement },
  ): Promise<void> => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name')).trim();
    const failed = rename
      ? await renameMailbox(rename.id, name)
      : await createMailbox(name, parent?.id ?? null);
    if (failed === undefined) closeDialog();
    else setWhy(failed);
  };
  const title = rename ? words.rename : parent ? `${words.addWithin} ${parent.name}` : words.add;
  return (
    <Dialog title={title} onClose={closeDialog}>
      <form onSubmit={(event) => void onSubmit(event)}>
        <label>
          {words.name}
          <input name="name" required maxLength={100} defaultValue={rename?.name ?? ''} />
        </label>
        <p class="trouble" role="alert">
          {why}
        </p>
        <div class="actions">
          <button type="submit" class="button main">
            {rename ? words.save : words.create}
          </button>
          <button type="button" class="button" onClick={closeDialog}>
            {words.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function RemoveFolderDialog({ mailbox }: { mailbox: Mailbox }): JSX.Element {
  const remove = async (): Promise<void> => {
    closeDialog();
    const why = await deleteMailbox(mailbox.id);
    if (why !== undefined) complain(why);
  };
  return (
    <Dialog title={words.removeTitle(mailbox.name)} onClose={closeDialog}>
      <p class="soft">{words.removeAbout(mailbox.totalEmails)}</p>
      <div class="actions">
        <button type="button" class="button main" onClick={() => void remove()}>
          {words.remove}
        </button>
        <button type="button" class="button" onClick={closeDialog}>
          {words.cancel}
        </button>
      </div>
    </Dialog>
  );
}

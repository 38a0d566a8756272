/** Where one writes: at the foot of the page, or over all of a small screen. */
import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { sizeText } from '../parts/format.ts';
import { Icon, IconButton } from '../parts/icons.tsx';
import { identities } from '../state/data.ts';
import { texts } from '../texts.ts';
import {
  type Attachment,
  addFiles,
  type Compose,
  change,
  closeCompose,
  compose,
  discard,
  isLarge,
  type Keeping,
  removeFile,
  send,
} from './compose.ts';
import { Recipients } from './recipients.tsx';

const words = texts.writing;

export function Composer(): JSX.Element | null {
  const [isOver, setOver] = useState(false);
  const now = compose.value;
  if (!now) return null;
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    addFiles(event.dataTransfer?.files ?? []);
  };
  const onPaste = (event: ClipboardEvent): void => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    addFiles(files);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void send();
    } else if (event.key === 'Escape' && !event.defaultPrevented) void closeCompose();
  };
  const title = now.draft.subject === '' ? words.title : now.draft.subject;
  return (
    <section
      class={`composer${isLarge.value ? ' large' : ''}${isOver ? ' over' : ''}`}
      aria-label={words.title}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
      onPaste={onPaste}
      onKeyDown={onKeyDown}
    >
      <header>
        <h2>{title}</h2>
        <IconButton
          icon={isLarge.value ? 'down' : 'up'}
          class="wide-only"
          label={isLarge.value ? words.smaller : words.larger}
          onClick={() => {
            isLarge.value = !isLarge.value;
          }}
        />
        <IconButton icon="close" label={words.close} onClick={() => void closeCompose()} />
      </header>
      <Head now={now} />
      <Text now={now} />
      <Files list={now.draft.attachments} />
      <Foot now={now} />
      {isOver && <p class="drop">{words.drop}</p>}
    </section>
  );
}

function Head({ now }: { now: Compose }): JSX.Element {
  const { draft } = now;
  const [showsCc, setShowsCc] = useState(draft.cc.length + draft.bcc.length > 0);
  return (
    <div class="head">
      {identities.value.length > 1 && (
        <label class="field">
          {words.from}
          <select
            value={draft.from}
            onChange={(event) => change({ from: event.currentTarget.value })}
          >
            {identities.value.map(({ id, name, email }) => (
              <option key={id} value={id}>
                {name === '' ? email : `${name} <${email}>`}
              </option>
            ))}
          </select>
        </label>
      )}
      <div class="first">
        <Recipients
          label={words.to}
          list={draft.to}
          focused={draft.to.length === 0}
          onChange={(to) => change({ to })}
        />
        {!showsCc && (
          <button type="button" class="plain link" onClick={() => setShowsCc(true)}>
            {words.showCc}
          </button>
        )}
      </div>
      {showsCc && <Recipients label={words.cc} list={draft.cc} onChange={(cc) => change({ cc })} />}
      {showsCc && (
        <Recipients label={words.bcc} list={draft.bcc} onChange={(bcc) => change({ bcc })} />
      )}
      <label class="field">
        {words.subject}
        <input
          value={draft.subject}
          onInput={(event) => change({ subject: event.currentTarget.value })}
        />
      </label>
    </div>
  );
}

function Text({ now }: { now: Compose }): JSX.Element {
  const box = useRef<HTMLTextAreaElement>(null);
  const isAnswer = now.draft.to.length > 0;
  useLayoutEffect(() => {
    if (!isAnswer) return;
    box.current?.focus();
    // Before what is quoted.
    box.current?.setSelectionRange(0, 0);
    box.current?.scrollTo(0, 0);
  }, []);
  return (
    <textarea
      ref={box}
      aria-label={words.body}
      value={now.draft.body}
      onInput={(event) => change({ body: event.currentTarget.value })}
    />
  );
}

function Files({ list }: { list: readonly Attachment[] }): JSX.Element | null {
  if (list.length === 0) return null;
  return (
    <ul class="files">
      {list.map(({ key, name, size, progress, blobId, why }) => (
        <li key={key} class={why === undefined ? '' : 'wrong'}>
          <Icon name="file" />
          <span class="name">{name}</span>
          <span class="soft">{why ?? sizeText(size)}</span>
          {blobId === undefined && why === undefined && (
            <progress value={progress} max={1} aria-label={name} />
          )}
          <IconButton icon="close" label={words.removeFile(name)} onClick={() => removeFile(key)} />
        </li>
      ))}
    </ul>
  );
}

const KEEPING: Readonly<Record<Keeping, string>> = {
  clean: '',
  dirty: '',
  saving: words.saving,
  saved: words.saved,
  failed: words.unsaved,
};

function Foot({ now }: { now: Compose }): JSX.Element {
  const file = useRef<HTMLInputElement>(null);
  return (
    <footer>
      <button
        type="button"
        class="button main"
        disabled={now.isSending}
        onClick={() => void send()}
      >
        {now.isSending ? words.sending : words.send}
      </button>
      <IconButton icon="attach" label={words.attach} onClick={() => file.current?.click()} />
      <input
        ref={file}
        type="file"
        multiple
        hidden
        aria-label={words.attach}
        onChange={(event) => {
          addFiles(event.currentTarget.files ?? []);
          event.currentTarget.value = '';
        }}
      />
      {now.why === '' ? (
        <span class="soft" role="status">
          {KEEPING[now.keeping]}
        </span>
      ) : (
        <span class="trouble" role="alert">
          {now.why}
        </span>
      )}
      <span class="grow" />
      <IconButton icon="trash" label={words.discard} onClick={() => void discard()} />
    </footer>
  );
}

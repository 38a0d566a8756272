/** The messages of a folder, and the source of the chosen one. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { MessageView } from '../../../src/mailhost/index.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { NARROW } from '../parts/hooks.ts';
import { useLook } from '../parts/use-look.ts';
import { chooseLetter } from '../state/actions.ts';
import { api, sentence } from '../state/api.ts';
import { concernsMail, mail } from '../state/mail.ts';
import { internet } from '../state/store.ts';
import { bytesText, clockText, countText } from '../state/units.ts';
import { texts } from '../texts.ts';

const words = texts.mail.boxes;

export interface Box {
  readonly host: string;
  readonly account: string;
  readonly folder: string;
}

interface Listing {
  readonly total: number;
  readonly messages: readonly MessageView[];
}

export function FolderMessages({ box }: { box: Box }): JSX.Element {
  const { host, account, folder } = box;
  const query = new URLSearchParams({ account, folder });
  const { view, problem } = useLook(
    `${host} ${query}`,
    () => api.mailHost<Listing>(host, `messages?${query}`),
    concernsMail,
  );
  const [chosen, choose] = useState<number>();
  const message = view?.messages.find(({ id }) => id === chosen);
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    if (matchMedia(NARROW).matches) section.current?.scrollIntoView({ block: 'start' });
  }, []);
  return (
    <section class="box" aria-label={words.messages(account, folder)} ref={section}>
      <div class="panel-bar">
        <h3>{words.messages(account, folder)}</h3>
        {view && view.total > view.messages.length && (
          <span class="soft">
            {words.more(countText(view.messages.length), countText(view.total))}
          </span>
        )}
      </div>
      {problem !== undefined && (
        <p class="note trouble" role="status">
          {problem}
        </p>
      )}
      {!view && problem === undefined && <p class="note soft">{words.loading}</p>}
      {view?.messages.length === 0 && <p class="note soft">{words.empty}</p>}
      {view && view.messages.length > 0 && (
        <Messages messages={view.messages} chosen={chosen} onChoose={choose} />
      )}
      {message && <Source key={message.id} host={host} message={message} />}
    </section>
  );
}

function Messages(props: {
  messages: readonly MessageView[];
  chosen: number | undefined;
  onChoose: (id: number) => void;
}): JSX.Element {
  const { messages, chosen, onChoose } = props;
  return (
    <table class="grid box-messages">
      <thead>
        <tr>
          {words.columns.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {messages.map(({ id, subject, from, received, size, flags }) => (
          <tr key={id} class={id === chosen ? 'on' : ''}>
            <td>{from.map(({ name, address }) => name || address).join(', ')}</td>
            <th scope="row">
              <button
                type="button"
                class="plain link"
                aria-pressed={id === chosen}
                onClick={() => onChoose(id)}
              >
                {subject || texts.mail.letters.noSubject}
              </button>{' '}
              {!flags.includes('\\Seen') && <small class="is-new">{words.isNew}</small>}
            </th>
            <td>{whenText(received)}</td>
            <td class="number">{bytesText(size)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** On the clock of the run; what was there before it, by its day. */
function whenText(received: number): string {
  const since = received - (internet.value?.epoch ?? 0);
  return since >= 0 ? clockText(since) : new Date(received).toISOString().slice(0, 10);
}

function Source({ host, message }: { host: string; message: MessageView }): JSX.Element {
  const { account, id, messageId, subject } = message;
  const [source, setSource] = useState<string>();
  useEffect(() => {
    let wanted = true;
    api.mailText(host, `messages/${encodeURIComponent(account)}/${id}/raw`).then(
      (text) => wanted && setSource(text),
      (error: unknown) => wanted && setSource(sentence(error)),
    );
    return () => {
      wanted = false;
    };
  }, [host, account, id]);
  const isKnown = mail.value?.letters.some((letter) => letter.id === messageId) ?? false;
  return (
    <section class="source" aria-label={words.sourceOf(subject)}>
      <div class="panel-bar">
        <h3>{words.source}</h3>
        <span class="grow" />
        {isKnown && messageId !== undefined && (
          <button type="button" class="button small" onClick={() => chooseLetter(messageId)}>
            {words.way}
          </button>
        )}
        {source !== undefined && (
          <CopyButton text={source} label={texts.empty.copyLabel(words.source)} />
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys (WCAG 2.1.1) */}
      <pre tabIndex={0}>{source ?? words.loading}</pre>
    </section>
  );
}

/** A message is written, as one of the users of the internet, and handed to that user's server. */
import { type Signal, signal } from '@preact/signals';
import type { JSX, TargetedSubmitEvent } from 'preact';
import type { LetterSentView, MailUserView } from '../../../src/internet/dashboard/api-mail.ts';
import { chooseLetter, switchHost } from '../state/actions.ts';
import { api, sentence } from '../state/api.ts';
import { texts } from '../texts.ts';
import { type Example, examplesFor, offHosts } from './examples.ts';
import type { Seen } from './page.tsx';

const words = texts.mail.write;

interface Draft {
  readonly as: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** A host that an example wants to be off. */
  readonly off?: string | undefined;
}

type Told =
  | { readonly type: 'busy' }
  | { readonly type: 'sent'; readonly server: string; readonly answer: LetterSentView }
  | { readonly type: 'problem'; readonly problem: string };

/** It stays when another page was looked at in between. */
const draft: Signal<Draft> = signal({ as: '', to: '', subject: '', text: '' });
const told: Signal<Told | undefined> = signal(undefined);

function change(part: Partial<Draft>): void {
  draft.value = { ...draft.value, ...part };
}

async function send(author: MailUserView, refresh: () => void): Promise<void> {
  if (told.value?.type === 'busy') return;
  const { to, subject, text } = draft.value;
  told.value = { type: 'busy' };
  try {
    const answer = await api.write(author.host, { to, subject, text });
    told.value = { type: 'sent', server: author.server, answer };
    chooseLetter(answer.messageId);
  } catch (error) {
    told.value = { type: 'problem', problem: sentence(error) };
  }
  refresh();
}

export function WriteForm({ view, refresh }: Seen): JSX.Element {
  const author = view.users.find(({ host }) => host === draft.value.as) ?? view.users[0];
  if (!author) return <p class="note soft">{words.noUsers}</p>;
  const onSubmit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    send(author, refresh);
  };
  const isBusy = told.value?.type === 'busy';
  return (
    <form class="write" aria-label={words.label} onSubmit={onSubmit}>
      <div class="write-fields">
        <h2 class="cap">{words.label}</h2>
        <Author users={view.users} author={author} />
        <Line name="to" label={words.to} placeholder={words.toPlaceholder} required />
        <Line name="subject" label={words.subject} />
        <button type="submit" class="button main" aria-disabled={isBusy}>
          {isBusy ? words.working : words.go}
        </button>
        <textarea
          aria-label={words.text}
          placeholder={words.text}
          rows={2}
          value={draft.value.text}
          onInput={(event) => change({ text: event.currentTarget.value })}
        />
      </div>
      <Examples examples={examplesFor(view, author)} />
      <Outside hosts={offHosts(view.hosts, draft.value.to)} />
      <Reply />
    </form>
  );
}

function Author(props: { users: readonly MailUserView[]; author: MailUserView }): JSX.Element {
  return (
    <select
      class="hosts"
      aria-label={words.as}
      value={props.author.host}
      onChange={(event) => change({ as: event.currentTarget.value })}
    >
      {props.users.map(({ host, address, title }) => (
        <option key={host} value={host} title={title}>
          {address}
        </option>
      ))}
    </select>
  );
}

function Line(props: {
  name: 'to' | 'subject';
  label: string;
  placeholder?: string;
  required?: boolean;
}): JSX.Element {
  const { name, label, placeholder = label, required = false } = props;
  return (
    <input
      class={`name ${name}`}
      aria-label={label}
      placeholder={placeholder}
      required={required}
      value={draft.value[name]}
      spellcheck={false}
      autocapitalize="off"
      autocomplete="off"
      onInput={(event) =>
        change({ [name]: event.currentTarget.value, ...(name === 'to' && { off: undefined }) })
      }
    />
  );
}

function Examples({ examples }: { examples: readonly Example[] }): JSX.Element {
  const { off } = draft.value;
  return (
    <div class="examples">
      <span class="soft">{words.examples}</span>
      {examples.map(({ name, to, off: host }) => {
        const { name: label, subject, text } = texts.mail.examples[name];
        return (
          <button
            key={name}
            type="button"
            class="button small"
            onClick={() => change({ to, subject, text, off: host })}
          >
            {label}
          </button>
        );
      })}
      {off !== undefined && (
        <button
          type="button"
          class="button small"
          onClick={() => {
            change({ off: undefined });
            switchHost(off, false);
          }}
        >
          {words.stop(off)}
        </button>
      )}
    </div>
  );
}

function Outside({ hosts }: { hosts: readonly string[] }): JSX.Element | null {
  if (hosts.length === 0) return null;
  return (
    <p class="outside">
      {hosts.map((host) => (
        <span key={host}>
          {words.off(host)}{' '}
          <button type="button" class="button small" onClick={() => switchHost(host, true)}>
            {words.start(host)}
          </button>
        </span>
      ))}
    </p>
  );
}

/** The server's reply as it was said. */
function Reply(): JSX.Element {
  return (
    <p class="replied" role="status">
      {told.value?.type === 'sent' && <Sent {...told.value} />}
      {told.value?.type === 'problem' && <span class="trouble">{told.value.problem}</span>}
    </p>
  );
}

function Sent({ server, answer }: { server: string; answer: LetterSentView }): JSX.Element {
  return (
    <>
      <span class="soft">{words.said(server)}</span> <code>{answer.reply}</code>{' '}
      {answer.refused.length > 0 && (
        <span class="trouble">
          {words.refused} <code>{answer.refused.join('; ')}</code>
        </span>
      )}{' '}
      <button type="button" class="plain link" onClick={() => chooseLetter(answer.messageId)}>
        {words.see}
      </button>
    </>
  );
}

/** What waits at each mail host, why, and until when. */
import type { JSX } from 'preact';
import type { MailHostView, QueuedView } from '../../../src/internet/dashboard/api-mail.ts';
import { State } from '../map/host-card.tsx';
import { attempt, chooseLetter, switchHost } from '../state/actions.ts';
import { api } from '../state/api.ts';
import { announcement } from '../state/store.ts';
import { leftText } from '../state/units.ts';
import { texts } from '../texts.ts';
import type { Seen } from './page.tsx';

const words = texts.mail.queues;

type Action = keyof typeof words.done;

interface Handled {
  readonly host: string;
  readonly now: number;
  readonly refresh: () => void;
}

export function QueuesPanel({ view, now, refresh }: Seen): JSX.Element {
  return (
    <div class="queues">
      {view.hosts.map((host) => (
        <Queue key={host.host} queue={host} now={now} refresh={refresh} />
      ))}
    </div>
  );
}

function Queue(props: { queue: MailHostView; now: number; refresh: () => void }): JSX.Element {
  const { host, hostname, running, queue } = props.queue;
  const handled = { host, now: props.now, refresh: props.refresh };
  return (
    <section aria-label={words.label(host)}>
      <div class="queue-head">
        <h3>{host}</h3> <State running={running} />
        {hostname !== host && <span class="soft">{hostname}</span>}
        <span class="grow" />
        {queue.length > 0 && (
          <button
            type="button"
            class="button small"
            onClick={() => act(handled, 'retry', 'queue/retry')}
          >
            {words.retryAll}
          </button>
        )}
        <button type="button" class="button small" onClick={() => switchHost(host, !running)}>
          {running ? words.stop(host) : words.start(host)}
        </button>
      </div>
      {queue.length > 0 ? (
        <Waiting queue={queue} label={words.label(host)} {...handled} />
      ) : (
        <p class="soft">
          {running ? words.empty : words.off} {running && words.emptyHint}
        </p>
      )}
    </section>
  );
}

function Waiting(props: Handled & { queue: readonly QueuedView[]; label: string }): JSX.Element {
  const { queue, label, ...handled } = props;
  return (
    <div class="scroll-x">
      <table class="grid queue" aria-label={label}>
        <thead>
          <tr>
            {words.columns.map((name) => (
              <th key={name} scope="col">
                {name || <span class="unseen">{texts.nav.do}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {queue.map((one) => (
            <Queued key={`${one.id} ${one.to}`} queued={one} {...handled} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Queued({ queued, ...handled }: Handled & { queued: QueuedView }): JSX.Element {
  const { id, messageId, subject, from, to, since, state, attempts, next, lastReply } = queued;
  const isHeld = state === 'held';
  return (
    <tr>
      <th scope="row">
        {to} <small>{from}</small>
      </th>
      <td>
        <button
          type="button"
          class="plain link"
          disabled={messageId === undefined}
          onClick={() => messageId !== undefined && chooseLetter(messageId)}
        >
          {subject || id}
        </button>{' '}
        <small>{words.since(leftText(handled.now - since))}</small>
      </td>
      <td>{attempts}</td>
      <td class="left">{isHeld ? <em>{words.held}</em> : nextText(next - handled.now)}</td>
      <td class="reply">{lastReply ?? words.notTried}</td>
      <td>
        <span class="queue-actions">
          <Do action="retry" queued={queued} path="retry" {...handled} />
          {isHeld ? (
            <Do action="release" queued={queued} path="release" {...handled} />
          ) : (
            <Do action="hold" queued={queued} path="hold" {...handled} />
          )}
          <Do action="delete" queued={queued} path="" {...handled} />
          <Do action="bounce" queued={queued} path="?bounce=true" {...handled} />
        </span>
      </td>
    </tr>
  );
}

function nextText(left: number): string {
  return left > 0 ? words.in(leftText(left)) : words.now;
}

const TITLES: Readonly<Partial<Record<Action, string>>> = {
  delete: words.deleteTitle,
  bounce: words.bounceTitle,
};

function Do(props: Handled & { action: Action; queued: QueuedView; path: string }): JSX.Element {
  const { action, queued, path } = props;
  const place = `queue/${encodeURIComponent(queued.id)}`;
  return (
    <button
      type="button"
      class="button small"
      title={TITLES[action]}
      aria-label={words.of(words[action], queued.to)}
      onClick={() => act(props, action, /^\w/.test(path) ? `${place}/${path}` : `${place}${path}`)}
    >
      {words[action]}
    </button>
  );
}

function act({ host, refresh }: Handled, action: Action, path: string): Promise<void> {
  const isRemoval = action === 'delete' || action === 'bounce';
  return attempt(async () => {
    await api.changeMail(host, path, isRemoval ? undefined : {}, isRemoval ? 'DELETE' : 'POST');
    announcement.value = words.done[action];
    refresh();
  });
}

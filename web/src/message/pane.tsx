/** What and why: one message with its reasons, its fields and its bytes. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { MessageView } from '../../../src/internet/dashboard/api.ts';
import type { MessageLine } from '../../../src/trace/message.ts';
import { Chip } from '../parts/chip.tsx';
import { select, setFilter } from '../state/actions.ts';
import { ApiError, api, sentence } from '../state/api.ts';
import { announcement, log, selected, selectedId } from '../state/store.ts';
import { bytesText, countText, durationText, timeText } from '../state/units.ts';
import { texts } from '../texts.ts';
import { Inside } from './inside.tsx';
import { Links } from './links.tsx';
import { Nothing } from './nothing.tsx';
import { Spec } from './rfc.tsx';

export function MessagePane(): JSX.Element {
  const id = selectedId.value;
  return (
    <aside class={id === undefined ? 'detail none' : 'detail'} aria-label={texts.message.label}>
      {id === undefined ? <Nothing /> : <Chosen id={id} />}
    </aside>
  );
}

interface Got {
  readonly id: number;
  readonly view?: MessageView;
  readonly problem?: string;
}

/** The message of the selection; while the next one is on its way, the last one stays. */
function useMessage(id: number): Got | undefined {
  const [got, setGot] = useState<Got>();
  useEffect(() => {
    let wanted = true;
    api.message(id).then(
      (view) => wanted && setGot({ id, view }),
      (error: unknown) => {
        const problem = error instanceof ApiError ? texts.errors.gone : sentence(error);
        if (wanted) setGot({ id, problem });
      },
    );
    return () => {
      wanted = false;
    };
  }, [id]);
  return got;
}

function Chosen({ id }: { id: number }): JSX.Element {
  const got = useMessage(id);
  const line = selected.value ?? (got?.id === id ? got.view?.line : undefined);
  const current = got?.id === id ? got : undefined;
  return (
    <>
      <div class="about">
        <Title line={line} />
        {line && <Facts line={line} view={current?.view} />}
        {line?.lost !== undefined && line.lost !== line.summary && (
          <p class="trouble">{texts.ladder.lost(line.lost)}</p>
        )}
        {line?.malformed && <p class="trouble">{texts.ladder.malformed}</p>}
        {line?.notes?.map((note) => (
          <div key={note.text} class={`why p-${line.protocol}`}>
            <b>{texts.message.why}:</b> {note.text.replace(/\.$/, '')}.{' '}
            {note.spec && <Spec spec={note.spec} />}
          </div>
        ))}
        {line && <Links line={line} />}
        {current?.problem && (
          <p class="trouble" role="status">
            {current.problem}
          </p>
        )}
      </div>
      {got?.view && <Inside key={got.id} view={got.view} />}
    </>
  );
}

function Title({ line }: { line: MessageLine | undefined }): JSX.Element {
  return (
    <div class="title">
      <h2>
        {line && <Chip protocol={line.protocol} />} {line?.summary ?? texts.message.label}
      </h2>
      <button
        type="button"
        class="icon"
        aria-label={texts.message.link}
        title={texts.message.link}
        onClick={copyLink}
      >
        <LinkSign />
      </button>
      <button
        type="button"
        class="icon"
        aria-label={texts.message.close}
        title={texts.message.close}
        onClick={() => select(undefined)}
      >
        ✕
      </button>
    </div>
  );
}

function LinkSign(): JSX.Element {
  return (
    <svg width="15" height="15" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M6.5 9.5l3-3M7 4.5l1.6-1.6a3 3 0 0 1 4.3 4.3L11.3 8.8M9 11.5l-1.6 1.6a3 3 0 0 1-4.3-4.3L4.7 7.200" />
    </svg>
  );
}

async function copyLink(): Promise<void> {
  await navigator.clipboard.writeText(location.href);
  announcement.value = texts.empty.copied;
}

function Facts({ line, view }: { line: MessageLine; view: MessageView | undefined }): JSX.Element {
  const { from, to, transport, fromPort, toPort, sentAt, arrivedAt, conversation } = line;
  const delay = arrivedAt === undefined ? undefined : arrivedAt - sentAt;
  return (
    <p class="facts">
      <span title={view?.fromEndpoint}>{from}</span> → <span title={view?.toEndpoint}>{to}</span>
      {' · '}
      {`${transport.toUpperCase()} ${fromPort} → ${toPort} · `}
      {`${texts.message.of(countText(line.id), countText(log.newest))} · ${timeText(sentAt)}`}
      {delay !== undefined && `, ${texts.message.took(durationText(delay))}`}
      {` · ${bytesText(line.length)} · `}
      <button
        type="button"
        class="plain link"
        title={texts.message.conversationTitle}
        onClick={() => setFilter(`conv == ${conversation}`)}
      >
        {texts.message.conversation(conversation)}
      </button>
      {line.opens && `, ${texts.message.opens}`}
    </p>
  );
}

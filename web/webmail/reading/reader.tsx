/** A conversation, its newest message at the end. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Actions } from '../list/bar.tsx';
import { Icon, IconButton } from '../parts/icons.tsx';
import { threads, version } from '../state/data.ts';
import { closeThread, cursor, emailAt, list, openRow } from '../state/list.ts';
import { route } from '../state/route.ts';
import { texts } from '../texts.ts';
import { MessageCard } from './message.tsx';
import { answer, failure, openThread, threadShown, unfoldAll, unfolded } from './opened.ts';

const words = texts.reading;

/** `isMain`: it stands alone on the page. */
export function Reader({ isMain }: { isMain: boolean }): JSX.Element {
  const { threadId } = route.value;
  useEffect(() => {
    if (threadId !== undefined) void openThread(threadId);
  }, [threadId]);
  const Element = isMain ? 'main' : 'section';
  return (
    <Element class={threadId === undefined ? 'reader none' : 'reader'} aria-label={words.label}>
      {threadId === undefined ? <NothingOpen /> : <Thread threadId={threadId} isMain={isMain} />}
    </Element>
  );
}

function NothingOpen(): JSX.Element {
  return (
    <div class="nothing">
      <Icon name="read" />
      <h2>{words.none}</h2>
      <p>{words.noneAbout}</p>
    </div>
  );
}

function Thread({ threadId, isMain }: { threadId: string; isMain: boolean }): JSX.Element {
  const Heading = isMain ? 'h1' : 'h2';
  version.value;
  const shown = threadShown.value;
  const folded = shown.filter(({ id }) => !unfolded.value.has(id)).length;
  const subject = shown[0]?.subject || texts.list.noSubject;
  const isGone = shown.length === 0 && threads.has(threadId);
  return (
    <>
      <ReaderBar />
      {failure.value !== '' && <p class="trouble pad">{failure.value}</p>}
      {isGone && <p class="nothing">{words.gone}</p>}
      {shown.length > 0 && (
        <div class="thread" key={threadId}>
          <div class="subject-line">
            <Heading>{subject}</Heading>
            {folded > 1 && (
              <button type="button" class="button small" onClick={unfoldAll}>
                {words.expandAll}
              </button>
            )}
          </div>
          {shown.map((email) => (
            <MessageCard key={email.id} email={email} isOpen={unfolded.value.has(email.id)} />
          ))}
          <Answers />
        </div>
      )}
    </>
  );
}

function ReaderBar(): JSX.Element {
  const go = (step: number): void => {
    const next = cursor.value + step;
    if (emailAt(next)) openRow(next);
  };
  const isLast = cursor.value >= list.value.ids.length - 1;
  return (
    <div class="reader-bar" role="toolbar" aria-label={words.label}>
      <IconButton icon="back" label={texts.actions.back} onClick={closeThread} />
      <span class="divider" />
      <Actions ofOpen />
      <span class="grow" />
      <IconButton
        icon="up"
        label={texts.actions.previous}
        disabled={cursor.value === 0}
        onClick={() => go(-1)}
      />
      <IconButton icon="down" label={texts.actions.next} disabled={isLast} onClick={() => go(1)} />
    </div>
  );
}

function Answers(): JSX.Element | null {
  const newest = threadShown.value.findLast(({ keywords }) => !keywords['$draft']);
  if (!newest) return null;
  const isToMany = (newest.to?.length ?? 0) + (newest.cc?.length ?? 0) > 1;
  return (
    <div class="answers">
      <button type="button" class="button" onClick={() => void answer(newest.id, 'reply')}>
        {words.reply}
      </button>
      {isToMany && (
        <button type="button" class="button" onClick={() => void answer(newest.id, 'replyAll')}>
          {words.replyAll}
        </button>
      )}
      <button type="button" class="button" onClick={() => void answer(newest.id, 'forward')}>
        {words.forward}
      </button>
    </div>
  );
}

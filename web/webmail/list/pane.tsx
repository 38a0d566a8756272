/** The list of conversations: only rows in sight are in the page. */
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useSize } from '../../src/parts/hooks.ts';
import { Icon } from '../parts/icons.tsx';
import { mailboxById } from '../state/data.ts';
import { cursor, list, loadList, loadRows, shownMailbox } from '../state/list.ts';
import { route } from '../state/route.ts';
import { LIST_ID } from '../state/ui.ts';
import { texts } from '../texts.ts';
import { write } from '../writing/compose.ts';
import { ListBar } from './bar.tsx';
import { Row } from './row.tsx';

const words = texts.list;
const ROW_HEIGHT = 74;
/** Rows before and behind those in sight. */
const MARGIN = 8;

export function ListPane(): JSX.Element {
  const mailbox = mailboxById.value.get(shownMailbox.value ?? '');
  const { search } = route.value;
  const { total, state } = list.value;
  const title = search === '' ? (mailbox?.name ?? '') : `“${search}”`;
  const count = search === '' ? words.count(total) : words.results(total);
  return (
    <main class="list-pane">
      <div class="pane-head">
        <h1 title={title}>{title}</h1>
        <span class="soft">{state === 'ready' ? count : ''}</span>
      </div>
      <ListBar />
      <Rows />
      <button type="button" class="button main write-here" onClick={() => write()}>
        <Icon name="drafts" />
        {texts.frame.compose}
      </button>
    </main>
  );
}

function Rows(): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const { height } = useSize(box);
  const [top, setTop] = useState(0);
  const { ids, key, state } = list.value;
  const first = Math.max(0, Math.floor(top / ROW_HEIGHT) - MARGIN);
  const last = Math.min(ids.length, Math.ceil((top + height) / ROW_HEIGHT) + MARGIN);
  const shown = ids.slice(first, last);
  useEffect(() => void loadRows(shown), [key, shown.join()]);
  useEffect(() => box.current?.scrollTo(0, 0), [key]);
  useFollow(box, cursor.value);
  return (
    <div
      ref={box}
      id={LIST_ID}
      class="rows"
      tabIndex={-1}
      aria-busy={state === 'loading'}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
    >
      {ids.length === 0 ? (
        <Nothing />
      ) : (
        <ul
          class="all-rows"
          aria-label={words.label}
          style={{ height: `${ids.length * ROW_HEIGHT}px` }}
        >
          {shown.map((id, at) => (
            <Row key={id} id={id} index={first + at} top={(first + at) * ROW_HEIGHT} />
          ))}
        </ul>
      )}
    </div>
  );
}

/** The row that the keys are on stays in sight. */
function useFollow(box: { readonly current: HTMLDivElement | null }, index: number): void {
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const top = index * ROW_HEIGHT;
    const { scrollTop, clientHeight } = element;
    if (top < scrollTop) element.scrollTop = top;
    else if (top + ROW_HEIGHT > scrollTop + clientHeight) {
      element.scrollTop = top + ROW_HEIGHT - clientHeight;
    }
  }, [index]);
}

function Nothing(): JSX.Element {
  const { state, why } = list.value;
  const role = mailboxById.value.get(shownMailbox.value ?? '')?.role ?? 'own';
  if (state === 'loading') return <Skeleton />;
  if (state === 'failed') {
    return (
      <div class="nothing">
        <p class="trouble">
          {words.failed} {why}
        </p>
        <button type="button" class="button" onClick={() => void loadList()}>
          {words.again}
        </button>
      </div>
    );
  }
  const about = words.empty[role as keyof typeof words.empty] ?? words.empty.own;
  return (
    <div class="nothing">
      <p>{route.value.search === '' ? about : words.noResults}</p>
    </div>
  );
}

/** The shape of what is to come. */
function Skeleton(): JSX.Element {
  return (
    <div class="skeleton">
      <span class="unseen">{texts.frame.loading}</span>
      {[0, 1, 2, 3, 4, 5].map((row) => (
        <i key={row} />
      ))}
    </div>
  );
}

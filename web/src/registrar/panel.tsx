/** The registrar: a name is looked up, registered, changed, renewed, taken over, given up. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { addressOf, select } from '../state/actions.ts';
import { log, version } from '../state/store.ts';
import { texts } from '../texts.ts';
import { RegistrarBar } from './bar.tsx';
import { ByHand } from './by-hand.tsx';
import { Free, Own, Taken } from './domain.tsx';
import { DomainTable } from './domain-table.tsx';
import { busy, type Found, found, problem, registrar, saidAfter, told } from './state.ts';

const words = texts.names.register;

export function RegistrarPanel(): JSX.Element {
  const what = found.value;
  const heading = useFocusKept(what);
  return (
    <>
      <div class="registrar-head">
        <RegistrarBar />
        <Outcome />
      </div>
      <section class="registrar" aria-label={words.result} tabIndex={-1} ref={heading}>
        {what ? <Shown what={what} /> : <Nothing />}
      </section>
    </>
  );
}

/** Something new is seen from its beginning; when the form that had the focus is gone, it has the focus. */
function useFocusKept(what: Found | undefined) {
  const place = useRef<HTMLElement>(null);
  const last = useRef(what);
  useEffect(() => {
    if (last.current === what) return;
    last.current = what;
    place.current?.closest('.panel')?.scrollTo(0, 0);
    if (document.activeElement === document.body) place.current?.focus({ preventScroll: true });
  }, [what]);
  return place;
}

function Shown({ what }: { what: Found }): JSX.Element | null {
  if (what.type === 'free') return <Free key={what.name} name={what.name} />;
  if (what.type === 'taken') return <Taken key={what.name} name={what.name} domain={what.domain} />;
  if (what.type === 'list') return <DomainTable domains={what.domains} />;
  const { domain } = what;
  return <Own key={`${domain.name} ${domain.updated} ${domain.expires}`} domain={domain} />;
}

function Nothing(): JSX.Element {
  const zones = registrar.value?.zones.map((zone) => `.${zone}`).join(', ') ?? '';
  return (
    <div class="note">
      <p class="big">{words.none}</p>
      <p class="soft">{words.hint(zones)}</p>
      <ByHand />
    </div>
  );
}

function Outcome(): JSX.Element {
  version.value;
  // What is refused before it is sent leaves no message.
  const spoke = !busy.value && saidAfter.value !== undefined && log.newest > saidAfter.value;
  return (
    <div class="verdict">
      <p role="alert" class="trouble">
        {problem.value}
      </p>
      <p role="status">{told.value}</p>
      {spoke && <SeeMessages />}
    </div>
  );
}

/** To the first message of the last command, on the ladder. */
function SeeMessages(): JSX.Element {
  const see = () => {
    const first = log.messages.find(({ id }) => id > (saidAfter.value ?? 0));
    if (first) select(first.id);
    location.hash = addressOf('internet');
  };
  return (
    <button type="button" class="plain link" onClick={see}>
      {words.see}
    </button>
  );
}

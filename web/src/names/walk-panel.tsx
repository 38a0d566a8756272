/** The walk, step by step: who said what to whom, and why. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Spec } from '../message/rfc.tsx';
import { select } from '../state/actions.ts';
import {
  goToStep,
  type Lookup,
  lookup,
  moveInWalk,
  playing,
  resolvers,
  stepIndex,
  togglePlay,
  walk,
} from '../state/names.ts';
import { selectedId } from '../state/store.ts';
import { countText, timeText } from '../state/units.ts';
import { texts } from '../texts.ts';
import type { Step, Walk } from './walk.ts';

const words = texts.names.walk;

/** Long enough to read a step's reason. */
const PLAY_MS = 2_000;

export function WalkPanel(): JSX.Element {
  const asked = lookup.value;
  usePlay();
  if (!asked)
    return (
      <div class="note">
        <p class="big">{words.none}</p>
        <p class="soft">{words.hint}</p>
      </div>
    );
  return (
    <>
      <Outcome asked={asked} walk={walk.value} />
      <ol class="steps" aria-label={words.steps}>
        {walk.value.steps.map((step, index) => (
          <StepRow key={step.message.id} step={step} index={index} />
        ))}
      </ol>
    </>
  );
}

function usePlay(): void {
  const on = playing.value;
  useEffect(() => {
    if (!on) return undefined;
    const timer = setInterval(() => {
      goToStep(stepIndex.value + 1);
      if (stepIndex.value >= walk.value.steps.length - 1) playing.value = false;
    }, PLAY_MS);
    return () => {
      clearInterval(timer);
    };
  }, [on]);
  useEffect(
    () => () => {
      playing.value = false;
    },
    [],
  );
}

function Outcome({
  asked,
  walk: { steps, done, fromCache },
}: {
  asked: Lookup;
  walk: Walk;
}): JSX.Element {
  const zones = new Set(steps.flatMap(({ zone }) => (zone === undefined ? [] : [zone]))).size;
  const resolver = steps[0]?.message.to ?? resolvers.value[0] ?? '';
  return (
    <div class="outcome">
      <Controls count={steps.length} />
      <div role="status">
        {asked.busy && <b>{words.waiting}</b>}
        {asked.told !== undefined && <b>{asked.told}</b>}
        {asked.problem !== undefined && <b class="trouble">{asked.problem}</b>}{' '}
        {fromCache && <span class="from-cache">{words.fromCache(resolver)}</span>}
        {done && !fromCache && <span class="soft">{words.seen(steps.length, zones)}</span>}
        {!asked.busy && asked.told !== undefined && steps.length === 0 && (
          <span class="soft">{words.noMessages}</span>
        )}
      </div>
    </div>
  );
}

function Controls({ count }: { count: number }): JSX.Element {
  const at = stepIndex.value;
  return (
    <div class="controls">
      <StepButton
        label={words.previous}
        off={at <= 0}
        go={() => moveInWalk(-1)}
        path="M8 1L3 6l5 5"
      />
      <StepButton
        label={words.next}
        off={at >= count - 1}
        go={() => moveInWalk(1)}
        path="M4 1l5 5-5 5"
      />
      <button
        type="button"
        class="button steady"
        title={words.playTitle}
        aria-pressed={playing.value}
        aria-disabled={count === 0}
        onClick={togglePlay}
      >
        {playing.value ? words.stop : words.play}
      </button>
    </div>
  );
}

function StepButton(props: {
  label: string;
  off: boolean;
  go: () => void;
  path: string;
}): JSX.Element {
  return (
    <button
      type="button"
      class="button turn"
      aria-label={props.label}
      title={props.label}
      aria-disabled={props.off}
      onClick={props.go}
    >
      <svg width="12" height="12" aria-hidden="true">
        <path d={props.path} />
      </svg>
    </button>
  );
}

function StepRow({ step, index }: { step: Step; index: number }): JSX.Element {
  const row = useRef<HTMLLIElement>(null);
  const on = stepIndex.value === index;
  useEffect(() => {
    if (!on) return;
    row.current?.scrollIntoView({ block: 'nearest' });
    // The focus goes along when it is in the list, so that Enter means the step that is seen.
    if (document.activeElement?.matches('.said-step'))
      row.current?.querySelector<HTMLElement>('.said-step')?.focus();
  }, [on]);
  const { message } = step;
  return (
    <li ref={row} class={on ? 'on' : ''} aria-current={on ? 'step' : undefined}>
      <i class={on ? 'step-number on' : 'step-number'} aria-hidden="true">
        {index + 1}
      </i>
      <div>
        <button type="button" class="plain said-step" onClick={() => goToStep(index)}>
          {whoToWhom(step)}: <b>{message.summary}</b>
          {message.lost !== undefined && <em> {words.lost(message.lost)}</em>}
        </button>
        {message.notes?.map(({ text, spec }) => (
          <p key={text} class="because">
            {text.replace(/\.$/, '')}. {spec && <Spec spec={spec} />}
          </p>
        ))}
      </div>
      <span class="number">{timeText(message.sentAt)}</span>
      <button
        type="button"
        class="plain link"
        aria-pressed={selectedId.value === message.id}
        onClick={() => select(message.id)}
      >
        {words.message(countText(message.id))}
      </button>
    </li>
  );
}

function whoToWhom({ message: { role, from, to } }: Step): string {
  if (role === 'request') return words.asks(from, to);
  return role === 'reply' ? words.answers(from, to) : words.says(from, to);
}

/** What came back: timing, the answer as it came, and what can be read from it. */
import type { JSX } from 'preact';
import { Spec } from '../message/rfc.tsx';
import { addressOf, select } from '../state/actions.ts';
import { log, version } from '../state/store.ts';
import { bytesText, durationText } from '../state/units.ts';
import { texts } from '../texts.ts';
import type { Question } from './questions.ts';
import { questionsOf } from './questions.ts';
import { RawReply } from './raw-reply.tsx';
import { replies, sent } from './state.ts';

const words = texts.web.hand;

export function Answer(): JSX.Element {
  const now = sent.value;
  return (
    <section class="answered" aria-label={words.answer}>
      <p role="status" class="sum">
        {now?.busy && words.working}
        {now?.view && <Times />}
      </p>
      {now?.problem !== undefined && (
        <p class="trouble" role="alert">
          {now.problem}
        </p>
      )}
      {!now && <p class="soft">{words.hint}</p>}
      {now?.view && <p class="soft">{words.ends[now.view.end]}</p>}
      {now?.view && replies.value.map((reply, index) => <RawReply key={index} reply={reply} />)}
      {now?.view && <Questions />}
    </section>
  );
}

function Times(): JSX.Element | null {
  const view = sent.value?.view;
  if (!view) return null;
  const { connectMs, firstByteMs, lastByteMs, length, after } = view;
  return (
    <>
      <b>{length === 0 ? words.nothing : words.came(bytesText(length))}</b>{' '}
      <span class="soft">
        {words.connected(durationText(connectMs))}
        {firstByteMs !== undefined && words.first(durationText(firstByteMs))}
        {lastByteMs !== undefined && words.last(durationText(lastByteMs))}
      </span>{' '}
      <SeeMessages after={after} />
    </>
  );
}

/** To the first message of HTTP among them, on the ladder. */
function SeeMessages({ after }: { after: number }): JSX.Element {
  version.value;
  const see = () => {
    const later = log.messages.filter(({ id }) => id > after);
    const first = later.find(({ protocol }) => protocol === 'http') ?? later[0];
    if (first) select(first.id);
    location.hash = addressOf('internet');
  };
  return (
    <button type="button" class="plain link" onClick={see}>
      {words.see}
    </button>
  );
}

function Questions(): JSX.Element | null {
  const { view, text = '' } = sent.value ?? {};
  const reply = replies.value.findLast(({ status }) => status !== undefined);
  if (!view || !reply) return null;
  const questions = questionsOf(reply, view.end, /^HEAD /i.test(text));
  return (
    <section class="questions" aria-label={words.questions.label}>
      <h3>{words.questions.label}</h3>
      {questions.map((question) => (
        <Revealed key={`${view.after} ${question.question}`} {...question} />
      ))}
    </section>
  );
}

function Revealed({ question, answer, spec }: Question): JSX.Element {
  return (
    <details>
      <summary>{question}</summary>
      <p>
        {answer} <Spec spec={spec} />
      </p>
    </details>
  );
}

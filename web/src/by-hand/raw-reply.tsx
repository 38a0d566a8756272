/** An answer as it came; each line of its head says what it means when it is pointed at. */
import type { JSX, TargetedKeyboardEvent } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Field } from '../../../src/trace/types.ts';
import { Spec } from '../message/rfc.tsx';
import { bytesText } from '../state/units.ts';
import { texts } from '../texts.ts';
import { meaningOf } from './meanings.ts';
import { type Reply, textOf } from './reply.ts';

const words = texts.web.hand;

/** More of a body is read better in the pane of its message. */
const LETTERS = 4_000;
const LINES = 14;

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

export function RawReply({ reply }: { reply: Reply }): JSX.Element {
  const { lines } = reply;
  const [at, setAt] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const next = Math.min(lines.length - 1, Math.max(0, at + step));
    setAt(next);
    box.current?.querySelectorAll<HTMLElement>('.raw-line')[next]?.focus();
  };
  const chosen = lines[at];
  return (
    <div class="raw-reply">
      {lines.length > 0 && (
        <>
          <div
            class="raw-head"
            role="listbox"
            aria-label={words.head}
            ref={box}
            onKeyDown={onKeyDown}
          >
            {lines.map((field, index) => (
              <div
                key={field.start}
                role="option"
                class="raw-line"
                aria-selected={index === at}
                tabIndex={index === at ? 0 : -1}
                onMouseEnter={() => setAt(index)}
                onFocus={() => setAt(index)}
              >
                <Line field={field} first={index === 0} />
              </div>
            ))}
          </div>
          {chosen && <Meaning field={chosen} first={at === 0} />}
        </>
      )}
      <Body reply={reply} />
    </div>
  );
}

function Line({ field, first }: { field: Field; first: boolean }): JSX.Element {
  if (first) return <b>{field.value}</b>;
  return (
    <>
      <span class="raw-name">{field.name}:</span> {field.value}
    </>
  );
}

function Meaning({ field, first }: { field: Field; first: boolean }): JSX.Element {
  const status = field.children?.find(({ name }) => name === 'Status');
  const spec = (first ? status?.spec : field.spec) ?? field.spec;
  return (
    <p class="meaning" aria-live="polite">
      <b>{first ? (status?.value ?? field.name) : field.name}</b>{' '}
      {first ? words.statusMeaning(status?.value ?? '') : meaningOf(field.name)}{' '}
      {spec && <Spec spec={spec} />}
    </p>
  );
}

function Body({ reply }: { reply: Reply }): JSX.Element | null {
  const { body, bodyLength, headers } = reply;
  if (bodyLength === 0) return null;
  const text = textOf(reply);
  return (
    <>
      {text === undefined ? (
        <p class="soft">{words.binary(bytesText(bodyLength), headers.get('content-type') ?? '')}</p>
      ) : (
        <textarea
          class="raw-body"
          readOnly
          wrap="off"
          spellcheck={false}
          rows={Math.min(LINES, text.split('\n').length)}
          aria-label={words.bodyLabel}
          value={text.slice(0, LETTERS)}
        />
      )}
      {(text?.length ?? 0) > LETTERS && (
        <p class="soft">{words.cut(bytesText(LETTERS), bytesText(body.length))}</p>
      )}
    </>
  );
}

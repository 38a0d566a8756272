/** What led to a message, and what it led to. */
import type { JSX } from 'preact';
import type { MessageLine } from '../../../src/trace/message.ts';
import { select } from '../state/actions.ts';
import { log, version } from '../state/store.ts';
import { texts } from '../texts.ts';

/** More of a kind than this are left to the ladder. */
const MOST = 3;

export function Links({ line }: { line: MessageLine }): JSX.Element | null {
  version.value;
  const answered: MessageLine[] = [];
  const led: MessageLine[] = [];
  for (const other of log.messages) {
    if (other.replyTo === line.id) answered.push(other);
    else if (other.causedBy === line.id) led.push(other);
  }
  const cause = line.causedBy === line.replyTo ? undefined : line.causedBy;
  const groups: readonly (readonly [string, readonly (MessageLine | undefined)[]])[] = [
    [texts.message.causedBy, [log.get(cause ?? 0)]],
    [texts.message.answers, [log.get(line.replyTo ?? 0)]],
    [texts.message.answered, answered],
    [texts.message.led, led],
  ];
  const shown = groups
    .map(([name, list]) => [name, list.filter((item) => item !== undefined)] as const)
    .filter(([, list]) => list.length > 0);
  if (shown.length === 0) return null;
  return (
    <dl class="relations">
      {shown.map(([name, list]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {list.slice(0, MOST).map((other) => (
              <button
                type="button"
                class="plain link"
                key={other.id}
                onClick={() => select(other.id)}
              >
                {other.id}: {other.summary}
              </button>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A host on the way of a message, above its lane. */
import type { JSX } from 'preact';
import { internet } from '../state/store.ts';
import { texts } from '../texts.ts';
import type { Lane } from './rows.ts';

const words = texts.mail.way;

export function Station({ lane, x }: { lane: Lane; x: number }): JSX.Element {
  const host = internet.value?.hosts.find(({ name }) => name === lane.host);
  const isOff = host?.running === false;
  return (
    <span class={`way-station ${lane.role}`} style={{ left: `${x}%` }} title={host?.title}>
      <Sign role={lane.role} />
      <b>{lane.host}</b>
      <small class={isOff ? 'bad' : ''}>{isOff ? texts.hosts.off : words.roles[lane.role]}</small>
    </span>
  );
}

/** A person, or a letter box. */
function Sign({ role }: { role: Lane['role'] }): JSX.Element {
  return (
    <svg width="15" height="15" viewBox="0 0 15 15" aria-hidden="true">
      {role === 'relay' ? (
        <path d="M1.5 3.5h12v8.5h-12zM1.5 4l6 4.6 6-4.6" />
      ) : (
        <path d="M7.5 7.2a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM2 13.6c.4-3 2.6-4.4 5.5-4.4s5.1 1.4 5.5 4.4" />
      )}
    </svg>
  );
}

/** Whom a message is for: addresses as chips, and a box that offers people while one types. */
import type { JSX } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Address } from '../jmap/types.ts';
import { Avatar } from '../parts/avatar.tsx';
import { addressLine, personName } from '../parts/format.ts';
import { Icon } from '../parts/icons.tsx';
import { texts } from '../texts.ts';
import { isAddress, parseAddress, splitAddresses } from './addresses.ts';
import { loadPeople, suggest } from './people.ts';

interface Props {
  readonly label: string;
  readonly list: readonly Address[];
  readonly focused?: boolean;
  readonly onChange: (list: readonly Address[]) => void;
}

/** What is typed, and which of those that are offered is meant. */
interface Typing {
  readonly text: string;
  readonly at: number;
}

const NOTHING: Typing = { text: '', at: 0 };

export function Recipients({ label, list, focused, onChange }: Props): JSX.Element {
  const id = useId();
  const box = useRef<HTMLInputElement>(null);
  const [typing, setTyping] = useState(NOTHING);
  const found = suggest(typing.text, list);
  useLayoutEffect(() => {
    loadPeople().catch((error: unknown) => console.info('nobody is known yet', error));
    if (focused) box.current?.focus();
  }, []);
  const add = (people: readonly Address[]): void => {
    if (people.length > 0) onChange([...list, ...people]);
    setTyping(NOTHING);
  };
  const keys = keysOf({ typing, setTyping, found, list, add, onChange });
  const remove = (index: number): void => onChange(list.filter((_, other) => other !== index));
  const chosen = found.length > 0 ? `${id}-${typing.at}` : undefined;
  return (
    <div class="recipients">
      <label for={id}>{label}</label>
      <div class="chips">
        {list.map((person, index) => (
          <Chip key={index} person={person} onRemove={() => remove(index)} />
        ))}
        <input
          ref={box}
          id={id}
          value={typing.text}
          role="combobox"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          aria-expanded={found.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={chosen}
          onInput={(event) => typed(event.currentTarget.value, add, setTyping)}
          onKeyDown={keys}
          onBlur={() => add(addressesIn(typing.text))}
        />
        <Suggestions id={id} label={label} found={found} at={typing.at} add={add} />
      </div>
    </div>
  );
}

function addressesIn(text: string): readonly Address[] {
  return splitAddresses(text).map(parseAddress);
}

type Add = (people: readonly Address[]) => void;

/** What is pasted may be a whole list. */
function typed(text: string, add: Add, setTyping: (typing: Typing) => void): void {
  if (/[,;\n]\s*\S/.test(text)) add(addressesIn(text));
  else setTyping({ text, at: 0 });
}

interface KeysOf {
  readonly typing: Typing;
  readonly setTyping: (typing: Typing) => void;
  readonly found: readonly Address[];
  readonly list: readonly Address[];
  readonly add: Add;
  readonly onChange: (list: readonly Address[]) => void;
}

const ENDS = ['Enter', 'Tab', ',', ';'];

function keysOf(now: KeysOf): (event: KeyboardEvent) => void {
  const { typing, setTyping, found, list, add, onChange } = now;
  const step = (by: number): void => setTyping({ ...typing, at: (typing.at + by) % found.length });
  const choose = (): void => {
    const chosen = found[typing.at];
    const isWhole = isAddress(parseAddress(typing.text));
    add(chosen && !isWhole ? [chosen] : addressesIn(typing.text));
  };
  const act = (key: string): boolean => {
    if (ENDS.includes(key) && typing.text.trim() !== '') choose();
    else if (key === 'Backspace' && typing.text === '') onChange(list.slice(0, -1));
    else if (found.length > 0 && key === 'ArrowDown') step(1);
    else if (found.length > 0 && key === 'ArrowUp') step(found.length - 1);
    else if (found.length > 0 && key === 'Escape') setTyping(NOTHING);
    else return key === 'Enter';
    return key !== 'Tab';
  };
  return (event) => {
    if (!event.ctrlKey && !event.metaKey && act(event.key)) event.preventDefault();
  };
}

function Suggestions(props: {
  id: string;
  label: string;
  found: readonly Address[];
  at: number;
  add: Add;
}): JSX.Element {
  const { id, label, found, at, add } = props;
  return (
    <div
      id={`${id}-list`}
      class="suggestions"
      role="listbox"
      aria-label={label}
      hidden={found.length === 0}
    >
      {found.map((person, index) => (
        <div
          key={person.email}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === at}
          onMouseDown={(event) => {
            event.preventDefault();
            add([person]);
          }}
        >
          <Avatar person={person} />
          <span>{personName(person)}</span>
          <span class="soft">{person.email}</span>
        </div>
      ))}
    </div>
  );
}

function Chip({ person, onRemove }: { person: Address; onRemove: () => void }): JSX.Element {
  const name = person.name ?? person.email;
  return (
    <span
      class={isAddress(person) ? 'chip-address' : 'chip-address wrong'}
      title={addressLine(person)}
    >
      {name}
      <button type="button" aria-label={texts.writing.removeRecipient(name)} onClick={onRemove}>
        <Icon name="close" />
      </button>
    </span>
  );
}

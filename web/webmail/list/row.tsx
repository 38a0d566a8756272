/** One conversation: who, what about, how it begins, when. */
import type { JSX } from 'preact';
import { toggleSelected } from '../frame/keys.ts';
import type { Address, Email } from '../jmap/types.ts';
import { Avatar } from '../parts/avatar.tsx';
import { firstName, personName, shortDate } from '../parts/format.ts';
import { Icon, IconButton } from '../parts/icons.tsx';
import { star } from '../state/actions.ts';
import {
  emails,
  mailboxById,
  mailboxOf,
  session,
  snippets,
  threadEmails,
  version,
} from '../state/data.ts';
import { cursor, list, openRow, selected, shownMailbox } from '../state/list.ts';
import { route } from '../state/route.ts';
import { texts } from '../texts.ts';
import { Marked } from './marked.tsx';

const words = texts.list;

export function Row({ id, index, top }: { id: string; index: number; top: number }): JSX.Element {
  version.value;
  const email = emails.get(id);
  const place = { top: `${top}px` };
  const count = { 'aria-posinset': index + 1, 'aria-setsize': list.value.ids.length };
  if (!email) return <li class="row blank" style={place} {...count} />;
  const all = threadEmails(email.threadId, shownMailbox.value);
  const isUnread = all.some(({ keywords }) => !keywords['$seen']);
  const isChosen = selected.value.has(id);
  const isOpen = route.value.threadId === email.threadId;
  const state = `${isUnread ? ' fresh' : ''}${isOpen ? ' open' : ''}${isChosen ? ' chosen' : ''}`;
  const isHere = cursor.value === index;
  return (
    <li class={`row${state}${isHere ? ' here' : ''}`} style={place} {...count}>
      <Chooser id={id} email={email} isChosen={isChosen} />
      <div class="cell">
        <button
          type="button"
          class="open-row"
          tabIndex={isHere ? 0 : -1}
          onClick={() => openRow(index)}
        >
          <Summary email={email} all={all} isUnread={isUnread} />
        </button>
      </div>
      <Star all={all} threadId={email.threadId} />
    </li>
  );
}

/** The picture of who wrote, and a box to choose the conversation. */
function Chooser(props: { id: string; email: Email; isChosen: boolean }): JSX.Element {
  const { id, email, isChosen } = props;
  const label = `${words.select} ${email.subject ?? words.noSubject}`;
  return (
    <div class="chooser">
      <label>
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={label}
          checked={isChosen}
          onChange={() => toggleSelected(id)}
        />
        <Avatar person={shownPeople(email)[0] ?? { name: null, email: '?' }} />
        <Icon name="check" />
      </label>
    </div>
  );
}

function Star({ all, threadId }: { all: readonly Email[]; threadId: string }): JSX.Element {
  const isOn = all.some(({ keywords }) => keywords['$flagged']);
  return (
    <div class="star-cell">
      <IconButton
        icon="star"
        full={isOn}
        class={isOn ? 'star on' : 'star'}
        label={isOn ? words.unstar : words.star}
        onClick={() => star([threadId])}
      />
    </div>
  );
}

function Summary(props: { email: Email; all: readonly Email[]; isUnread: boolean }): JSX.Element {
  const { email, all, isUnread } = props;
  const snippet = snippets.get(email.id);
  const subject = email.subject || words.noSubject;
  return (
    <>
      <span class="line who">
        <span class="people">
          {isUnread && <span class="unseen">{words.unread}, </span>}
          <People email={email} all={all} />
        </span>
        {all.length > 1 && <span class="many">{all.length}</span>}
        <Signs all={all} />
        <time dateTime={email.receivedAt}>{shortDate(email.receivedAt)}</time>
      </span>
      <span class="line subject">
        {snippet?.subject ? <Marked html={snippet.subject} /> : subject}
        <Where email={email} />
      </span>
      <span class="line preview">
        {snippet?.preview ? <Marked html={snippet.preview} /> : email.preview}
      </span>
    </>
  );
}

function Signs({ all }: { all: readonly Email[] }): JSX.Element {
  return (
    <>
      {all.some(({ keywords }) => keywords['$answered']) && (
        <span class="sign" title={words.answered}>
          <Icon name="reply" />
          <span class="unseen">{words.answered}</span>
        </span>
      )}
      {all.some(({ hasAttachment }) => hasAttachment) && (
        <span class="sign" title={words.attachment}>
          <Icon name="attach" />
          <span class="unseen">{words.attachment}</span>
        </span>
      )}
    </>
  );
}

/** In a search: the folder that it is in. */
function Where({ email }: { email: Email }): JSX.Element | null {
  if (shownMailbox.value !== undefined) return null;
  const [id = ''] = Object.keys(email.mailboxIds);
  const name = mailboxById.value.get(id)?.name;
  return name === undefined ? null : <span class="tag">{name}</span>;
}

/** Who wrote it; of what one wrote oneself, who got it. */
function shownPeople(email: Email): readonly Address[] {
  const outgoing = [mailboxOf('sent')?.id, mailboxOf('drafts')?.id];
  const isOutgoing = outgoing.some((id) => id !== undefined && id === shownMailbox.value);
  return (isOutgoing ? email.to : email.from) ?? [];
}

const MOST_NAMES = 4;

function People({ email, all }: { email: Email; all: readonly Email[] }): JSX.Element {
  const own = session.value?.address.toLowerCase();
  const name = (person: Address, isAlone: boolean): string =>
    person.email.toLowerCase() === own
      ? words.me
      : isAlone
        ? personName(person)
        : firstName(person);
  const isDraft = all.some(({ keywords }) => keywords['$draft']);
  const outgoing = shownPeople(email) === email.to;
  const people = (outgoing ? [email] : all).flatMap((one) => [...shownPeople(one)]);
  const unique = people.filter(
    (one, at) =>
      people.findIndex((other) => other.email.toLowerCase() === one.email.toLowerCase()) === at,
  );
  const names = unique.slice(-MOST_NAMES).map((one) => name(one, unique.length === 1));
  const text = names.join(', ') || words.nobody;
  return (
    <>
      {outgoing ? words.to(text) : text}
      {isDraft && <span class="draft"> {words.draft}</span>}
    </>
  );
}

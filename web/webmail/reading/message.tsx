/** One message of a conversation: folded to a line, or open. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { downloadUrl } from '../jmap/client.ts';
import type { Address, Email, OpenedEmail } from '../jmap/types.ts';
import { Avatar } from '../parts/avatar.tsx';
import { addressLine, longDate, personName, shortDate } from '../parts/format.ts';
import { IconButton } from '../parts/icons.tsx';
import { Menu, MenuItem } from '../parts/menu.tsx';
import { setKeyword } from '../state/actions.ts';
import { session } from '../state/data.ts';
import { closeThread } from '../state/list.ts';
import { dialog } from '../state/ui.ts';
import { texts } from '../texts.ts';
import { textOf } from '../writing/answer.ts';
import { Attachments, attachmentsOf } from './attachments.tsx';
import { HtmlFrame } from './html-frame.tsx';
import { answer, openedEmail, threadShown, toggle } from './opened.ts';
import { PlainText } from './plain-text.tsx';

const words = texts.reading;
const NOBODY: Address = { name: null, email: '?' };

export function MessageCard({ email, isOpen }: { email: Email; isOpen: boolean }): JSX.Element {
  const sender = email.from?.[0] ?? NOBODY;
  const isDraft = email.keywords['$draft'] === true;
  const opened = isOpen ? openedEmail(email.id) : undefined;
  return (
    <article
      class={isOpen ? 'message' : 'message folded'}
      aria-label={words.frame(personName(sender))}
    >
      <div class="message-head">
        <Avatar person={sender} />
        <button type="button" class="fold" aria-expanded={isOpen} onClick={() => toggle(email.id)}>
          <span class="sender">
            <b>{personName(sender)}</b>
            {isOpen && sender.name && <span class="soft address">{sender.email}</span>}
            {isDraft && <span class="draft">{texts.list.draft}</span>}
          </span>
          <span class="soft second">{isOpen ? recipients(email) : email.preview}</span>
        </button>
        <time dateTime={email.receivedAt} title={longDate(email.receivedAt)}>
          {shortDate(email.receivedAt)}
        </time>
        {isOpen && <MessageButtons email={email} isDraft={isDraft} />}
      </div>
      {isOpen && (opened ? <Body email={opened} /> : <p class="soft pad">{texts.frame.loading}</p>)}
    </article>
  );
}

function recipients({ to, cc }: Email): string {
  const own = session.value?.address.toLowerCase();
  const names = [...(to ?? []), ...(cc ?? [])].map((one) =>
    one.email.toLowerCase() === own ? texts.list.me : personName(one),
  );
  return names.length === 0 ? texts.list.nobody : `${words.to} ${names.join(', ')}`;
}

function MessageButtons({ email, isDraft }: { email: Email; isDraft: boolean }): JSX.Element {
  const isOn = email.keywords['$flagged'] === true;
  return (
    <div class="message-buttons">
      <IconButton
        icon="star"
        full={isOn}
        class={isOn ? 'star on' : 'star'}
        label={isOn ? texts.list.unstar : texts.list.star}
        onClick={() => void setKeyword([email], '$flagged', !isOn)}
      />
      {isDraft ? (
        <IconButton
          icon="drafts"
          label={words.editDraft}
          onClick={() => void answer(email.id, 'edit')}
        />
      ) : (
        <IconButton
          icon="reply"
          label={words.reply}
          onClick={() => void answer(email.id, 'reply')}
        />
      )}
      <MessageMenu email={email} />
    </div>
  );
}

function MessageMenu({ email }: { email: Email }): JSX.Element {
  const blobId = openedEmail(email.id)?.blobId ?? '';
  const name = `${(email.subject ?? '').replace(/[^\p{L}\p{N} .-]/gu, '').trim() || 'message'}.eml`;
  const url = downloadUrl(session.value?.accountId ?? '', blobId, name, 'message/rfc822');
  const markUnread = (): void => {
    const at = threadShown.value.findIndex(({ id }) => id === email.id);
    void setKeyword(threadShown.value.slice(at), '$seen', false);
    closeThread();
  };
  return (
    <Menu icon="more" label={texts.actions.more}>
      <MenuItem icon="reply" onClick={() => void answer(email.id, 'reply')}>
        {words.reply}
      </MenuItem>
      <MenuItem icon="replyAll" onClick={() => void answer(email.id, 'replyAll')}>
        {words.replyAll}
      </MenuItem>
      <MenuItem icon="forward" onClick={() => void answer(email.id, 'forward')}>
        {words.forward}
      </MenuItem>
      <MenuItem icon="unread" onClick={markUnread}>
        {words.markUnread}
      </MenuItem>
      <MenuItem
        icon="code"
        onClick={() => {
          dialog.value = { name: 'source', emailId: email.id, blobId, size: email.size };
        }}
      >
        {words.source}
      </MenuItem>
      <MenuItem
        icon="structure"
        onClick={() => {
          dialog.value = { name: 'structure', emailId: email.id };
        }}
      >
        {words.structure}
      </MenuItem>
      <MenuItem icon="download" onClick={() => location.assign(url)}>
        {words.download}
      </MenuItem>
    </Menu>
  );
}

function Body({ email }: { email: OpenedEmail }): JSX.Element {
  const hasHtml = email.htmlBody.some(({ type }) => type === 'text/html');
  const hasPlain = email.textBody.some(({ type }) => type === 'text/plain');
  const [isPlain, setPlain] = useState(!hasHtml);
  const text = textOf(email);
  const isCut = Object.values(email.bodyValues).some(({ isTruncated }) => isTruncated);
  return (
    <div class="message-body">
      <Details email={email} />
      {isPlain ? (
        text === '' ? (
          <p class="soft pad">{words.empty}</p>
        ) : (
          <PlainText text={text} />
        )
      ) : (
        <HtmlFrame email={email} />
      )}
      {isCut && <p class="soft pad">{words.truncated}</p>}
      {hasHtml && hasPlain && (
        <button type="button" class="plain link other-form" onClick={() => setPlain(!isPlain)}>
          {isPlain ? words.html : words.plain}
        </button>
      )}
      <Attachments parts={attachmentsOf(email)} />
    </div>
  );
}

function Details({ email }: { email: OpenedEmail }): JSX.Element {
  const rows: readonly (readonly [string, string])[] = [
    [words.from, people(email.from)],
    [words.replyTo, people(email.replyTo)],
    [texts.writing.to, people(email.to)],
    [words.cc, people(email.cc)],
    [words.bcc, people(email.bcc)],
    [words.date, longDate(email.sentAt ?? email.receivedAt)],
    ['Message-ID', (email.messageId ?? []).join(' ')],
  ];
  return (
    <details class="details">
      <summary>{words.details}</summary>
      <dl>
        {rows
          .filter(([, value]) => value !== '')
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </details>
  );
}

function people(list: readonly Address[] | null): string {
  return (list ?? []).map(addressLine).join(', ');
}

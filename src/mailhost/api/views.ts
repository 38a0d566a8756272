import type { Account, MailAccount } from '../../mail/index.ts';
import { decodeWords, fieldValue, fileName, type Message, typeName } from '../../mime/index.ts';
import { TEXT_SHOWN } from '../defaults.ts';
import type { MailHost } from '../mail-host.ts';
import type { FoundMessage } from '../types.ts';
import type { AccountView, MessageView, PartView, WholeMessageView } from './types.ts';

export function accountView({ store }: MailHost, account: Account): AccountView {
  const opened = store.open(account);
  const { used, limit, messages } = opened.quota();
  const { name, addresses, title } = account;
  const folders = opened.folders().map((folder) => {
    const status = opened.status(folder);
    const { path, specialUse } = folder;
    return { path, specialUse, messages: status.messages, unseen: status.unseen };
  });
  return { name, addresses, title, used, quota: limit, messages, folders };
}

export function messageView({ store }: MailHost, found: FoundMessage): MessageView {
  const { account, folder, entry } = found;
  const { facts } = store.open(account).summary(entry.content);
  const { id, uid, flags, received, size } = entry;
  const { messageId, subject, from, to, cc, date, preview, attachments } = facts;
  const place = { account, folder, id, uid, flags, received, size, messageId, subject };
  return { ...place, from, to, cc, date, preview, attachments };
}

export function wholeMessageView(mail: MailHost, found: FoundMessage): WholeMessageView {
  const message = mail.store.open(found.account).message(found.entry.content);
  const headers = [...message.root.fields].map(
    (field) => [field.name, decodeWords(fieldValue(field))] as const,
  );
  return {
    ...messageView(mail, found),
    headers,
    text: message.text?.slice(0, TEXT_SHOWN),
    html: message.html?.slice(0, TEXT_SHOWN),
    parts: partViews(message),
    defects: message.inspect().map(({ code, message: told }) => ({ code, message: told })),
  };
}

export function partViews(message: Message): PartView[] {
  return [...message.parts()].map((part) => ({
    path: part.path,
    type: typeName(part.type),
    encoding: part.encoding,
    fileName: fileName(part),
    disposition: part.disposition?.kind,
    size: part.body.end - part.body.start,
  }));
}

/** The message of an account by its id. */
export function findById(account: MailAccount, id: number): FoundMessage | undefined {
  const entry = account.byId(id);
  const folder = account.folders().find((one) => one.id === entry?.folder);
  if (!entry || !folder) return undefined;
  return { account: account.account.name, folder: folder.path, entry };
}

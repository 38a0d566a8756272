/** Email/set (RFC 8621 §4.6). */
import type { Folder, MessageEntry } from '../../mail/index.ts';
import { buildMessage } from '../../mime/index.ts';
import { calendar } from '../../net/index.ts';
import { ATTACHMENTS_BYTES } from '../defaults.ts';
import { invalidProperties, setError } from '../errors.ts';
import { blobIdsOf, messageDraft, senderOf } from '../machine/draft.ts';
import { blobIdOf, idNumber, makeId } from '../machine/ids.ts';
import { type Call, type Method, resolvedId } from '../service.ts';
import type { EmailPatch, JsonObject, NewEmail, SetPatch } from '../types.ts';
import { Arguments } from '../wire/arguments.ts';
import { parseNewEmail } from '../wire/new-email.ts';
import { parseEmailPatch, patched } from '../wire/patch.ts';
import { parseSet } from '../wire/standard.ts';
import { notFound, runSet } from './shared.ts';

export const emailSet: Method = async (object, call) => {
  const args = new Arguments(object);
  const accountId = args.text('accountId');
  const request = parseSet(args);
  args.done();
  const actions = {
    state: () => call.desk.state,
    create: (one: JsonObject) => create(call, parseNewEmail(one)),
    update: (id: string, patch: JsonObject) => update(call, entryOf(call, id), patch),
    destroy: (id: string) => destroy(call, entryOf(call, id)),
    atOnce: true,
  };
  return { accountId, ...(await runSet(request, call, actions)) };
};

function entryOf({ desk }: Call, id: string): MessageEntry {
  const entry = desk.entry(idNumber('M', id));
  if (!entry) throw notFound(id);
  return entry;
}

/** Of a message that was put into the account. */
export function createdObject(entry: MessageEntry): JsonObject & { readonly id: string } {
  return {
    id: makeId('M', entry.id),
    blobId: blobIdOf(entry.id),
    threadId: makeId('T', entry.thread),
    size: entry.size,
  };
}

/** The one folder of a message. Throws invalidProperties, tooManyMailboxes. */
export function folderFor(call: Call, ids: readonly string[]): Folder {
  const [id, ...more] = ids.map((one) => resolvedId(call, one) ?? one);
  if (more.length > 0) throw setError('tooManyMailboxes', 'A message is in one mailbox here');
  const folder = id === undefined ? undefined : call.desk.folder(idNumber('F', id));
  if (!folder?.selectable) {
    throw invalidProperties(`There is no mailbox ${id ?? ''} to put it into`, 'mailboxIds');
  }
  return folder;
}

async function create(call: Call, email: NewEmail): Promise<JsonObject & { readonly id: string }> {
  const folder = folderFor(call, email.mailboxIds);
  const bytes = bytesOf(call, email);
  const { store } = call.service;
  const init = {
    staged: store.stageBytes(bytes),
    flags: email.keywords,
    ...(email.receivedAt !== undefined && { received: email.receivedAt }),
  };
  const [entry] = await call.mail.append(folder, [init]);
  return createdObject(entry as MessageEntry);
}

function bytesOf(call: Call, email: NewEmail): Uint8Array {
  const { service, mail } = call;
  const blobs = new Map(
    blobIdsOf(email).map((id) => {
      const blob = service.blobs.get(mail, resolvedId(call, id) ?? id);
      return [id, blob?.bytes] as const;
    }),
  );
  const missing = [...blobs].filter(([, bytes]) => bytes === undefined).map(([id]) => id);
  if (missing.length > 0) {
    throw setError('blobNotFound', `There is no ${missing.join(', ')}`, { notFound: missing });
  }
  const size = [...blobs.values()].reduce((sum, bytes) => sum + (bytes?.length ?? 0), 0);
  if (size > ATTACHMENTS_BYTES) {
    const text = `Attachments of one message have ${ATTACHMENTS_BYTES} bytes at most`;
    throw setError('tooLarge', text, { maxSize: ATTACHMENTS_BYTES });
  }
  const { addresses, title } = mail.account;
  const sender = senderOf(addresses[0] ?? `${mail.account.name}@localhost`, title);
  const draft = messageDraft(email, sender, (id) => blobs.get(id) as Uint8Array);
  const { clock, random } = service.host;
  return buildMessage(draft, { now: calendar(clock), luck: random });
}

async function update(call: Call, entry: MessageEntry, object: JsonObject): Promise<null> {
  const patch = parseEmailPatch(object, (id) => resolvedId(call, id) ?? id);
  const target = targetOf(call, entry, patch);
  const folder = folderIn(call, entry);
  if (patch.keywords) await changeKeywords(call, folder, entry, patch.keywords);
  if (target && target.id !== folder.id) {
    const { to } = await call.mail.move(folder, [entry.uid], target);
    if (to.length === 0) throw notFound(makeId('M', entry.id));
  }
  return null;
}

function targetOf(call: Call, entry: MessageEntry, { mailboxIds }: EmailPatch): Folder | undefined {
  if (!mailboxIds) return undefined;
  return folderFor(call, patched([makeId('F', entry.folder)], mailboxIds));
}

function folderIn({ desk }: Call, { folder, id }: MessageEntry): Folder {
  const found = desk.folder(folder);
  if (!found) throw notFound(makeId('M', id));
  return found;
}

async function changeKeywords(
  { mail }: Call,
  folder: Folder,
  { uid }: MessageEntry,
  patch: SetPatch,
): Promise<void> {
  if (patch.type === 'replace') {
    await mail.changeFlags(folder, [uid], 'set', patch.names);
    return;
  }
  const { add, remove } = patch;
  await Promise.all([
    ...(remove.length > 0 ? [mail.changeFlags(folder, [uid], 'remove', remove)] : []),
    ...(add.length > 0 ? [mail.changeFlags(folder, [uid], 'add', add)] : []),
  ]);
}

async function destroy(call: Call, entry: MessageEntry): Promise<void> {
  const gone = await call.mail.expunge(folderIn(call, entry), [entry.uid]);
  if (gone.length === 0) throw notFound(makeId('M', entry.id));
}

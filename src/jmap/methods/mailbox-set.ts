/** Mailbox/set (RFC 8621 §2.5). */
import { utf8 } from '../../lib/bytes.ts';
import type { Folder } from '../../mail/index.ts';
import { MAILBOX_NAME_BYTES } from '../defaults.ts';
import { invalidProperties, setError } from '../errors.ts';
import { idNumber, makeId } from '../machine/ids.ts';
import { nameOf, parentPath, useOf } from '../machine/mailboxes.ts';
import { type Call, type Method, resolvedId } from '../service.ts';
import type { JsonObject } from '../types.ts';
import { Arguments } from '../wire/arguments.ts';
import { parseSet } from '../wire/standard.ts';
import { notFound, runSet } from './shared.ts';

export const mailboxSet: Method = async (object, call) => {
  const args = new Arguments(object);
  const accountId = args.text('accountId');
  const request = parseSet(args);
  const removesEmails = args.bool('onDestroyRemoveEmails');
  args.done();
  const actions = {
    state: () => call.desk.mailboxState,
    create: (one: JsonObject) => create(call, one),
    update: (id: string, patch: JsonObject) => update(call, folderOf(call, id), patch),
    destroy: (id: string) => destroy(call, folderOf(call, id), removesEmails),
    atOnce: false,
  };
  return { accountId, ...(await runSet(request, call, actions)) };
};

function folderOf({ desk }: Call, id: string): Folder {
  const folder = desk.folder(idNumber('F', id));
  if (!folder) throw notFound(id);
  return folder;
}

async function create(
  call: Call,
  object: JsonObject,
): Promise<JsonObject & { readonly id: string }> {
  const args = new Arguments(object, invalidProperties);
  const name = nameIn(args.text('name'));
  const parent = parentIn(call, args);
  const isSubscribed = args.bool('isSubscribed', true);
  const role = args.maybeText('role');
  // It may be said, though nothing is kept of it.
  args.maybeUnsigned('sortOrder');
  args.done();
  const specialUse = role === undefined ? undefined : useOf(role);
  if (role !== undefined && !specialUse)
    throw invalidProperties(`There is no role ${role}`, 'role');
  const path = parent ? `${parent.path}/${name}` : name;
  checkFree(call, path);
  const folder = await call.mail.createFolder(path, {
    subscribed: isSubscribed,
    ...(specialUse && { specialUse }),
  });
  const id = makeId('F', folder.id);
  const { name: _, ...set } = call.desk.mailboxes().get(id) ?? {};
  return { ...set, id };
}

/** In UTF-8, without what would make a path of it (§2: at least one character). */
function nameIn(text: string): string {
  const name = text.normalize('NFC').trim();
  if (name === '' || /[/\p{Cc}]/u.test(name) || utf8(name).length > MAILBOX_NAME_BYTES) {
    throw invalidProperties(`"${text}" is no name of a mailbox`, 'name');
  }
  return name;
}

function parentIn(call: Call, args: Arguments): Folder | undefined {
  const given = args.maybeText('parentId');
  if (given === undefined) return undefined;
  const parent = call.desk.folder(idNumber('F', resolvedId(call, given) ?? ''));
  if (!parent) throw invalidProperties(`There is no mailbox ${given}`, 'parentId');
  return parent;
}

function checkFree({ mail }: Call, path: string): void {
  if (mail.folder(path)) throw invalidProperties(`There is a mailbox ${path} already`, 'name');
}

async function update(call: Call, folder: Folder, patch: JsonObject): Promise<null> {
  const args = new Arguments(patch, invalidProperties);
  const parent = args.has('parentId') ? parentIn(call, args)?.path : parentPath(folder.path);
  const name = args.has('name') ? nameIn(args.text('name')) : nameOf(folder);
  const isSubscribed = args.bool('isSubscribed', folder.subscribed);
  args.maybeUnsigned('sortOrder');
  args.done();
  await rename(call, folder, parent === undefined ? name : `${parent}/${name}`);
  const now = call.desk.folder(folder.id) ?? folder;
  if (isSubscribed !== folder.subscribed) await call.mail.subscribe(now.path, isSubscribed);
  return null;
}

async function rename(call: Call, { path: from, ...folder }: Folder, to: string): Promise<void> {
  if (from === 'INBOX') {
    if (to.toLowerCase() === 'inbox') return;
    throw setError('forbidden', 'The inbox keeps its name and its place');
  }
  if (to === from) return;
  if (to.startsWith(`${from}/`)) {
    throw invalidProperties('A mailbox is not within itself', 'parentId');
  }
  const there = call.mail.folder(to);
  if (there && there.id !== folder.id) checkFree(call, to);
  await call.mail.renameFolder(from, to);
}

async function destroy({ mail }: Call, folder: Folder, removesEmails: boolean): Promise<void> {
  const { path } = folder;
  if (path === 'INBOX') throw setError('forbidden', 'The inbox stays');
  if (mail.folders().some((one) => one.path.startsWith(`${path}/`))) {
    throw setError('mailboxHasChild', `There are mailboxes in ${path}`);
  }
  if (folder.selectable && !removesEmails && mail.entries(folder).length > 0) {
    throw setError('mailboxHasEmail', `There is mail in ${path}`);
  }
  await mail.removeFolder(path);
}

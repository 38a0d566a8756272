/** Email/import (RFC 8621 §4.8). */
import { type MessageEntry, toCrLf } from '../../mail/index.ts';
import { parseMessage } from '../../mime/index.ts';
import { invalidProperties, methodError } from '../errors.ts';
import { receivedDate } from '../machine/email-object.ts';
import { type Call, type Method, resolvedId } from '../service.ts';
import type { JsonObject } from '../types.ts';
import { Arguments } from '../wire/arguments.ts';
import { keywordsOf } from '../wire/new-email.ts';
import { createdObject, folderFor } from './email-set.ts';
import { checkState, each, orNull } from './shared.ts';

export const emailImport: Method = async (object, call) => {
  const args = new Arguments(object);
  const accountId = args.text('accountId');
  const ifInState = args.maybeText('ifInState');
  const emails = [...(args.maybeObjects('emails') ?? [])];
  args.done();
  if (emails.length > call.service.limits.maxObjectsInSet) {
    throw methodError('requestTooLarge', 'These are too many messages for one call');
  }
  const oldState = call.desk.state;
  checkState(ifInState, oldState);
  const { done, failed } = await each(emails, true, async ([creationId, email]) => {
    const made = await importOne(call, email);
    call.created.set(creationId, made.id);
    return [creationId, made];
  });
  return {
    accountId,
    oldState,
    newState: call.desk.state,
    created: orNull(done),
    notCreated: orNull(failed.map(([[name], why]) => [name, why])),
  };
};

async function importOne(
  call: Call,
  object: JsonObject,
): Promise<JsonObject & { readonly id: string }> {
  const args = new Arguments(object, invalidProperties);
  const blobId = args.text('blobId');
  const folder = folderFor(call, args.maybeSet('mailboxIds') ?? []);
  const flags = keywordsOf(args);
  const receivedAt = args.maybeDate('receivedAt');
  args.done();
  const blob = call.service.blobs.get(call.mail, resolvedId(call, blobId) ?? blobId);
  if (!blob) throw invalidProperties(`There is no blob ${blobId}`, 'blobId');
  const bytes = toCrLf(blob.bytes);
  const received = receivedAt ?? receivedDate(parseMessage(bytes));
  const staged = call.service.store.stageBytes(bytes);
  const init = { staged, flags, ...(received !== undefined && { received }) };
  const [entry] = await call.mail.append(folder, [init]);
  return createdObject(entry as MessageEntry);
}

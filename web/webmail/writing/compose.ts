/** What is being written: a draft that is kept by itself, and sent. */
import { type Signal, signal } from '@preact/signals';
import { messageOf, upload } from '../jmap/client.ts';
import type { Address, OpenedEmail, Part, SetAnswer, SetError } from '../jmap/types.ts';
import { sizeText } from '../parts/format.ts';
import { call, dropEmail, identities, mailboxOf, session, touch } from '../state/data.ts';
import { complain, tell } from '../state/notices.ts';
import { texts } from '../texts.ts';
import { isAddress } from './addresses.ts';
import { type Beginning, forward, replyTo, textOf } from './answer.ts';

export interface Attachment {
  readonly key: number;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  /** Undefined while it is on its way. */
  readonly blobId: string | undefined;
  /** From 0 to 1. */
  readonly progress: number;
  readonly why: string | undefined;
}

export interface Draft {
  readonly from: string;
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly bcc: readonly Address[];
  readonly subject: string;
  readonly body: string;
  readonly attachments: readonly Attachment[];
  readonly inReplyTo: readonly string[];
  readonly references: readonly string[];
  /** The message that it answers or forwards, and how that is marked. */
  readonly about: { readonly id: string; readonly keyword: '$answered' | '$forwarded' } | undefined;
}

export type Keeping = 'clean' | 'dirty' | 'saving' | 'saved' | 'failed';

export interface Compose {
  readonly draft: Draft;
  /** The message in Drafts. */
  readonly emailId: string | undefined;
  readonly keeping: Keeping;
  readonly isSending: boolean;
  /** What stands in the way of sending. */
  readonly why: string;
}

export const compose: Signal<Compose | undefined> = signal(undefined);
export const isLarge: Signal<boolean> = signal(false);

const EMPTY = {
  to: [],
  cc: [],
  bcc: [],
  subject: '',
  body: '',
  attachments: [],
  inReplyTo: [],
  references: [],
  about: undefined,
};
const SAVE_AFTER_MS = 1_500;

let count = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
const uploads = new Map<number, AbortController>();

function open(draft: Partial<Draft>, emailId?: string): void {
  if (compose.value) void closeCompose();
  const from = draft.from ?? identities.value[0]?.id ?? '';
  const keeping = emailId === undefined ? 'clean' : 'saved';
  compose.value = {
    draft: { ...EMPTY, ...draft, from },
    emailId,
    keeping,
    isSending: false,
    why: '',
  };
}

export function write(to: readonly Address[] = []): void {
  open({ to });
}

function ownAddresses(): string[] {
  return identities.value.map(({ email }) => email.toLowerCase());
}

/** Whom it was written to is who answers. */
function answering(email: OpenedEmail): string {
  const named = [...(email.to ?? []), ...(email.cc ?? [])].map((one) => one.email.toLowerCase());
  const fit = identities.value.find((one) => named.includes(one.email.toLowerCase()));
  return (fit ?? identities.value[0])?.id ?? '';
}

export function reply(email: OpenedEmail, all: boolean): void {
  const beginning = replyTo(email, ownAddresses(), all);
  open({ ...beginning, from: answering(email), about: { id: email.id, keyword: '$answered' } });
}

export function forwardEmail(email: OpenedEmail): void {
  const beginning: Beginning = forward(email);
  const about = { id: email.id, keyword: '$forwarded' } as const;
  open({ ...beginning, from: answering(email), about, attachments: kept(email.attachments) });
}

/** What is attached already needs not be sent again. */
function kept(parts: readonly Part[]): readonly Attachment[] {
  return parts.flatMap(({ name, type, size, blobId }) =>
    blobId === null
      ? []
      : [
          {
            key: ++count,
            name: name ?? texts.reading.unnamed,
            type,
            size,
            blobId,
            progress: 1,
            why: undefined,
          },
        ],
  );
}

export function editDraft(email: OpenedEmail): void {
  const from = identities.value.find((one) => one.email === email.from?.[0]?.email)?.id;
  open(
    {
      ...(from !== undefined && { from }),
      to: email.to ?? [],
      cc: email.cc ?? [],
      bcc: email.bcc ?? [],
      subject: email.subject ?? '',
      body: textOf(email),
      attachments: kept(email.attachments),
      inReplyTo: email.inReplyTo ?? [],
      references: email.references ?? [],
    },
    email.id,
  );
}

export function change(part: Partial<Draft>): void {
  const now = compose.value;
  if (!now) return;
  compose.value = { ...now, draft: { ...now.draft, ...part }, keeping: 'dirty', why: '' };
  clearTimeout(timer);
  timer = setTimeout(() => void save(), SAVE_AFTER_MS);
}

function isEmpty({ to, cc, bcc, subject, body, attachments }: Draft): boolean {
  return (
    [...to, ...cc, ...bcc, ...attachments].length === 0 &&
    subject.trim() === '' &&
    body.trim() === ''
  );
}

/** As Email/set takes it (RFC 8621 §4.6). */
function emailOf(draft: Draft): Readonly<Record<string, unknown>> {
  const identity = identities.value.find(({ id }) => id === draft.from);
  return {
    mailboxIds: { [mailboxOf('drafts')?.id ?? '']: true },
    keywords: { $draft: true, $seen: true },
    from: [
      { name: identity?.name || null, email: identity?.email ?? session.value?.address ?? '' },
    ],
    ...(draft.to.length > 0 && { to: draft.to }),
    ...(draft.cc.length > 0 && { cc: draft.cc }),
    ...(draft.bcc.length > 0 && { bcc: draft.bcc }),
    subject: draft.subject,
    ...(draft.inReplyTo.length > 0 && { inReplyTo: draft.inReplyTo }),
    ...(draft.references.length > 0 && { references: draft.references }),
    bodyValues: { text: { value: draft.body } },
    textBody: [{ partId: 'text', type: 'text/plain' }],
    attachments: draft.attachments
      .filter(({ blobId }) => blobId !== undefined)
      .map(({ blobId, type, name }) => ({ blobId, type, name, disposition: 'attachment' })),
  };
}

let saving: Promise<void> = Promise.resolve();

/** Makes a new draft and takes the old one away; one after the other. */
export function save(): Promise<void> {
  clearTimeout(timer);
  saving = saving.then(saveNow);
  return saving;
}

async function saveNow(): Promise<void> {
  const now = compose.value;
  if (!now || now.keeping === 'clean' || now.keeping === 'saved' || now.isSending) return;
  compose.value = { ...now, keeping: 'saving' };
  try {
    const emailId = await keep(now.draft, now.emailId);
    settle(now.draft, emailId, 'saved');
  } catch (error) {
    console.warn('the draft was not kept', error);
    settle(now.draft, now.emailId, 'failed');
  }
}

/** What was typed meanwhile is still to be kept. */
function settle(draft: Draft, emailId: string | undefined, keeping: Keeping): void {
  const now = compose.value;
  if (!now) return;
  compose.value = { ...now, emailId, keeping: now.draft === draft ? keeping : 'dirty' };
}

async function keep(draft: Draft, old: string | undefined): Promise<string> {
  const destroy = old === undefined ? [] : [old];
  const [answer] = (await call([
    ['Email/set', { create: { draft: emailOf(draft) }, destroy }],
  ])) as [SetAnswer];
  const failed = answer.notCreated?.['draft'];
  const made = answer.created?.['draft']?.id;
  if (failed || made === undefined) throw new Error(failed?.description ?? failed?.type);
  if (old !== undefined) dropEmail(old);
  touch();
  return made;
}

export function addFiles(files: Iterable<File>): void {
  for (const file of files) addFile(file);
}

function addFile(file: File): void {
  const now = compose.value;
  if (!now) return;
  const limit = session.value?.maxSizeUpload ?? 0;
  const name = file.name === '' ? 'picture.png' : file.name;
  if (file.size > limit) {
    complain(texts.writing.tooLarge(name, sizeText(limit)));
    return;
  }
  const key = ++count;
  const type = file.type === '' ? 'application/octet-stream' : file.type;
  const attachment = {
    key,
    name,
    type,
    size: file.size,
    blobId: undefined,
    progress: 0,
    why: undefined,
  };
  change({ attachments: [...now.draft.attachments, attachment] });
  const controller = new AbortController();
  uploads.set(key, controller);
  const progress = (share: number): void => changeFile(key, { progress: share });
  upload(session.value?.accountId ?? '', file, progress, controller.signal)
    .then(({ blobId }) => changeFile(key, { blobId, progress: 1 }))
    .catch((error: unknown) => changeFile(key, { why: messageOf(error) }))
    .finally(() => uploads.delete(key));
}

function changeFile(key: number, part: Partial<Attachment>): void {
  const attachments = compose.value?.draft.attachments ?? [];
  if (!attachments.some((one) => one.key === key)) return;
  change({ attachments: attachments.map((one) => (one.key === key ? { ...one, ...part } : one)) });
}

export function removeFile(key: number): void {
  uploads.get(key)?.abort();
  const attachments = compose.value?.draft.attachments ?? [];
  change({ attachments: attachments.filter((one) => one.key !== key) });
}

/** The draft is kept, unless there is nothing in it. */
export async function closeCompose(): Promise<void> {
  const now = compose.value;
  if (!now) return;
  if (isEmpty(now.draft)) {
    await discard(false);
    return;
  }
  await save();
  compose.value = undefined;
}

export async function discard(told = true): Promise<void> {
  clearTimeout(timer);
  for (const controller of uploads.values()) controller.abort();
  if (compose.value) compose.value = { ...compose.value, keeping: 'clean' };
  await saving;
  const emailId = compose.value?.emailId;
  compose.value = undefined;
  if (emailId !== undefined) await call([['Email/set', { destroy: [emailId] }]]).catch(() => {});
  if (told) tell(texts.done.discarded);
}

function obstacle({ to, cc, bcc, attachments }: Draft): string {
  const all = [...to, ...cc, ...bcc];
  if (all.length === 0) return texts.writing.noRecipient;
  const bad = all.find((one) => !isAddress(one));
  if (bad) return texts.writing.noAddress(bad.email);
  const failed = attachments.find(({ why }) => why !== undefined);
  if (failed) return `${failed.name}: ${failed.why}`;
  return attachments.some(({ blobId }) => blobId === undefined) ? texts.writing.stillUploading : '';
}

export async function send(): Promise<void> {
  const now = compose.value;
  if (!now || now.isSending) return;
  clearTimeout(timer);
  const why = obstacle(now.draft);
  if (why !== '') {
    compose.value = { ...now, why };
    return;
  }
  await save();
  const kept = compose.value ?? now;
  compose.value = { ...kept, isSending: true };
  try {
    await submit(kept);
    compose.value = undefined;
  } catch (error) {
    const after = compose.value;
    if (after) compose.value = { ...after, isSending: false, why: messageOf(error) };
  }
}

interface Submitted {
  readonly created: Readonly<
    Record<
      string,
      {
        readonly deliveryStatus: Readonly<
          Record<string, { readonly smtpReply: string; readonly delivered: string }>
        >;
      }
    >
  > | null;
  readonly notCreated: Readonly<Record<string, SetError>> | null;
}

/** The draft as it is kept last; it moves to Sent when the server has taken it. */
async function submit({ draft, emailId: old, keeping }: Compose): Promise<void> {
  const emailId = keeping === 'saved' && old !== undefined ? old : await keep(draft, old);
  if (compose.value) compose.value = { ...compose.value, emailId };
  const done = { mailboxIds: { [mailboxOf('sent')?.id ?? '']: true }, 'keywords/$draft': null };
  const create = { sent: { identityId: draft.from, emailId } };
  const [answer] = (await call([
    ['EmailSubmission/set', { create, onSuccessUpdateEmail: { '#sent': done } }],
  ])) as [Submitted];
  const failed = answer.notCreated?.['sent'];
  if (failed) throw new Error(failed.description ?? failed.type);
  await markAnswered(draft);
  const status = Object.entries(answer.created?.['sent']?.deliveryStatus ?? {});
  const refused = status.filter(([, { delivered }]) => delivered === 'no');
  if (refused.length === 0) tell(texts.writing.sent);
  else {
    const each = refused.map(([who, { smtpReply }]) => `${who}: ${smtpReply}`);
    complain([texts.writing.refused, ...each].join(' '));
  }
}

async function markAnswered({ about }: Draft): Promise<void> {
  if (!about) return;
  const update = { [about.id]: { [`keywords/${about.keyword}`]: true } };
  await call([['Email/set', { update }]]).catch(() => {});
}

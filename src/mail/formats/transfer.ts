/** Messages from files into an account, and out of it. */
import { MailError } from '../errors.ts';
import type { MailAccount } from '../store/mail-account.ts';
import type { MailStore } from '../store/mail-store.ts';
import { summarise } from '../summary/summarise.ts';
import type { Folder } from '../types.ts';
import type { FileMessage, FolderMessage } from './stored-message.ts';

/** Messages of one commit. */
const BATCH = 50;

export interface ImportOptions {
  /** Leaves out what its folder has already, by Message-ID and size: an import that broke off can be begun again. */
  readonly skipKnown?: boolean;
  readonly onProgress?: (progress: ImportProgress) => void;
}

export interface ImportProgress {
  imported: number;
  skipped: number;
  bytes: number;
}

/** Folders are made as they are needed. Rejects with MAIL_OVER_QUOTA and what the store says else. */
export async function importMessages(
  store: MailStore,
  account: MailAccount,
  messages: AsyncIterable<FolderMessage>,
  { skipKnown = false, onProgress }: ImportOptions = {},
): Promise<ImportProgress> {
  const progress: ImportProgress = { imported: 0, skipped: 0, bytes: 0 };
  const known = new Map<string, Set<string>>();
  let batch: FolderMessage[] = [];
  const flush = async (): Promise<void> => {
    await appendAll(store, account, batch);
    for (const { bytes } of batch) progress.bytes += bytes.length;
    progress.imported += batch.length;
    batch = [];
    onProgress?.(progress);
  };
  for await (const message of messages) {
    if (skipKnown && isKnown(account, known, message)) progress.skipped++;
    else batch.push(message);
    if (batch.length >= BATCH) await flush();
  }
  await flush();
  return progress;
}

async function appendAll(
  store: MailStore,
  account: MailAccount,
  batch: readonly FolderMessage[],
): Promise<void> {
  for (const path of new Set(batch.map(({ folder }) => folder))) {
    const folder = account.folder(path) ?? (await account.createFolder(path, { subscribed: true }));
    const some = batch.filter((message) => message.folder === path);
    await account.append(
      folder,
      some.map(({ bytes, flags, received }) => ({
        staged: store.stageBytes(bytes),
        flags: flags.filter(isFlag),
        ...(received !== undefined && { received }),
      })),
    );
  }
}

/** Other programs' keywords may be none here. */
function isFlag(flag: string): boolean {
  return /^\\?[\w$.+-]{1,100}$/.test(flag);
}

function isKnown(
  account: MailAccount,
  known: Map<string, Set<string>>,
  { folder: path, bytes }: FolderMessage,
): boolean {
  const keys = known.get(path) ?? keysIn(account, account.folder(path));
  known.set(path, keys);
  const key = `${summarise([bytes]).facts.messageId} ${bytes.length}`;
  if (keys.has(key)) return true;
  keys.add(key);
  return false;
}

function keysIn(account: MailAccount, folder: Folder | undefined): Set<string> {
  const entries = folder ? account.entries(folder) : [];
  const facts = account.facts(entries.map(({ content }) => content));
  return new Set(entries.map(({ content, size }) => `${facts.get(content)?.messageId} ${size}`));
}

/** The messages of a folder. One that is expunged meanwhile is left out. */
export function* exportMessages(account: MailAccount, folder: Folder): Generator<FileMessage> {
  for (const { content, flags, received } of account.entries(folder)) {
    try {
      yield { bytes: account.bytes(content), flags, received };
    } catch (error) {
      if (!(error instanceof MailError && error.code === 'MAIL_GONE')) throw error;
    }
  }
}

/** Mailboxes as folders of files, a file for each message: Maildir, with folders below in the way of Maildir++. */

import { hex } from '../../lib/bytes.ts';
import { hasCode } from '../../lib/errors.ts';
import type { Files, Random } from '../../net/index.ts';
import { MESSAGE_LIMIT } from '../defaults.ts';
import { overLimit } from '../errors.ts';
import { toCrLf, toLf } from './line-ends.ts';
import { MaildirKeywords } from './maildir-keywords.ts';
import type { FileMessage, FolderMessage } from './stored-message.ts';

const LETTERS: Readonly<Record<string, string>> = {
  D: '\\Draft',
  F: '\\Flagged',
  P: '$Forwarded',
  R: '\\Answered',
  S: '\\Seen',
  T: '\\Deleted',
};

/** All messages of a Maildir and of those in it. Throws FileError where it is none. */
export async function* readMaildir(files: Files, root: string): AsyncGenerator<FolderMessage> {
  yield* readFolder(files, root, 'INBOX');
  for (const name of await files.list(root)) {
    if (!name.startsWith('.') || name.length < 2) continue;
    const path = `${root}/${name}`;
    if ((await files.info(path)).kind !== 'directory') continue;
    yield* readFolder(files, path, folderOf(name));
  }
}

/** `.Lists.news` is `Lists/news`; a dot in a name is `%2E`, as Dovecot escapes it where it is told to. */
function folderOf(name: string): string {
  return name.slice(1).replaceAll('.', '/').replace(/%2e/gi, '.');
}

/** No name of ours has a percent sign in it. */
function nameOf(folder: string): string {
  return `.${folder.replaceAll('.', '%2E').replaceAll('/', '.')}`;
}

async function* readFolder(
  files: Files,
  path: string,
  folder: string,
): AsyncGenerator<FolderMessage> {
  const keywords = await MaildirKeywords.of(files, path);
  for (const place of ['new', 'cur']) {
    for (const name of await namesIn(files, `${path}/${place}`)) {
      if (name.startsWith('.')) continue;
      const file = `${path}/${place}/${name}`;
      const { size, modified, kind } = await files.info(file);
      if (kind !== 'file') continue;
      if (size > MESSAGE_LIMIT) throw overLimit(`${file} is too large a message`, MESSAGE_LIMIT);
      const bytes = toCrLf(await files.read(file));
      yield { folder, bytes, flags: flagsOf(name, keywords), received: timeOf(name) ?? modified };
    }
  }
}

async function namesIn(files: Files, path: string): Promise<readonly string[]> {
  return files.list(path).catch((error: unknown) => {
    if (hasCode(error, 'FILE_NOT_FOUND')) return [];
    throw error;
  });
}

function flagsOf(name: string, keywords: MaildirKeywords): string[] {
  const letters = /[:;!]2,([A-Za-z]*)$/.exec(name)?.[1] ?? '';
  return [...letters].flatMap((letter) => LETTERS[letter] ?? keywords.name(letter) ?? []);
}

function lettersOf(flags: readonly string[]): string {
  const wanted = new Set(flags.map((flag) => flag.toLowerCase()));
  return Object.entries(LETTERS)
    .flatMap(([letter, flag]) => (wanted.has(flag.toLowerCase()) ? letter : []))
    .join('');
}

/** Flags that the standard has no letter for. */
function keywordsIn(flags: readonly string[]): string[] {
  const known = new Set(Object.values(LETTERS).map((flag) => flag.toLowerCase()));
  return flags.filter((flag) => !flag.startsWith('\\') && !known.has(flag.toLowerCase()));
}

/** Names begin with the seconds when the message came. */
function timeOf(name: string): number | undefined {
  const seconds = /^(\d{9,11})\./.exec(name)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

/** Writes into a new or an old Maildir, each file whole or not at all. */
export class MaildirWriter {
  private readonly files: Files;
  private readonly root: string;
  private readonly unique: string;
  private readonly opened = new Map<string, MaildirKeywords>();
  private count = 0;

  constructor(files: Files, root: string, random: Random) {
    this.files = files;
    this.root = root;
    this.unique = hex(random.bytes(4));
  }

  async add(folder: string, { bytes, flags, received = 0 }: FileMessage): Promise<void> {
    const path = this.path(folder);
    const keywords = await this.open(folder);
    const lines = toLf(bytes);
    const seconds = Math.floor(received / 1000);
    const base = `${seconds}.${this.unique}_${++this.count}.toplayer,S=${lines.length}`;
    const letters = lettersOf(flags) + (await keywords.letters(keywordsIn(flags)));
    await this.files.write(`${path}/tmp/${base}`, lines);
    await this.files.rename(`${path}/tmp/${base}`, `${path}/cur/${base}:2,${letters}`);
  }

  /** Also one without messages. */
  async folder(folder: string): Promise<void> {
    await this.open(folder);
  }

  private path(folder: string): string {
    return folder === 'INBOX' ? this.root : `${this.root}/${nameOf(folder)}`;
  }

  private async open(folder: string): Promise<MaildirKeywords> {
    const known = this.opened.get(folder);
    if (known) return known;
    // Without its own cur and new it is no Maildir to anybody, whatever is below.
    if (folder !== 'INBOX') await this.open('INBOX');
    const path = this.path(folder);
    for (const part of ['', '/cur', '/new', '/tmp']) await this.makeDirectory(`${path}${part}`);
    const keywords = await MaildirKeywords.of(this.files, path);
    this.opened.set(folder, keywords);
    return keywords;
  }

  private async makeDirectory(path: string): Promise<void> {
    await this.files.makeDirectory(path).catch((error: unknown) => {
      if (!hasCode(error, 'FILE_EXISTS')) throw error;
    });
  }
}

/** `toplayer mail import` and `export`: mbox files, Maildirs and .eml files, into a server and out of it. */
import {
  closeSync,
  createReadStream,
  createWriteStream,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { UsageError } from '../../../lib/errors.ts';
import { bytesText } from '../../../lib/units.ts';
import {
  type FileMessage,
  type FolderMessage,
  MaildirWriter,
  mboxEntry,
  readMaildir,
  readMbox,
  summarise,
  toCrLf,
} from '../../../mail/index.ts';
import type { AccountView, MessageView } from '../../../mailhost/index.ts';
import { realFiles } from '../../../net/real/index.ts';
import type { CliTools } from '../../tools.ts';
import { type Control, type ControlFlags, controlOf, controlOptions } from './control.ts';

type Format = 'mbox' | 'maildir' | 'eml';

interface TransferFlags extends ControlFlags {
  readonly account: string;
  readonly folder?: string;
  readonly format?: Format;
  readonly newOnly?: true;
  readonly quiet?: true;
}

/** What a file is read by at once. */
const READ_SIZE = 1024 * 1024;

export function registerImport(mail: Command, tools: CliTools): void {
  options(mail.command('import'))
    .description('bring messages from files into an account')
    .argument('<path...>', 'mbox files, Maildirs, .eml files or folders of these')
    .option('--folder <path>', 'where they go (default: INBOX; a Maildir keeps its folders)')
    .option('--new-only', 'leave out what is there already, by Message-ID and size')
    .addHelpText(
      'after',
      `
What a path is, is seen from it: a folder with cur and new is a Maildir, a file that begins with
"From " is an mbox, all else is one message. An import that broke off goes on with --new-only.

Examples:
  toplayer mail import --account alice ~/Maildir
  toplayer mail import --account alice --folder Lists/dns archive.mbox --new-only
  toplayer mail import --account alice --data ~/mail one.eml two.eml`,
    )
    .action((paths: string[], flags: TransferFlags) => runImport(tools, paths, flags));
}

export function registerExport(mail: Command, tools: CliTools): void {
  options(mail.command('export'))
    .description('write the messages of an account into files')
    .argument('<path>', 'a file for mbox, else a folder')
    .option('--folder <path>', 'only this folder (default: all; an mbox takes one)')
    .option('--format <format>', 'maildir (default), mbox or eml', format)
    .addHelpText(
      'after',
      `
Examples:
  toplayer mail export --account alice ~/Maildir
  toplayer mail export --account alice --folder Sent --format mbox sent.mbox
  toplayer mail export --account alice --format eml messages/`,
    )
    .action((path: string, flags: TransferFlags) => runExport(tools, path, flags));
}

function options(command: Command): Command {
  return controlOptions(command)
    .requiredOption('--account <name>', 'whose')
    .option('-q, --quiet', 'no progress');
}

function format(text: string): Format {
  if (text === 'mbox' || text === 'maildir' || text === 'eml') return text;
  throw new InvalidArgumentError('expected maildir, mbox or eml.');
}

async function runImport(
  tools: CliTools,
  paths: readonly string[],
  flags: TransferFlags,
): Promise<void> {
  const control = await controlOf(tools, flags);
  const known = new Known(control, flags.account);
  const progress = new Progress(tools, flags.quiet ?? false);
  try {
    for (const path of paths) {
      for await (const message of messagesIn(path, flags.folder)) {
        const added = await put(control, flags, known, message);
        progress.step(added ? message.bytes.length : 0, !added);
      }
    }
    progress.end('imported');
  } catch (error) {
    progress.breakOff('imported');
    throw error;
  } finally {
    await control.close();
  }
}

/** False: it is there already. */
async function put(
  control: Control,
  { account, newOnly }: TransferFlags,
  known: Known,
  { folder, flags, received, bytes }: FolderMessage,
): Promise<boolean> {
  if (newOnly && (await known.has(folder, bytes))) return false;
  const words = new URLSearchParams({ folder, flags: flags.join(' ') });
  if (received !== undefined) words.set('received', String(received));
  await control.bytes('POST', `/accounts/${encodeURIComponent(account)}/messages?${words}`, bytes);
  return true;
}

/** What the folders of an account have, by Message-ID and size. */
class Known {
  private readonly control: Control;
  private readonly account: string;
  private readonly folders = new Map<string, Set<string>>();

  constructor(control: Control, account: string) {
    this.control = control;
    this.account = account;
  }

  /** It counts as there from now on. */
  async has(folder: string, bytes: Uint8Array): Promise<boolean> {
    const keys = this.folders.get(folder) ?? (await this.ask(folder));
    this.folders.set(folder, keys);
    const key = `${summarise([bytes]).facts.messageId} ${bytes.length}`;
    if (keys.has(key)) return true;
    keys.add(key);
    return false;
  }

  private async ask(folder: string): Promise<Set<string>> {
    const messages = await listed(this.control, this.account, folder);
    return new Set(messages.map(({ messageId, size }) => `${messageId} ${size}`));
  }
}

async function listed(
  control: Control,
  account: string,
  folder: string,
): Promise<readonly MessageView[]> {
  const query = new URLSearchParams({ account, folder, all: 'true' });
  const { messages } = await control.ask<{ messages: MessageView[] }>('GET', `/messages?${query}`);
  return messages;
}

/** All messages of a path; `folder` for those whose file names none. */
async function* messagesIn(
  path: string,
  folder: string | undefined,
): AsyncGenerator<FolderMessage> {
  const place = folder ?? 'INBOX';
  if (statSync(path).isDirectory()) {
    const names = readdirSync(path);
    if (names.includes('cur') && names.includes('new')) {
      for await (const message of readMaildir(realFiles('/'), resolve(path))) {
        yield folder === undefined ? message : { ...message, folder };
      }
    } else for (const name of names.sort()) yield* messagesIn(join(path, name), folder);
    return;
  }
  if (isMbox(path)) {
    const pieces = createReadStream(path, { highWaterMark: READ_SIZE });
    for await (const message of readMbox(pieces)) yield { ...message, folder: place };
    return;
  }
  const bytes = toCrLf(readFileSync(path));
  yield { bytes, flags: [], received: undefined, folder: place };
}

function isMbox(path: string): boolean {
  if (path.endsWith('.eml')) return false;
  const start = Buffer.alloc(5);
  const file = openSync(path, 'r');
  readSync(file, start);
  closeSync(file);
  return start.toString('latin1') === 'From ';
}

async function runExport(tools: CliTools, path: string, flags: TransferFlags): Promise<void> {
  const kind = flags.format ?? 'maildir';
  const control = await controlOf(tools, flags);
  const progress = new Progress(tools, flags.quiet ?? false);
  try {
    const folders = await foldersOf(control, flags);
    if (kind === 'mbox' && folders.length > 1) {
      throw new UsageError('an mbox takes one folder: say which by --folder');
    }
    const writer = writerOf(tools, kind, path);
    for (const folder of folders) {
      await writer.folder(folder);
      for await (const message of exported(control, flags.account, folder)) {
        await writer.add(folder, message);
        progress.step(message.bytes.length, false);
      }
    }
    await writer.end();
    progress.end('exported');
  } catch (error) {
    progress.breakOff('exported');
    throw error;
  } finally {
    await control.close();
  }
}

async function foldersOf(control: Control, { account, folder }: TransferFlags): Promise<string[]> {
  const { accounts } = await control.ask<{ accounts: AccountView[] }>('GET', '/accounts');
  const found = accounts.find(({ name, addresses }) => [name, ...addresses].includes(account));
  if (!found) throw new UsageError(`there is no account ${account}`);
  const paths = found.folders.map((one) => one.path);
  if (folder === undefined) return paths;
  if (!paths.includes(folder)) throw new UsageError(`${account} has no folder ${folder}`);
  return [folder];
}

async function* exported(
  control: Control,
  account: string,
  folder: string,
): AsyncGenerator<FileMessage> {
  const messages = await listed(control, account, folder);
  for (const { id, flags, received } of messages.toSorted((a, b) => a.uid - b.uid)) {
    const bytes = await control.bytes('GET', `/messages/${encodeURIComponent(account)}/${id}/raw`);
    yield { bytes, flags, received };
  }
}

interface Writer {
  folder(path: string): Promise<unknown>;
  add(folder: string, message: FileMessage): Promise<void>;
  end(): Promise<void>;
}

function writerOf(tools: CliTools, kind: Format, path: string): Writer {
  if (kind === 'mbox') return mboxWriter(path);
  mkdirSync(path, { recursive: true });
  if (kind === 'eml') return emlWriter(path);
  const writer = new MaildirWriter(realFiles('/'), resolve(path), tools.host().random);
  return {
    folder: (folder) => writer.folder(folder),
    add: (folder, message) => writer.add(folder, message),
    end: async () => {},
  };
}

function mboxWriter(path: string): Writer {
  const file = createWriteStream(path, { flags: 'wx' });
  const opened = new Promise<void>((done, failed) =>
    file.once('open', () => done()).once('error', failed),
  );
  return {
    folder: () => opened,
    add: (_folder, message) =>
      new Promise((done, failed) => {
        file.write(mboxEntry(message.bytes, message), (error) => (error ? failed(error) : done()));
      }),
    end: () => new Promise((done) => file.end(done)),
  };
}

function emlWriter(path: string): Writer {
  let count = 0;
  const placeOf = (folder: string): string => join(path, ...folder.split('/').map(fileNameOf));
  return {
    folder: async (folder) => mkdirSync(placeOf(folder), { recursive: true }),
    async add(folder, { bytes }) {
      const name = `${String(++count).padStart(6, '0')}.eml`;
      writeFileSync(join(placeOf(folder), name), bytes, { flag: 'wx' });
    },
    end: async () => {},
  };
}

/** A folder's name as that of a folder on the disk, which must not lead out of it. */
function fileNameOf(name: string): string {
  return /^\.+$/.test(name) ? name.replaceAll('.', '%2E') : name;
}

/** How far it is, on one line of a terminal. */
class Progress {
  private readonly tools: CliTools;
  private readonly quiet: boolean;
  private count = 0;
  private skipped = 0;
  private bytes = 0;
  private shown = 0;

  constructor(tools: CliTools, quiet: boolean) {
    this.tools = tools;
    this.quiet = quiet || !process.stderr.isTTY;
  }

  step(bytes: number, isSkipped: boolean): void {
    this.bytes += bytes;
    if (isSkipped) this.skipped++;
    else this.count++;
    if (this.quiet || Date.now() - this.shown < 100) return;
    this.shown = Date.now();
    process.stderr.write(`\r${this.text()} `);
  }

  end(what: string): void {
    if (!this.quiet) process.stderr.write('\r\x1b[K');
    this.tools.out(`${this.text()} ${what}\n`);
  }

  /** Tells what was done before it went wrong. */
  breakOff(what: string): void {
    if (this.count + this.skipped > 0) this.end(what);
  }

  private text(): string {
    const left = this.skipped === 0 ? '' : `, ${this.skipped} there already`;
    return `${this.count} messages, ${bytesText(this.bytes)}${left}`;
  }
}

/** `toplayer imap fetch`: messages, or parts of them. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../../../lib/errors.ts';
import type { CliTools } from '../../tools.ts';
import { inSession, type SessionFlags, withSession } from './session.ts';

interface FetchFlags extends SessionFlags {
  readonly uid?: string;
  readonly section?: string;
  readonly out?: string;
  readonly markSeen?: true;
}

export function registerFetch(imap: Command, tools: CliTools): void {
  withSession(imap.command('fetch').description('fetch messages of a mailbox'))
    .option('--uid <set>', 'which, as in 7 or 1:5,9 or 3:* (default: all)')
    .option('--section <name>', 'what of them: HEADER, TEXT, 1.2, 1.MIME (default: all)')
    .option('--out <folder>', 'write each to a file there (default: all to standard output)')
    .option('--mark-seen', 'mark them as read')
    .addHelpText(
      'after',
      `
Examples:
  toplayer imap fetch "imap://alice:tea@127.0.0.1:2143/INBOX;UID=1" --plaintext
  toplayer imap fetch imaps://alice:tea@mail.campus.edu/INBOX --uid 5:* --section HEADER
  toplayer imap fetch imaps://alice:tea@mail.campus.edu/Sent --out sent`,
    )
    .action((url: string | undefined, flags: FetchFlags) => runFetch(tools, url, flags));
}

async function runFetch(
  tools: CliTools,
  url: string | undefined,
  flags: FetchFlags,
): Promise<void> {
  const { section = '', out, markSeen = false } = flags;
  if (out !== undefined) await mkdir(out, { recursive: true });
  let count = 0;
  await inSession(tools, url, flags, async ({ client, mailbox = 'INBOX', uid }) => {
    await client.select(mailbox, { readOnly: !markSeen });
    const wish = { sections: [section], markSeen };
    for await (const message of client.fetch(flags.uid ?? uid ?? '1:*', wish)) {
      const [bytes] = message.bodies.values();
      if (!bytes) continue;
      count++;
      if (flags.json) tools.out(`${JSON.stringify({ uid: message.uid, text: textOf(bytes) })}\n`);
      else if (out === undefined) tools.out(bytes);
      else await save(join(out, `${message.uid}.${section === '' ? 'eml' : 'part'}`), bytes);
    }
  });
  if (count === 0) throw new UsageError('there is no such message, or no such part in it');
  if (out !== undefined) tools.note(`${count} written to ${out}`);
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Never half of it under its name. */
async function save(file: string, content: Uint8Array): Promise<void> {
  await writeFile(`${file}.new`, content, { flush: true });
  await rename(`${file}.new`, file);
}

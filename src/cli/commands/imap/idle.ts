/** `toplayer imap idle`: what happens in a mailbox, as it does. */
import type { Command } from 'commander';
import type { ImapClient, MailboxUpdate } from '../../../imap/index.ts';
import type { CliTools } from '../../tools.ts';
import { rowsOf, table } from './rows.ts';
import { inSession, type Opened, type SessionFlags, withSession } from './session.ts';

interface IdleFlags extends SessionFlags {
  readonly once?: true;
}

export function registerIdle(imap: Command, tools: CliTools): void {
  withSession(imap.command('idle').description('tell what happens in a mailbox, until Ctrl-C'))
    .option('--once', 'end with the first message that comes')
    .addHelpText(
      'after',
      `
Examples:
  toplayer imap idle imap://alice:tea@127.0.0.1:2143/ --plaintext
  toplayer imap idle imaps://alice:tea@mail.campus.edu/INBOX --once --json`,
    )
    .action(async (url: string | undefined, flags: IdleFlags) => {
      const idle = async ({ client, mailbox = 'INBOX' }: Opened): Promise<void> => {
        const { exists } = await client.examine(mailbox);
        tools.note(`${mailbox}: ${exists} messages; waiting`);
        await listen(tools, client, flags);
      };
      await inSession(tools, url, flags, idle, { endsItself: true });
    });
}

async function listen(tools: CliTools, client: ImapClient, flags: IdleFlags): Promise<void> {
  let known = client.mailbox?.exists ?? 0;
  while (!tools.signal.aborted) {
    let hasCome = false;
    for await (const update of client.idle({ signal: tools.signal })) {
      if (update.type === 'expunge') known--;
      hasCome = update.type === 'exists' && update.number > known;
      if (hasCome) break;
      tell(tools, update, flags);
    }
    // Between two IDLEs there is time to ask what it is.
    if (hasCome) {
      known = await tellNew(tools, client, known, flags);
      if (flags.once) return;
    }
  }
}

async function tellNew(
  tools: CliTools,
  client: ImapClient,
  known: number,
  flags: IdleFlags,
): Promise<number> {
  const now = client.mailbox?.exists ?? known;
  const uids: number[] = [];
  for await (const { uid } of client.fetch(`${known + 1}:${now}`, {}, { byNumber: true })) {
    if (uid !== undefined) uids.push(uid);
  }
  for (const row of await rowsOf(client, uids)) {
    tools.out(flags.json ? `${JSON.stringify({ type: 'message', ...row })}\n` : table([row]));
  }
  return now;
}

function tell(tools: CliTools, update: MailboxUpdate, { json }: IdleFlags): void {
  if (update.type === 'expunge' || update.type === 'vanished') {
    const which = update.type === 'expunge' ? { number: update.number } : { uids: update.uids };
    const line = 'number' in which ? `message ${which.number} is gone` : 'messages are gone';
    tools.out(json ? `${JSON.stringify({ type: update.type, ...which })}\n` : `${line}\n`);
  } else if (update.type === 'fetch' && update.message.flags) {
    const { number, flags } = update.message;
    const said = { type: 'flags', number, flags };
    tools.out(json ? `${JSON.stringify(said)}\n` : `message ${number}: ${flags.join(' ')}\n`);
  }
}

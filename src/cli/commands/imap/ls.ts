/** `toplayer imap ls`: mailboxes, or the messages of one. */
import type { Command } from 'commander';
import type { ImapClient } from '../../../imap/index.ts';
import type { CliTools } from '../../tools.ts';
import { rowsOf, table } from './rows.ts';
import { harmless, inSession, type SessionFlags, withSession } from './session.ts';

export function registerLs(imap: Command, tools: CliTools): void {
  withSession(imap.command('ls').description('the mailboxes of an account, or the messages of one'))
    .addHelpText(
      'after',
      `
Examples:
  toplayer imap ls imap://alice:tea@127.0.0.1:2143/ --plaintext
  toplayer imap ls imaps://alice:tea@mail.campus.edu/INBOX
  toplayer imap ls --server 127.0.0.1:2143 --auth alice:tea --plaintext --mailbox Sent --json`,
    )
    .action(async (url: string | undefined, flags: SessionFlags) => {
      await inSession(tools, url, flags, async ({ client, mailbox }) => {
        if (mailbox === undefined) await mailboxes(tools, client, flags);
        else await messages(tools, client, mailbox, flags);
      });
    });
}

async function mailboxes(tools: CliTools, client: ImapClient, flags: SessionFlags): Promise<void> {
  const hasStatus = client.capabilities.has('LIST-STATUS');
  const returns = hasStatus ? { status: ['MESSAGES', 'UNSEEN'] as const } : {};
  const found = (await client.list({ returns })).map(({ path, attributes, status }) => ({
    path,
    attributes: attributes.filter((one) => !/^\\Has(?:No)?Children$/i.test(one)),
    messages: status?.MESSAGES,
    unseen: status?.UNSEEN,
  }));
  if (flags.json) {
    tools.out(`${JSON.stringify(found)}\n`);
    return;
  }
  const lines = found.map(({ path, attributes, messages = '', unseen }) => {
    const fresh = unseen ? `${unseen} new` : '';
    return `${String(messages).padStart(7)} ${fresh.padStart(9)}  ${path}  ${attributes.join(' ')}`;
  });
  tools.out(harmless(`${lines.map((line) => line.trimEnd()).join('\n')}\n`));
}

async function messages(
  tools: CliTools,
  client: ImapClient,
  mailbox: string,
  flags: SessionFlags,
): Promise<void> {
  await client.examine(mailbox);
  const rows = await rowsOf(client, await client.search());
  tools.out(flags.json ? `${JSON.stringify(rows)}\n` : table(rows));
}

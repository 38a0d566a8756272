/** `toplayer pop3 list`: what is in a maildrop. */
import type { Command } from 'commander';
import { decodeWords, parseMessage } from '../../../mime/index.ts';
import type { Pop3Client } from '../../../pop3/index.ts';
import type { CliTools } from '../../tools.ts';
import { inSession, type SessionFlags, withSession } from './session.ts';

interface Row {
  readonly number: number;
  readonly size: number;
  readonly uid: string;
  readonly from: string;
  readonly subject: string;
}

export function registerList(pop3: Command, tools: CliTools): void {
  withSession(pop3.command('list').description('the messages of a maildrop, with their headers'))
    .option('--json', 'one JSON array')
    .addHelpText(
      'after',
      `
Examples:
  toplayer pop3 list --server 127.0.0.1:1110 --auth bob:hungry --plaintext
  toplayer pop3 list --server pop.campus.edu --tls implicit --auth alice:tea`,
    )
    .action(async (flags: SessionFlags & { readonly json?: true }) => {
      await inSession(tools, flags, async (client) => {
        const rows = await rowsOf(client);
        tools.out(flags.json ? `${JSON.stringify(rows)}\n` : table(rows));
      });
    });
}

async function rowsOf(client: Pop3Client): Promise<Row[]> {
  const [listed, ids] = [await client.list(), await client.uidl()];
  const uids = new Map(ids.map(({ number, uid }) => [number, uid]));
  const rows: Row[] = [];
  for (const { number, size } of listed) {
    const { fields } = parseMessage(await client.top(number, 0)).root;
    const text = (name: string): string => decodeWords(fields.get(name) ?? '');
    const uid = uids.get(number) ?? '';
    rows.push({ number, size, uid, from: text('From'), subject: text('Subject') });
  }
  return rows;
}

function table(rows: readonly Row[]): string {
  if (rows.length === 0) return 'no messages\n';
  const lines = rows.map(({ number, size, from, subject }) => {
    const who = from.slice(0, 32).padEnd(32);
    return `${String(number).padStart(5)} ${String(size).padStart(9)}  ${who}  ${subject}\n`;
  });
  // What others wrote must not steer the terminal.
  return lines.join('').replace(/[^\P{Cc}\n]/gu, '?');
}

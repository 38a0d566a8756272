/** `toplayer imap search`: messages for which all is true that is asked for. */
import { type Command, InvalidArgumentError } from 'commander';
import type { SearchQuery, SortBy } from '../../../imap/index.ts';
import { size } from '../../options.ts';
import type { CliTools } from '../../tools.ts';
import { rowsOf, table } from './rows.ts';
import { inSession, type SessionFlags, withSession } from './session.ts';

interface SearchFlags extends SessionFlags {
  readonly text?: string;
  readonly body?: string;
  readonly subject?: string;
  readonly from?: string;
  readonly to?: string;
  readonly unseen?: true;
  readonly flagged?: true;
  readonly since?: number;
  readonly before?: number;
  readonly larger?: number;
  readonly sort?: SortBy;
}

const FIELDS: readonly string[] = ['ARRIVAL', 'CC', 'DATE', 'FROM', 'SIZE', 'SUBJECT', 'TO'];

export function registerSearch(imap: Command, tools: CliTools): void {
  withSession(imap.command('search').description('look for messages in a mailbox'))
    .option('--text <words>', 'anywhere in it')
    .option('--body <words>', 'in its text')
    .option('--subject <words>', 'in its subject')
    .option('--from <words>', 'in its author')
    .option('--to <words>', 'in its recipients')
    .option('--unseen', 'not read yet')
    .option('--flagged', 'flagged')
    .option('--since <day>', 'that came on this day or later: 2026-11-26', day)
    .option('--before <day>', 'that came before this day', day)
    .option('--larger <size>', 'larger than this: 64k', size)
    .option('--sort <by>', 'date, from, size, subject, ...; -date for the latest first', sortBy)
    .addHelpText(
      'after',
      `
Examples:
  toplayer imap search imap://alice:tea@127.0.0.1:2143/ --plaintext --from bob --unseen
  toplayer imap search imaps://alice:tea@mail.campus.edu/Archive --text zebra --sort -date`,
    )
    .action((url: string | undefined, flags: SearchFlags) => runSearch(tools, url, flags));
}

function day(text: string): number {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new InvalidArgumentError('expected a day such as 2026-11-26.');
}

function sortBy(text: string): SortBy {
  const name = text.toUpperCase();
  if (FIELDS.includes(name.replace('-', ''))) return name as SortBy;
  throw new InvalidArgumentError(`expected one of ${FIELDS.join(', ').toLowerCase()}.`);
}

async function runSearch(
  tools: CliTools,
  url: string | undefined,
  flags: SearchFlags,
): Promise<void> {
  await inSession(tools, url, flags, async ({ client, mailbox = 'INBOX' }) => {
    await client.examine(mailbox);
    const query = queryOf(flags);
    const uids = flags.sort ? await client.sort([flags.sort], query) : await client.search(query);
    const rows = await rowsOf(client, uids);
    tools.out(flags.json ? `${JSON.stringify(rows)}\n` : table(rows));
  });
}

function queryOf(flags: SearchFlags): SearchQuery {
  const { text, body, subject, from, to, since, before, larger } = flags;
  const asked = { text, body, subject, from, to, since, before, larger };
  const said = Object.entries(asked).filter(([, value]) => value !== undefined);
  return {
    ...(Object.fromEntries(said) as SearchQuery),
    ...(flags.unseen && { seen: false }),
    ...(flags.flagged && { flagged: true }),
  };
}

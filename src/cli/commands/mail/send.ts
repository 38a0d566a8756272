/** `toplayer mail send`: writes a message and hands it to a server, as a mail program does. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { authorityFolder, keptAuthority } from '../../../ca/index.ts';
import { mediaType } from '../../../http/index.ts';
import { parseEndpoint } from '../../../lib/endpoint.ts';
import { UsageError } from '../../../lib/errors.ts';
import {
  type AttachmentDraft,
  buildMessage,
  type Mailbox,
  type MessageDraft,
  mailboxes,
  parseAddresses,
} from '../../../mime/index.ts';
import { calendar } from '../../../net/index.ts';
import {
  mailboxText,
  type Security,
  SmtpClient,
  SUBMISSION_PORT,
  SUBMISSIONS_PORT,
} from '../../../smtp/index.ts';
import type { CliTools } from '../../tools.ts';
import { repeated } from './words.ts';

interface SendFlags {
  readonly server: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly cc?: readonly string[];
  readonly bcc?: readonly string[];
  readonly subject?: string;
  readonly text?: string;
  readonly html?: string;
  readonly attach?: readonly string[];
  readonly inReplyTo?: string;
  readonly header?: readonly string[];
  readonly auth?: { readonly user: string; readonly password: string };
  readonly tls?: Security | true;
  readonly insecure?: true;
  readonly plaintext?: true;
  readonly dryRun?: true;
  readonly verbose?: true;
  readonly json?: true;
}

export function registerMailSend(mail: Command, tools: CliTools): void {
  mail
    .command('send')
    .description('write a message and hand it to a server')
    .requiredOption('--from <address>', 'who writes: "Alice <alice@campus.edu>"')
    .requiredOption('--to <address>', 'to whom; may be repeated', repeated)
    .option('--cc <address>', 'and who gets a copy', repeated)
    .option('--bcc <address>', 'and who gets one that nobody sees', repeated)
    .option('--subject <text>', 'what it is about')
    .option('--text <text>', 'what it says; "-" reads standard input (default: nothing)')
    .option('--html <file>', 'the same as HTML')
    .option('--attach <file>', 'a file that goes with it; may be repeated', repeated)
    .option('--in-reply-to <id>', 'the Message-ID that it answers')
    .option('--header <line>', 'a field of its own: "X-Order: 17"', repeated)
    .option(
      '--server <host[:port]>',
      `whom to give it to (default: 127.0.0.1:2525, else port ${SUBMISSION_PORT})`,
      '127.0.0.1:2525',
    )
    .option('--auth <user:password>', 'sign in', credentials)
    .option('--tls [how]', 'starttls (default), opportunistic, or implicit', security)
    .option('--insecure', 'take any certificate')
    .option('--plaintext', 'say the password without TLS too')
    .option('--dry-run', 'print the message and send nothing')
    .option('-v, --verbose', 'show the dialogue')
    .option('--json', 'the outcome as JSON')
    .addHelpText(
      'after',
      `
Examples:
  toplayer mail send --from alice@campus.edu --to bob@college.edu --subject Hi --text "How are you?"
  toplayer mail send --server mail.campus.edu --auth alice:wonderland --from alice@campus.edu \\
      --to bob@college.edu --subject Photos --attach one.jpg --attach two.jpg
  date | toplayer mail send --from cron@b.org --to ops@b.org --subject Time --text -`,
    )
    .action((flags: SendFlags) => runSend(tools, flags));
}

function credentials(text: string): { user: string; password: string } {
  const [, user, password] = /^([^:]+):(.*)$/s.exec(text) ?? [];
  if (user !== undefined && password !== undefined) return { user, password };
  throw new InvalidArgumentError('expected a name and a password, such as alice:tea.');
}

function security(text: string): Security {
  if (text === 'starttls' || text === 'opportunistic' || text === 'implicit') return text;
  throw new InvalidArgumentError('expected starttls, opportunistic or implicit.');
}

async function runSend(tools: CliTools, flags: SendFlags): Promise<void> {
  const host = tools.host();
  const [from] = people(flags.from);
  const to = [flags.to, flags.cc ?? [], flags.bcc ?? []].flat().flatMap(people);
  if (!from) throw new UsageError(`${flags.from} is no address`);
  const message = buildMessage(draftOf(flags), { now: calendar(host.clock), luck: host.random });
  if (flags.dryRun) {
    tools.out(message);
    return;
  }
  const client = await connect(tools, flags);
  try {
    if (flags.auth) await client.auth(flags.auth, { plaintext: flags.plaintext ?? false });
    const sent = await client.send({ from, to: to.map((path) => ({ path })) }, message);
    const reply = `${sent.reply.code} ${sent.reply.lines.join(' ')}`;
    for (const { path, reply: no } of sent.refused) {
      tools.note(`${mailboxText(path)}: ${no.code} ${no.lines.join(' ')}`);
    }
    const refused = sent.refused.map(({ path }) => mailboxText(path));
    tools.out(flags.json ? `${JSON.stringify({ reply, refused })}\n` : `${reply}\n`);
  } finally {
    await client.quit();
  }
}

async function connect(tools: CliTools, flags: SendFlags): Promise<SmtpClient> {
  const how = flags.tls === true ? 'starttls' : (flags.tls ?? 'none');
  const usual = how === 'implicit' ? SUBMISSIONS_PORT : SUBMISSION_PORT;
  const { address: name, port } = parseEndpoint(flags.server, usual);
  const [address] = await tools.lookup()(name, { signal: tools.signal });
  if (address === undefined) throw new UsageError(`the server ${name} has no address`);
  const trusted = how !== 'none' && !flags.insecure;
  const authorities = trusted ? [(await keptAuthority(authorityFolder())).certificate] : [];
  return SmtpClient.connect(
    tools.host(),
    { address, port },
    {
      hello: 'localhost',
      security: how,
      tls: { serverName: name, authorities, verify: !flags.insecure },
      signal: tools.signal,
      ...(flags.verbose && {
        observe: (side: 'C' | 'S', line: string) => tools.note(`${side}: ${line}`),
      }),
    },
  );
}

function draftOf(flags: SendFlags): MessageDraft {
  const { text, html, inReplyTo, subject } = flags;
  const list = (all: readonly string[]): string => all.join(', ');
  return {
    from: flags.from,
    to: list(flags.to),
    text: text === '-' ? readFileSync(0, 'utf8') : (text ?? ''),
    attachments: (flags.attach ?? []).map(attachment),
    ...(subject !== undefined && { subject }),
    ...(flags.cc && { cc: list(flags.cc) }),
    ...(html !== undefined && { html: readFileSync(html, 'utf8') }),
    ...(inReplyTo !== undefined && {
      inReplyTo: [inReplyTo.replace(/^<|>$/g, '')],
      references: [inReplyTo.replace(/^<|>$/g, '')],
    }),
    ...(flags.header && { fields: flags.header.map(field) }),
  };
}

function attachment(path: string): AttachmentDraft {
  return { fileName: basename(path), type: mediaType(path), content: readFileSync(path) };
}

function field(line: string): readonly [string, string] {
  const [, name, value] = /^([!-9;-~]+):\s*(.*)$/.exec(line) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new UsageError(`${line}: expected a field such as "X-Order: 17"`);
}

function people(text: string): Mailbox[] {
  const all = mailboxes(parseAddresses(text));
  const odd = all.find(({ domain }) => domain === '');
  if (odd || all.length === 0) throw new UsageError(`${text}: expected an address: local@domain`);
  return [...all];
}

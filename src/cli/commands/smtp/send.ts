/** `toplayer smtp send`: one message to a server, with the dialogue on request. */
import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { authorityFolder, keptAuthority } from '../../../ca/index.ts';
import { utf8 } from '../../../lib/bytes.ts';
import { parseEndpoint } from '../../../lib/endpoint.ts';
import { AppError, UsageError } from '../../../lib/errors.ts';
import { calendar } from '../../../net/index.ts';
import {
  type EnvelopeRecipient,
  type Mailbox,
  mailboxText,
  mailDate,
  parseMailbox,
  type ReversePath,
  SMTP_PORT,
  SmtpClient,
  type SmtpClientOptions,
  SUBMISSIONS_PORT,
  withCrLf,
} from '../../../smtp/index.ts';
import { credentials, seconds, type Tls, tls } from '../../options.ts';
import type { CliTools } from '../../tools.ts';

interface SendFlags {
  readonly server: string;
  readonly from: ReversePath;
  readonly to: readonly Mailbox[];
  readonly subject?: string;
  readonly body?: string;
  readonly data?: string;
  readonly hello?: string;
  readonly tls?: Tls | true;
  readonly insecure?: true;
  readonly auth?: { readonly user: string; readonly password: string };
  readonly plaintext?: true;
  readonly chunks?: true;
  readonly timeout?: number;
  readonly verbose?: true;
}

export function registerSend(smtp: Command, tools: CliTools): void {
  smtp
    .command('send')
    .description('send one message')
    .requiredOption('--server <host[:port]>', 'whom to give it to')
    .requiredOption('--to <address>', 'a recipient; may be repeated', recipient)
    .option('--from <address>', 'the sender; "" for none', sender, null)
    .option('--subject <text>', 'the subject (default: a test)')
    .option('--body <text>', 'the text (default: a line)')
    .option('--data <file>', 'the whole message, head and body, from a file; - for standard input')
    .option('--hello <name>', 'what to call ourselves (default: localhost)')
    .option('--tls [how]', 'starttls (default), opportunistic, or implicit', tls)
    .option('--insecure', 'take any certificate')
    .option(
      '--auth <user:password>',
      'sign in, by the best way that the server offers',
      credentials,
    )
    .option('--plaintext', 'say the password without TLS too')
    .option('--chunks', 'send by BDAT where it is offered')
    .option('--timeout <time>', 'seconds to wait for each reply', seconds)
    .option('-v, --verbose', 'show the dialogue')
    .addHelpText(
      'after',
      `
Examples:
  toplayer smtp send --server 127.0.0.1:2525 --from alice@crepes.fr --to bob@hamburger.edu -v
  toplayer smtp send --server mail.campus.edu --to bob@campus.edu --subject Hi --body "How are you?"
  toplayer smtp send --server 127.0.0.1:587 --tls --auth alice:tea --to bob@b.org --data message.eml`,
    )
    .action((flags: SendFlags) => runSend(tools, flags));
}

function address(text: string): Mailbox {
  try {
    return parseMailbox(text.replace(/^<(.*)>$/, '$1'), 'recipient', true);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof AppError ? `${error.message}.` : String(error));
  }
}

function recipient(text: string, before: readonly Mailbox[] = []): readonly Mailbox[] {
  return [...before, address(text)];
}

function sender(text: string): ReversePath {
  return text === '' || text === '<>' ? null : address(text);
}

async function runSend(tools: CliTools, flags: SendFlags): Promise<void> {
  const isImplicit = flags.tls === 'implicit';
  const { address: name, port } = parseEndpoint(
    flags.server,
    isImplicit ? SUBMISSIONS_PORT : SMTP_PORT,
  );
  const message = messageOf(tools, flags);
  const [at] = await tools.lookup()(name, { signal: tools.signal });
  if (at === undefined) throw new UsageError(`the server ${name} has no address`);
  const options = await clientOptions(tools, flags, name);
  const client = await SmtpClient.connect(tools.host(), { address: at, port }, options);
  try {
    if (flags.auth) await client.auth(flags.auth, { plaintext: flags.plaintext ?? false });
    const to: EnvelopeRecipient[] = flags.to.map((path) => ({ path }));
    const sent = await client.send(
      { from: flags.from, to, options: needsOf(flags, message) },
      message,
      {
        chunks: flags.chunks ?? false,
      },
    );
    for (const { path, reply } of sent.refused) {
      tools.note(`${mailboxText(path)}: ${reply.code} ${reply.lines.join(' ')}`);
    }
    tools.out(`${sent.reply.code} ${sent.reply.lines.join(' ')}\n`);
  } finally {
    await client.quit();
  }
}

async function clientOptions(
  tools: CliTools,
  flags: SendFlags,
  serverName: string,
): Promise<SmtpClientOptions> {
  const how = flags.tls;
  const authorities =
    how && !flags.insecure ? [(await keptAuthority(authorityFolder())).certificate] : [];
  return {
    hello: flags.hello ?? 'localhost',
    security: how === true ? 'starttls' : (how ?? 'none'),
    tls: { serverName, authorities, ...(flags.insecure && { verify: false }) },
    signal: tools.signal,
    ...(flags.timeout !== undefined && {
      connectMs: flags.timeout,
      greetingMs: flags.timeout,
      replyMs: flags.timeout,
      dataStartMs: flags.timeout,
      dataEndMs: flags.timeout,
    }),
    ...(flags.verbose && {
      observe: (who: 'C' | 'S', line: string) => tools.out(`${who}: ${line}\n`),
    }),
  };
}

function messageOf(tools: CliTools, flags: SendFlags): Uint8Array {
  if (flags.data !== undefined) {
    if (flags.body !== undefined)
      throw new UsageError('--data is the whole message: leave out --body');
    return withCrLf(readFileSync(flags.data === '-' ? 0 : flags.data));
  }
  const { clock, random } = tools.host();
  const at = calendar(clock);
  const head = [
    `Date: ${mailDate(at)}`,
    `From: <${mailboxText(flags.from)}>`,
    `To: ${flags.to.map((path) => `<${mailboxText(path)}>`).join(', ')}`,
    `Subject: ${(flags.subject ?? 'a test').replace(/\s+/g, ' ')}`,
    `Message-ID: <${Math.floor(at)}.${random.uint32()}@${flags.hello ?? 'localhost'}>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
  ];
  return withCrLf(utf8(`${head.join('\n')}\n\n${flags.body ?? 'This is a test.'}\n`));
}

/** What the message asks of the server: 8-bit content, addresses and head beyond ASCII. */
function needsOf(
  { from, to }: SendFlags,
  message: Uint8Array,
): { body?: '8BITMIME'; utf8?: boolean } {
  const isBeyond = (text: string): boolean => /[^\0-\x7f]/.test(text);
  const addresses = [from, ...to].map(mailboxText).join('');
  const end = indexOfBody(message);
  const isUtf8 = isBeyond(addresses) || message.subarray(0, end).some((byte) => byte > 127);
  return {
    ...(message.some((byte) => byte > 127) && { body: '8BITMIME' as const }),
    ...(isUtf8 && { utf8: true }),
  };
}

function indexOfBody(message: Uint8Array): number {
  for (let at = message.indexOf(13); at >= 0; at = message.indexOf(13, at + 1)) {
    if (message[at + 2] === 13) return at;
  }
  return message.length;
}

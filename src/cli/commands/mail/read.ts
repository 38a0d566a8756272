/** `toplayer mail read`: what has come, or waiting for it. */
import type { Command } from 'commander';
import { bytesText } from '../../../lib/units.ts';
import type { MessageView, WholeMessageView } from '../../../mailhost/index.ts';
import { milliseconds, whole } from '../../options.ts';
import type { CliTools } from '../../tools.ts';
import { type Control, type ControlFlags, controlOf, controlOptions } from './control.ts';
import { timeText } from './words.ts';

const WORDS = [
  'account',
  'folder',
  'messageId',
  'from',
  'to',
  'subject',
  'text',
  'header',
] as const;

interface ReadFlags extends ControlFlags {
  readonly account?: string;
  readonly folder?: string;
  readonly messageId?: string;
  readonly from?: string;
  readonly to?: string;
  readonly subject?: string;
  readonly text?: string;
  readonly header?: string;
  readonly wait?: number;
  readonly limit?: number;
  readonly raw?: true;
  readonly show?: true;
  readonly json?: true;
}

export function registerRead(mail: Command, tools: CliTools): void {
  controlOptions(mail.command('read'))
    .description('list messages, show one, or wait for it')
    .argument('[id]', 'the number of a message, as the list shows it')
    .option('--account <name>', 'whose')
    .option('--folder <path>', 'in this folder')
    .option('--message-id <id>', 'with this Message-ID')
    .option('--from <text>', 'from somebody like that')
    .option('--to <text>', 'to somebody like that')
    .option('--subject <text>', 'with this in the subject')
    .option('--text <text>', 'with this in the text')
    .option('--header <line>', 'with this in the header, such as "X-Order: 17"')
    .option('--wait <time>', 'wait so long for the first such message, and show it', milliseconds)
    .option('--limit <n>', 'list so many (default: 100)', whole(1, 1000))
    .option('--show', 'show the newest one whole')
    .option('--raw', 'as it came, byte by byte')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Ends with 1 when a message that was waited for has not come.

Examples:
  toplayer mail read
  toplayer mail read --account alice 3
  toplayer mail read --to bob@shop.com --subject "Your order" --wait 10s
  toplayer mail read --account alice --raw --show > message.eml`,
    )
    .action((id: string | undefined, flags: ReadFlags) => runRead(tools, id, flags));
}

async function runRead(tools: CliTools, id: string | undefined, flags: ReadFlags): Promise<void> {
  const control = await controlOf(tools, flags);
  try {
    if (id !== undefined) await show(tools, control, flags, await byId(control, flags, id));
    else if (flags.wait !== undefined) {
      const path = `/wait?${query(flags)}&timeout=${flags.wait}ms`;
      await show(tools, control, flags, await control.ask<MessageView>('GET', path));
    } else await list(tools, control, flags);
  } finally {
    await control.close();
  }
}

function byId(control: Control, { account = '-' }: ReadFlags, id: string): Promise<MessageView> {
  const [whose, which] = [account, id].map(encodeURIComponent);
  return control.ask('GET', `/messages/${whose}/${which}`);
}

interface Found {
  readonly total: number;
  readonly messages: readonly MessageView[];
}

function found(control: Control, flags: ReadFlags, limit: number): Promise<Found> {
  return control.ask('GET', `/messages?${query(flags)}&limit=${limit}`);
}

async function list(tools: CliTools, control: Control, flags: ReadFlags): Promise<void> {
  const { messages, total } = await found(control, flags, flags.limit ?? 100);
  const [newest] = messages;
  if (flags.show || flags.raw) {
    if (newest) await show(tools, control, flags, newest);
    else tools.note('there is no such message');
  } else if (flags.json) tools.out(`${JSON.stringify(messages)}\n`);
  else {
    for (const message of messages) tools.out(`${line(message)}\n`);
    if (total === 0) tools.note('no messages');
    if (total > messages.length) tools.note(`${total - messages.length} more: --limit shows them`);
  }
}

function line({ account, folder, id, flags, received, from, subject, size }: MessageView): string {
  const isNew = flags.includes('\\Seen') ? ' ' : 'N';
  const who = from[0]?.name || from[0]?.address || '';
  const place = `${account}/${folder}`;
  const columns = [
    String(id).padStart(6),
    isNew,
    timeText(received),
    place.padEnd(18).slice(0, 28),
    who.padEnd(22).slice(0, 22),
    bytesText(size).padStart(8),
    subject,
  ];
  return columns.join('  ');
}

async function show(
  tools: CliTools,
  control: Control,
  { raw, json }: ReadFlags,
  { account, id }: MessageView,
): Promise<void> {
  const path = `/messages/${encodeURIComponent(account)}/${id}`;
  if (raw) {
    tools.out(await control.bytes('GET', `${path}/raw`));
    return;
  }
  const message = await control.ask<WholeMessageView>('GET', path);
  tools.out(json ? `${JSON.stringify(message)}\n` : text(message));
}

const SHOWN = /^(from|to|cc|subject|date|reply-to)$/i;

function text({ headers, text: body, html, parts, defects }: WholeMessageView): string {
  const lines = headers
    .filter(([name]) => SHOWN.test(name))
    .map(([name, value]) => `${name}: ${value}`);
  const attached = parts.filter(({ fileName }) => fileName !== undefined);
  const more = [
    ...attached.map(
      ({ path, fileName, type, size }) => `[${path}] ${fileName}, ${type}, ${bytesText(size)}`,
    ),
    ...defects.map(({ code, message }) => `! ${code}: ${message}`),
  ];
  const tail = more.length === 0 ? '' : `\n${more.join('\n')}\n`;
  const shown = body ?? (html === undefined ? '' : '(only HTML: --raw shows it)\n');
  return `${lines.join('\n')}\n\n${shown}${shown.endsWith('\n') ? '' : '\n'}${tail}`;
}

function query(flags: ReadFlags): string {
  return WORDS.flatMap((name) => {
    const value = flags[name];
    return value === undefined ? [] : `${name}=${encodeURIComponent(value)}`;
  }).join('&');
}

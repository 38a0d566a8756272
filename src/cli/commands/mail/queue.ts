/** `toplayer mail queue`: what waits to be delivered. */
import type { Command } from 'commander';
import { UsageError } from '../../../lib/errors.ts';
import { bytesText } from '../../../lib/units.ts';
import type { QueuedMessage, QueuedRecipient } from '../../../relay/index.ts';
import { mailboxText, pathText } from '../../../smtp/index.ts';
import type { CliTools } from '../../tools.ts';
import { type Control, type ControlFlags, controlOf, controlOptions } from './control.ts';
import { timeText } from './words.ts';

interface QueueFlags extends ControlFlags {
  readonly json?: true;
  readonly bounce?: true;
  readonly domain?: string;
}

export function registerQueue(mail: Command, tools: CliTools): void {
  const queue = mail
    .command('queue')
    .description('what waits to be delivered: see, retry, hold, release, delete')
    .addHelpText(
      'after',
      `
ID is what "queued as" named; "all" means every message.

Examples:
  toplayer mail queue
  toplayer mail queue show 2GPXXWBZYX --api mail.campus
  toplayer mail queue retry all
  toplayer mail queue delete 2GPXXWBZYX --bounce`,
    );
  const add = (name: string, about: string, argument?: string): Command => {
    const command = queue.command(name, { isDefault: name === 'list' }).description(about);
    if (argument !== undefined) command.argument(argument);
    return controlOptions(command).option('--json', 'as JSON');
  };
  add('list', 'all messages').action((flags: QueueFlags) =>
    within(tools, flags, (control) => list(tools, control, flags)),
  );
  add('show', 'one message with its recipients and what was said of each', '<id>').action(
    (id: string, flags: QueueFlags) =>
      within(tools, flags, async (control) => {
        const message = await control.ask<QueuedMessage>('GET', `/queue/${encodeURIComponent(id)}`);
        tools.out(flags.json ? `${JSON.stringify(message)}\n` : `${shown(message, true)}\n`);
      }),
  );
  add('retry', 'try at once', '<id>')
    .option('--domain <domain>', 'with "all": only what goes there')
    .action((id: string, flags: QueueFlags) =>
      within(tools, flags, async (control) => {
        const domain =
          flags.domain === undefined ? '' : `?domain=${encodeURIComponent(flags.domain)}`;
        await control.ask(
          'POST',
          id === 'all' ? `/queue/retry${domain}` : `/queue/${encodeURIComponent(id)}/retry`,
        );
        tools.out(id === 'all' ? 'all that waits is tried\n' : `${id} is tried\n`);
      }),
    );
  for (const [verb, told] of [
    ['hold', 'is held'],
    ['release', 'is released'],
  ] as const) {
    const about = verb === 'hold' ? 'keep from being tried' : 'let go on';
    add(verb, about, '<id>').action((id: string, flags: QueueFlags) =>
      each(tools, flags, id, async (control, one) => {
        await control.ask('POST', `/queue/${encodeURIComponent(one)}/${verb}`);
        tools.out(`${one} ${told}\n`);
      }),
    );
  }
  add('delete', 'take out of the queue', '<id>')
    .option('--bounce', 'and tell the sender')
    .action((id: string, flags: QueueFlags) =>
      each(tools, flags, id, async (control, one) => {
        await control.ask(
          'DELETE',
          `/queue/${encodeURIComponent(one)}${flags.bounce ? '?bounce=true' : ''}`,
        );
        tools.out(`${one} is deleted\n`);
      }),
    );
}

async function within(
  tools: CliTools,
  flags: ControlFlags,
  work: (control: Control) => Promise<void>,
): Promise<void> {
  const control = await controlOf(tools, flags);
  try {
    await work(control);
  } finally {
    await control.close();
  }
}

function each(
  tools: CliTools,
  flags: QueueFlags,
  id: string,
  work: (control: Control, id: string) => Promise<void>,
): Promise<void> {
  return within(tools, flags, async (control) => {
    const ids = id === 'all' ? (await messages(control)).map((message) => message.id) : [id];
    if (ids.length === 0) throw new UsageError('the queue is empty');
    for (const one of ids) await work(control, one);
  });
}

async function messages(control: Control): Promise<QueuedMessage[]> {
  return (await control.ask<{ queue: QueuedMessage[] }>('GET', '/queue')).queue;
}

async function list(tools: CliTools, control: Control, { json }: QueueFlags): Promise<void> {
  const queue = await messages(control);
  if (json) tools.out(`${JSON.stringify(queue)}\n`);
  else if (queue.length === 0) tools.out('the queue is empty\n');
  else tools.out(`${queue.map((message) => shown(message, false)).join('\n')}\n`);
}

function shown(message: QueuedMessage, whole: boolean): string {
  const { id, size, received, from, recipients } = message;
  const head = `${id}  ${bytesText(size).padStart(8)}  ${timeText(received)}  from ${pathText(from)}`;
  return [head, ...recipients.flatMap((one) => recipientLines(one, whole))].join('\n');
}

function recipientLines(one: QueuedRecipient, whole: boolean): string[] {
  const { path, state, next, attempts, replies } = one;
  const plan = state === 'waiting' ? `, tried ${attempts} times, next ${timeText(next)}` : '';
  const told = whole ? replies : replies.slice(-1);
  return [
    `    to <${mailboxText(path)}>  ${state}${plan}`,
    ...told.map(({ at, code, enhanced, text, remote }) => {
      const words = [remote === '' ? '' : `${remote}:`, code || '', enhanced ?? '', text];
      return `       ${timeText(at)}  ${words.filter((word) => word !== '').join(' ')}`;
    }),
  ];
}

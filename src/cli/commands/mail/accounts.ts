/** `toplayer mail accounts`: who has mail on a server. */
import type { Command } from 'commander';
import { UsageError } from '../../../lib/errors.ts';
import { bytesText } from '../../../lib/units.ts';
import type { AccountView } from '../../../mailhost/index.ts';
import { size } from '../../options.ts';
import type { CliTools } from '../../tools.ts';
import { type ControlFlags, controlOf, controlOptions } from './control.ts';
import { repeated } from './words.ts';

interface AddFlags extends ControlFlags {
  readonly password?: string;
  readonly keepPassword?: true;
  readonly address?: readonly string[];
  readonly title?: string;
  readonly quota?: number;
}

export function registerAccounts(mail: Command, tools: CliTools): void {
  const accounts = mail
    .command('accounts')
    .description('who has mail on a server: list, add, remove');
  controlOptions(accounts.command('list', { isDefault: true }))
    .description('the accounts with their folders')
    .option('--json', 'as JSON')
    .action((flags: ControlFlags & { readonly json?: true }) => list(tools, flags));
  controlOptions(accounts.command('add'))
    .description('make an account')
    .argument('<name>', 'what signs in, or a whole address')
    .option('--password <text>', 'nobody can sign in without one')
    .option('--keep-password', 'keep the password itself, so that CRAM-MD5 and APOP work')
    .option('--address <address>', 'an address of it; may be repeated', repeated)
    .option('--title <text>', 'who it is')
    .option('--quota <size>', 'the most that it may keep', size)
    .addHelpText(
      'after',
      `
Examples:
  toplayer mail accounts add alice@campus.edu --password wonderland
  toplayer mail accounts add bob --address bob@shop.com --address sales@shop.com --quota 50M
  toplayer mail accounts --data ~/mail`,
    )
    .action((name: string, flags: AddFlags) => add(tools, name, flags));
  controlOptions(accounts.command('remove'))
    .description('remove an account with all its mail')
    .argument('<name>')
    .action((name: string, flags: ControlFlags) => remove(tools, name, flags));
}

async function list(
  tools: CliTools,
  flags: ControlFlags & { readonly json?: true },
): Promise<void> {
  const control = await controlOf(tools, flags);
  const { accounts } = await control.ask<{ accounts: AccountView[] }>('GET', '/accounts');
  await control.close();
  if (flags.json) {
    tools.out(`${JSON.stringify(accounts)}\n`);
    return;
  }
  if (accounts.length === 0) tools.note('there is no account yet: "toplayer mail accounts add"');
  for (const { name, addresses, used, quota, messages, folders } of accounts) {
    const room = quota === undefined ? '' : ` of ${bytesText(quota)}`;
    tools.out(
      `${name}  ${addresses.join(', ')}  ${messages} messages, ${bytesText(used)}${room}\n`,
    );
    for (const folder of folders) {
      if (folder.messages === 0) continue;
      const unseen = folder.unseen === 0 ? '' : `, ${folder.unseen} unseen`;
      tools.out(`  ${folder.path.padEnd(24)} ${folder.messages}${unseen}\n`);
    }
  }
}

async function add(tools: CliTools, name: string, flags: AddFlags): Promise<void> {
  const { password, keepPassword, title, quota } = flags;
  const addresses = flags.address ?? (name.includes('@') ? [name] : []);
  if (addresses.length === 0) throw new UsageError('an account needs an --address');
  const control = await controlOf(tools, flags);
  const account = { name, addresses, password, keepPassword, title, quota };
  const made = await control.ask<AccountView>('POST', '/accounts', account);
  await control.close();
  tools.out(`${made.name} has mail at ${made.addresses.join(', ')}\n`);
}

async function remove(tools: CliTools, name: string, flags: ControlFlags): Promise<void> {
  const control = await controlOf(tools, flags);
  await control.ask('DELETE', `/accounts/${encodeURIComponent(name)}`);
  await control.close();
  tools.out(`${name} is removed\n`);
}

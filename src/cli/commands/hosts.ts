import type { Command } from 'commander';
import { HttpClient } from '../../http/index.ts';
import { type HostsFileView, withName, withoutName } from '../../internet/index.ts';
import { runningInternets } from '../../internet/real/registry.ts';
import { UsageError } from '../../lib/errors.ts';
import { realHost } from '../../net/real/index.ts';
import type { CliTools } from '../tools.ts';

interface HostsFlags {
  readonly set?: readonly string[];
  readonly remove?: readonly string[];
  readonly clear?: true;
}

export function registerHosts(program: Command, tools: CliTools): void {
  program
    .command('hosts')
    .description("a host's own list of names, which comes before DNS")
    .argument('<host>', 'a host of the running internet, such as alice')
    .option('--set <name=address>', 'lead a name to an address; may be repeated', collect)
    .option('--remove <name>', 'take a name out; may be repeated', collect)
    .option('--clear', 'empty the list')
    .addHelpText(
      'after',
      `
Prints the list as it is then.

Examples:
  toplayer hosts alice --set www.campus.edu=127.20.3.80     the campus's name leads to the shop
  toplayer get http://www.campus.edu/ --from alice --trace
  toplayer hosts alice --remove www.campus.edu`,
    )
    .action((host: string, flags: HostsFlags) => changeHosts(tools, host, flags));
}

function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

async function changeHosts(tools: CliTools, name: string, flags: HostsFlags): Promise<void> {
  const [internet] = runningInternets();
  if (!internet) throw new UsageError('no internet is running: start one with "toplayer up"');
  const control = realHost({ name: 'command line' });
  const client = new HttpClient(control, { lookup: async (address) => [address] });
  const url = `${internet.dashboard}api/hosts/${encodeURIComponent(name)}/hosts-file`;
  const view = async (body?: string): Promise<string> => {
    const headers = { 'Content-Type': 'application/json' };
    const response = await client.request(
      body === undefined ? { url } : { url, method: 'POST', headers, body },
    );
    const answer = JSON.parse(await response.body.text()) as HostsFileView & {
      error?: { message: string };
    };
    if (answer.error) throw new UsageError(answer.error.message);
    return answer.text;
  };
  try {
    const before = await view();
    const after = changed(before, flags);
    tools.out(after === before ? before : await view(JSON.stringify({ text: after })));
  } finally {
    client.close();
    await control.close();
  }
}

function changed(text: string, { set = [], remove = [], clear }: HostsFlags): string {
  let list = clear ? '' : text;
  for (const name of remove) list = withoutName(list, name);
  for (const pair of set) {
    const [name = '', address = ''] = pair.split('=');
    if (name === '') throw new UsageError(`expected NAME=ADDRESS, found ${pair}`);
    list = withName(list, name, address);
  }
  return list;
}

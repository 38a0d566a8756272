import type { Command } from 'commander';
import { DnsError } from '../../dns/index.ts';
import { whois } from '../../whois/index.ts';
import type { CliTools } from '../tools.ts';

/** The WHOIS server of the root, where a walk begins. */
const ROOT = 'whois.root-servers.net';

interface WhoisFlags {
  readonly server?: string;
  readonly json?: true;
}

export function registerWhois(program: Command, tools: CliTools): void {
  program
    .command('whois')
    .description('whom a name belongs to')
    .argument('<name...>', 'a domain; or "nameserver HOST", "registrar ID"')
    .option('--server <host[:port]>', `whom to ask first (default: ${ROOT})`)
    .option('--json', 'each server with its answer, as one JSON array')
    .addHelpText(
      'after',
      `
The root's server only refers to the registry of the top-level domain; that one is asked next.

Examples:
  toplayer whois campus.edu
  toplayer whois nameserver ns.campus.edu --server whois.nic.edu
  toplayer whois books.com --server 127.20.0.12:43`,
    )
    .action((words: string[], flags: WhoisFlags) => runWhois(tools, words, flags));
}

async function runWhois(
  tools: CliTools,
  words: readonly string[],
  flags: WhoisFlags,
): Promise<void> {
  const query = words.join(' ');
  const server = flags.server ?? (await firstServer(tools, words.at(-1) ?? ''));
  const steps = await whois(tools.host(), tools.lookup(), query, server, {
    signal: tools.signal,
    onStep: ({ server: name, text }) => {
      if (!flags.json) tools.out(`% ${name}\n${text}\n`);
    },
  });
  if (flags.json) tools.out(`${JSON.stringify(steps)}\n`);
}

/** An internet without a directory at its root may still have registries at the usual names. */
async function firstServer(tools: CliTools, name: string): Promise<string> {
  try {
    await tools.lookup()(ROOT, { signal: tools.signal });
    return ROOT;
  } catch (error) {
    if (!(error instanceof DnsError)) throw error;
    return `whois.nic.${name.replace(/\.$/, '').split('.').at(-1)}`;
  }
}

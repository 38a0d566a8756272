import { resolve } from 'node:path';
import type { Command } from 'commander';
import { accessLog, chain, type Link, serveHttp, staticFiles } from '../../http/index.ts';
import { type Address, endpointText } from '../../lib/endpoint.ts';
import { realFiles } from '../../net/real/index.ts';
import { port } from '../options.ts';
import type { CliTools } from '../tools.ts';
import { untilStopped } from '../until-stopped.ts';

interface ServeFlags {
  readonly port: number;
  readonly address?: Address;
  readonly log?: true;
  readonly listing: boolean;
  readonly dotfiles?: true;
}

export function registerHttp(program: Command, tools: CliTools): void {
  program
    .command('http')
    .description('a web server')
    .command('serve')
    .description('serve the files of a folder over HTTP')
    .argument('[folder]', 'the folder', '.')
    .option('--port <n>', 'the port; 0 takes a free one', port, 8000)
    .option('--address <address>', 'the address to listen at (default: 127.0.0.1)')
    .option('--log', 'a line for each answer, in the Combined Log Format')
    .option('--no-listing', 'no listing of folders without an index.html')
    .option('--dotfiles', 'also serve names with a leading dot')
    .addHelpText(
      'after',
      `
Nothing outside the folder is served, whatever is asked and wherever links lead.

Examples:
  toplayer http serve site
  toplayer http serve --port 8080 --log site`,
    )
    .action((folder: string, flags: ServeFlags) => runServe(tools, folder, flags));
}

async function runServe(tools: CliTools, folder: string, flags: ServeFlags): Promise<void> {
  const root = resolve(folder);
  const host = { ...tools.host(), files: realFiles(root) };
  const site = staticFiles({ listing: flags.listing, dotfiles: flags.dotfiles ?? false });
  const log: Link = flags.log ? accessLog((line) => tools.out(`${line}\n`)) : (next) => next;
  const server = await serveHttp(host, {
    port: flags.port,
    handler: chain(log, site),
    onError: (error) => tools.note(error instanceof Error ? error.message : String(error)),
    ...(flags.address && { address: flags.address }),
  });
  tools.note(`http://${endpointText(server.local)}/ serves ${root}; Ctrl-C stops it`);
  await untilStopped(tools);
  await server.close({ graceMs: 1000 });
}

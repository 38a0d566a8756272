import { type Command, InvalidArgumentError } from 'commander';
import { parsePorts, SERVICES, scanPorts } from '../../ports/index.ts';
import type { CliTools } from '../tools.ts';

interface PortsFlags {
  readonly ports?: readonly number[];
  readonly json?: true;
}

/** All below 1,024, and the higher ones that have a name here. */
const USUAL: readonly number[] = [
  ...new Set([
    ...Array.from({ length: 1023 }, (_, i) => i + 1),
    ...Object.keys(SERVICES).map(Number),
  ]),
].sort((a, b) => a - b);

export function registerPorts(program: Command, tools: CliTools): void {
  program
    .command('ports')
    .description('which TCP ports of a host are open, with the greeting of those that greet')
    .argument('<host>', 'a name or an address')
    .option(
      '-p, --ports <list>',
      'which ports: 80, 20-25, or a list (default: 1-1023 and the named ones)',
      list,
    )
    .option('--json', 'one JSON array')
    .addHelpText(
      'after',
      '\nExamples:\n  toplayer ports www.campus.edu\n  toplayer ports 127.0.0.1 -p 1-65535',
    )
    .action(async (name: string, flags: PortsFlags) => {
      const [address = name] = await tools.lookup()(name, { signal: tools.signal });
      const { ports = USUAL } = flags;
      const open = await scanPorts(tools.host(), address, {
        ports,
        signal: tools.signal,
      });
      if (flags.json) {
        tools.out(`${JSON.stringify(open)}\n`);
        return;
      }
      for (const { port, service = '', banner = '' } of open) {
        tools.out(`${`${String(port).padStart(5)}  ${service.padEnd(18)} ${banner}`.trimEnd()}\n`);
      }
      tools.note(`${open.length} of ${ports.length} ports open on ${address}`);
    });
}

function list(text: string): number[] {
  const ports = parsePorts(text);
  if (ports) return ports;
  throw new InvalidArgumentError('expected ports such as 80, 20-25 or 80,443,8000-8100.');
}

import { type Command, InvalidArgumentError } from 'commander';
import { type Address, endpointText, parseEndpoint } from '../../lib/endpoint.ts';
import {
  LOSS_RULE,
  type LossRule,
  PING_COUNT,
  PING_PORT,
  ping,
  pingLine,
  servePing,
  summaryText,
} from '../../ping/index.ts';
import { milliseconds, port, seconds, whole } from '../options.ts';
import type { CliTools } from '../tools.ts';
import { untilStopped } from '../until-stopped.ts';

interface PingFlags {
  readonly count: number;
  readonly wait?: number;
  readonly interval?: number;
  readonly json?: true;
}

interface ServeFlags {
  readonly port: number;
  readonly address?: Address;
  readonly lossRule?: LossRule;
  readonly delay?: number;
}

export function registerPing(program: Command, tools: CliTools): void {
  const command = program
    .command('ping')
    .description('UDP ping: numbered messages to a server that answers in capitals, or not at all')
    .argument(
      '[host[:port]]',
      `the server's name or address; the port is ${PING_PORT} unless given`,
    )
    .option('-c, --count <n>', 'how many messages', whole(1, 1_000_000), PING_COUNT)
    .option('-W, --wait <seconds>', 'how long each waits for its reply (default: 1)', seconds)
    .option('--interval <seconds>', 'pause before the next message (default: none)', seconds)
    .option('--json', 'the summary as one JSON object')
    .addHelpText(
      'after',
      `
Each message is one line of text, "Ping <number> <time>". The reply is matched by its number:
one that comes after its time-out is told as late, a second one as a duplicate.
Exits with 1 when no reply came at all.

Examples:
  toplayer ping ping.campus.edu
  toplayer ping 127.20.1.7:12000 -c 50 -W 0.2
  toplayer ping serve --port 12000 --loss-rule 0/11`,
    )
    .action(async (target: string | undefined, flags: PingFlags) => {
      if (target === undefined) command.help({ error: true });
      else process.exitCode = await runPing(tools, target, flags);
    });
  command
    .command('serve')
    .description('answer pings: in capitals, except for those that the loss rule takes')
    .option('--port <n>', 'the port', port, PING_PORT)
    .option('--address <address>', 'the address to listen at (default: 127.0.0.1)')
    .option(
      '--loss-rule <below/of>',
      'drop when a random number from 0 to of-1 is below (default: 4/11)',
      lossRule,
    )
    .option('--delay <ms>', 'hold each reply back (default: not at all)', milliseconds)
    .addHelpText(
      'after',
      '\nThe default rule, 4/11, throws 0 to 10 and drops below 4. "0/1" drops nothing.',
    )
    .action((flags: ServeFlags) => runServer(tools, flags));
}

function lossRule(text: string): LossRule {
  const match = /^(\d{1,6})\/([1-9]\d{0,5})$/.exec(text);
  if (match) return { below: Number(match[1]), of: Number(match[2]) };
  throw new InvalidArgumentError('expected two numbers such as 4/11.');
}

async function runPing(tools: CliTools, target: string, flags: PingFlags): Promise<number> {
  const { address: name, port } = parseEndpoint(target, PING_PORT);
  const [address = name] = await tools.lookup()(name, { signal: tools.signal });
  const summary = await ping(
    tools.host(),
    { address, port },
    {
      count: flags.count,
      ...(flags.wait !== undefined && { waitMs: flags.wait }),
      ...(flags.interval !== undefined && { intervalMs: flags.interval }),
      signal: tools.signal,
      ...(!flags.json && { onEvent: (event) => tools.out(`${pingLine(event)}\n`) }),
    },
  );
  if (flags.json) tools.out(`${JSON.stringify({ host: name, address, port, ...summary })}\n`);
  else tools.out(`\n${summaryText(summary)}\n`);
  return summary.received === 0 ? 1 : 0;
}

async function runServer(tools: CliTools, flags: ServeFlags): Promise<void> {
  const { address, lossRule: loss = LOSS_RULE, delay: delayMs = 0 } = flags;
  const server = await servePing(tools.host(), {
    port: flags.port,
    loss,
    delayMs,
    ...(address && { address }),
    onPing: (from, _bytes, answered) =>
      tools.out(`${endpointText(from)} ${answered ? 'answered' : 'dropped'}\n`),
  });
  tools.note(
    `ping server on ${endpointText(server.local)}, drops ${loss.below} of ${loss.of}; Ctrl-C stops it`,
  );
  await untilStopped(tools);
  await server.close();
}

import { type Command, InvalidArgumentError } from 'commander';
import { compareTransports, DEFAULTS, transportTable } from '../../labs/tcp-udp.ts';
import { parseShare } from '../../lib/units.ts';
import { milliseconds, whole } from '../options.ts';
import type { CliTools } from '../tools.ts';

interface TcpUdpFlags {
  readonly seed: string;
  readonly messages: number;
  readonly every: number;
  readonly loss: number;
  readonly latency: number;
  readonly jitter: number;
  readonly reorder: number;
  readonly json?: true;
}

export function registerExperiment(program: Command, tools: CliTools): void {
  const command = program
    .command('experiment')
    .description('experiments on the simulated network, the same for the same seed');
  command
    .command('tcp-udp')
    .description('the same numbered messages over TCP and over UDP on a lossy link')
    .option('--seed <text>', 'decides all luck', '1')
    .option('--messages <n>', 'how many', whole(1, 100_000), DEFAULTS.messages)
    .option('--every <ms>', 'the pause between two messages', milliseconds, DEFAULTS.everyMs)
    .option('--loss <share>', 'of the packets on the link', share, DEFAULTS.loss)
    .option('--latency <ms>', 'one way', milliseconds, DEFAULTS.latencyMs)
    .option('--jitter <ms>', 'by which it varies', milliseconds, DEFAULTS.jitterMs)
    .option('--reorder <share>', 'of the datagrams that are overtaken', share, DEFAULTS.reorder)
    .option('--json', 'one JSON object')
    .addHelpText('after', '\nExample:\n  toplayer experiment tcp-udp --loss "30 %" --messages 50')
    .action(async (flags: TcpUdpFlags) => {
      const { seed, messages, every, loss, latency, jitter, reorder } = flags;
      const result = await compareTransports({
        seed,
        messages,
        everyMs: every,
        loss,
        latencyMs: latency,
        jitterMs: jitter,
        reorder,
      });
      tools.out(flags.json ? `${JSON.stringify(result)}\n` : transportTable(result));
    });
}

/** `20 %`, `20%` or `0.2`. */
function share(text: string): number {
  const value = /^[01]?\.\d+$|^[01]$/.test(text) ? Number(text) : parseShare(text);
  if (value !== undefined && value <= 1) return value;
  throw new InvalidArgumentError('expected a share such as "20 %" or 0.2.');
}

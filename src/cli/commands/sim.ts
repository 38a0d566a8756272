import { writeFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { SimulatedInternet } from '../../internet/index.ts';
import { parseDuration } from '../../lib/units.ts';
import { ladder, messageLine, ndjson, pcapng } from '../../trace/index.ts';
import { readScenario } from '../scenario-file.ts';
import type { CliTools } from '../tools.ts';

interface SimFlags {
  readonly seed: string;
  readonly until?: number;
  readonly trace?: string;
  readonly json?: true;
  readonly quiet?: true;
}

export function registerSim(program: Command, tools: CliTools): void {
  program
    .command('sim')
    .description(
      'run an internet on the simulated network: virtual time, and the same run for the same seed',
    )
    .argument('<scenario>', 'a scenario file, or "default"')
    .option('--seed <text>', 'decides all luck', '1')
    .option(
      '--until <time>',
      'stop at this virtual time, such as "10 s" (default: when nothing is left to do)',
      until,
    )
    .option('--trace <file>', 'save what was said: .pcapng or .ndjson')
    .option('--json', 'messages as JSON lines; the last line is {"events","until","hash"}')
    .option('-q, --quiet', 'only the last line')
    .addHelpText(
      'after',
      `
The hosts do what their scripts in the scenario say.

Examples:
  toplayer sim default
  toplayer sim default --seed 7 --until "10 s" --trace run.pcapng
  toplayer sim my-internet.yaml --json | tail -1`,
    )
    .action((name: string, flags: SimFlags) => runSim(tools, name, flags));
}

/** A duration, or seconds without a unit; in ms. */
function until(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : parseDuration(text);
  if (value !== undefined) return value;
  throw new InvalidArgumentError('expected a time such as "10 s".');
}

async function runSim(tools: CliTools, name: string, flags: SimFlags): Promise<void> {
  const simulated = new SimulatedInternet(await readScenario(name), flags.seed);
  const outcome = await simulated.run({
    ...(flags.until !== undefined && { untilMs: flags.until }),
    onFailure: ({ host, error }) => tools.note(`${host}: ${error}`),
  });
  const recording = simulated.internet.recorder.recording();
  if (flags.trace !== undefined) {
    writeFileSync(
      flags.trace,
      flags.trace.endsWith('.ndjson') ? ndjson(recording) : pcapng(recording),
    );
  }
  const { messages } = recording;
  if (flags.json) {
    if (!flags.quiet)
      tools.out(messages.map((message) => `${JSON.stringify(messageLine(message))}\n`).join(''));
    const { events, untilMs, hash } = outcome;
    tools.out(`${JSON.stringify({ events, until: untilMs / 1000, hash })}\n`);
    return;
  }
  if (!flags.quiet) {
    tools.out(ladder(messages, { colour: tools.colour, width: process.stdout.columns ?? 160 }));
  }
  tools.out(
    `${messages.length} messages, ${outcome.events} events until ${(outcome.untilMs / 1000).toFixed(3)} s, seed ${flags.seed}, hash ${outcome.hash}\n`,
  );
}

import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { HttpClient } from '../../http/index.ts';
import { allDissectors } from '../../internet/index.ts';
import { runningInternets } from '../../internet/real/registry.ts';
import { UsageError } from '../../lib/errors.ts';
import { realHost } from '../../net/real/index.ts';
import {
  type LadderOptions,
  ladder,
  ndjson,
  parseNdjson,
  pcapng,
  Recorder,
  TraceBus,
} from '../../trace/index.ts';
import type { CliTools } from '../tools.ts';

interface TraceFlags {
  readonly verbose?: true;
  readonly bytes?: true;
  readonly follow: boolean;
  readonly format?: string;
}

export function registerTrace(program: Command, tools: CliTools): void {
  program
    .command('trace')
    .description(
      'what is said in the running internet, one line a message; or in a file saved before',
    )
    .argument('[file]', 'an .ndjson file that "sim --trace" or the dashboard saved')
    .option('-v, --verbose', 'the fields of each message, and why it was sent')
    .option('-x, --bytes', 'its bytes')
    .option('--no-follow', 'what was said so far, and not what comes')
    .option('--format <pcapng|ndjson|mermaid|txt>', 'write what was said so far in this format')
    .addHelpText(
      'after',
      `
Examples:
  toplayer trace                             follow the running internet
  toplayer trace --no-follow -v              all so far, with fields
  toplayer trace --format pcapng > run.pcapng
  toplayer trace run.ndjson -x`,
    )
    .action((file: string | undefined, flags: TraceFlags) =>
      file === undefined ? traceRunning(tools, flags) : traceFile(tools, file, flags),
    );
}

function traceFile(tools: CliTools, file: string, flags: TraceFlags): void {
  const { events, ...head } = parseNdjson(readFileSync(file, 'utf8'));
  const bus = new TraceBus();
  const recorder = new Recorder({ bus, dissectors: allDissectors(), head });
  for (const event of events) bus.emit(event);
  const recording = recorder.recording();
  if (flags.format === 'pcapng') process.stdout.write(pcapng(recording));
  else if (flags.format === 'ndjson') tools.out(ndjson(recording));
  else tools.out(ladder(recording.messages, ladderOptions(tools, flags)));
}

function ladderOptions(tools: CliTools, flags: TraceFlags): LadderOptions {
  return {
    colour: tools.colour,
    width: process.stdout.columns ?? 160,
    ...(flags.verbose && { fields: true }),
    ...(flags.bytes && { bytes: true }),
  };
}

async function traceRunning(tools: CliTools, flags: TraceFlags): Promise<void> {
  const [internet] = runningInternets();
  if (!internet)
    throw new UsageError('no internet is running: start one with "toplayer up", or name a file');
  const host = realHost({ name: 'command line' });
  const client = new HttpClient(host, { lookup: async (name) => [name] });
  const query = [
    ...(flags.verbose ? ['fields'] : []),
    ...(flags.bytes ? ['bytes'] : []),
    ...(tools.colour ? ['colour'] : []),
    ...(flags.follow ? ['follow'] : []),
    `width=${process.stdout.columns ?? 160}`,
  ].join('&');
  const path = flags.format === undefined ? `api/ladder?${query}` : `api/export/${flags.format}`;
  const response = await client.request(
    { url: `${internet.dashboard}${path}` },
    { signal: tools.signal },
  );
  if (response.status !== 200)
    throw new UsageError(`the internet answered ${response.status}: no such format?`);
  try {
    for await (const bytes of response.body) process.stdout.write(bytes);
  } catch (error) {
    if (!tools.signal.aborted) throw error;
  }
  await host.close();
}

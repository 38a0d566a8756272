/** The machine's own side of the command line: its streams, its running internet, its errors. */

import { stubLookup } from '../dns/index.ts';
import type { Announcement } from '../internet/real/registry.ts';
import { runningInternets } from '../internet/real/registry.ts';
import { isIPv4 } from '../lib/endpoint.ts';
import { AppError, UsageError } from '../lib/errors.ts';
import type { Host, Lookup } from '../net/index.ts';
import {
  mappedPlan,
  type PortPlan,
  realFiles,
  realHost,
  sharedAddressPlan,
} from '../net/real/index.ts';
import type { CliTools } from './tools.ts';

/** The tools of a real terminal. One host for the whole command; it dies with the process. */
export function terminalTools(): CliTools {
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  process.once('SIGTERM', () => abort.abort());
  // Who reads us (head, less) may have seen enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  let internet: Announcement | undefined | null = null;
  const running = () => {
    if (internet === null) internet = runningInternets()[0];
    return internet;
  };
  let host: Host | undefined;
  const theHost = () => {
    host ??= hostBeside(running());
    return host;
  };
  return {
    host: theHost,
    lookup: () => lookupThrough(theHost(), running()),
    resolver: async () => running()?.resolver,
    roots: async () => running()?.roots,
    out: (text) => process.stdout.write(text),
    note: (line) => process.stderr.write(`${line}\n`),
    colour: process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined,
    signal: abort.signal,
  };
}

/** Where the system carries the endpoints of a running internet. */
export function planOf(internet: Announcement | undefined): PortPlan {
  const carried = internet?.carried ?? [];
  // One address that carries several hosts carries the user's seat too.
  const moved = carried.find(({ virtual, real }) => virtual.address !== real.address);
  const plan = moved ? sharedAddressPlan(moved.real.address) : mappedPlan();
  for (const { virtual, real } of carried) {
    for (const transport of ['udp', 'tcp'] as const) plan.learn(virtual, real, transport);
  }
  return plan;
}

/** A host that reaches the hosts of a running internet at their own addresses and ports. */
function hostBeside(internet: Announcement | undefined): Host {
  return realHost({ name: 'this machine', files: realFiles('/'), ports: planOf(internet) });
}

function lookupThrough(host: Host, internet: Announcement | undefined): Lookup {
  const stub = internet?.resolver && stubLookup(host, internet.resolver);
  return async (name, options) => {
    if (isIPv4(name)) return [name];
    if (name === 'localhost') return ['127.0.0.1'];
    if (stub) return stub(name, options);
    throw new UsageError(
      `no internet is running that could resolve ${name}: start one with "toplayer up", or give an address`,
    );
  };
}

/** Says what is wrong in one line, and gives the exit status: 2 for a wrong call, 1 for the rest. */
export function report(error: unknown): number {
  if (isFileError(error)) {
    const what = error.message.replace(/^\w+: /, '').replace(/, \w+( '.*')?$/s, '');
    process.stderr.write(`toplayer: ${error.path}: ${what}\n`);
    return 1;
  }
  if (!(error instanceof AppError)) throw error;
  const spec = error.spec ? ` (${error.spec})` : '';
  process.stderr.write(`toplayer: ${error.message}${spec}\n`);
  return error instanceof UsageError ? 2 : 1;
}

/** Of the system, about a file that the user has named: no fault of ours. */
function isFileError(error: unknown): error is NodeJS.ErrnoException & { readonly path: string } {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}

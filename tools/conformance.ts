/** http-tests/cache-tests on our reverse proxy: `npm run conformance`, and with `--id=NAME` one test in detail. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { HttpCache, type MalformedAge } from '../src/cache/index.ts';
import { serveHttp } from '../src/http/index.ts';
import { realHost } from '../src/net/real/index.ts';
import { reverseProxy } from '../src/proxy/index.ts';

const SUITE = dirname(fileURLToPath(import.meta.resolve('http-cache-tests/package.json')));

interface SuiteTest {
  readonly id: string;
  readonly name: string;
  readonly kind?: 'required' | 'optimal' | 'check';
  readonly browser_only?: boolean;
  readonly depends_on?: readonly string[];
  dump?: boolean;
}

interface SuiteGroup {
  readonly id: string;
  readonly name: string;
  readonly tests: SuiteTest[];
}

/** True, or the kind of failure and what was seen. */
type SuiteResult = true | readonly [string, string];

type Handle = (path: string[], request: IncomingMessage, response: ServerResponse) => void;

export type Kind = 'required' | 'optimal' | 'check';

export interface Verdict {
  readonly id: string;
  readonly group: string;
  readonly name: string;
  readonly kind: Kind;
  readonly passed: boolean;
  readonly why: string;
}

async function load<T>(path: string): Promise<T> {
  return (await import(join(SUITE, path))) as T;
}

async function handler(name: string): Promise<Handle> {
  return (await load<{ default: Handle }>(`server/handle-${name}.mjs`)).default;
}

/** The suite's own origin, on the loopback only. */
async function startOrigin(): Promise<{ readonly port: number; close(): void }> {
  const handles = new Map<string, Handle>();
  for (const name of ['config', 'test', 'state']) handles.set(name, await handler(name));
  const server = createServer((request, response) => {
    const [, first = '', ...rest] = new URL(request.url ?? '/', 'http://origin').pathname.split(
      '/',
    );
    const handle = handles.get(first);
    if (handle) handle(rest, request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

async function allGroups(): Promise<SuiteGroup[]> {
  const { default: groups } = await load<{ default: SuiteGroup[] }>('tests/index.mjs');
  return groups;
}

/** Runs the suite (or one test of it) against our reverse proxy. A run takes about 15 s: the tests wait. */
export async function runSuite(options: {
  readonly malformedAge?: MalformedAge;
  readonly id?: string;
}): Promise<Verdict[]> {
  const groups = await allGroups();
  const origin = await startOrigin();
  const host = realHost();
  const cache = new HttpCache(host, { malformedAge: options.malformedAge ?? 'ignore' });
  const proxy = reverseProxy({ origin: `http://127.0.0.1:${origin.port}`, cache });
  const server = await serveHttp(host, { port: 0, handler: proxy });
  try {
    const results = await runTests(groups, `http://127.0.0.1:${server.local.port}`, options.id);
    return await verdicts(groups, results);
  } finally {
    await server.close({ graceMs: 0 });
    await host.close();
    origin.close();
  }
}

interface Runner {
  runTests(tests: SuiteGroup[], fetch: unknown, browser: boolean, base: string): Promise<void>;
  getResults(): Record<string, SuiteResult>;
}

async function runTests(
  groups: SuiteGroup[],
  base: string,
  id: string | undefined,
): Promise<Record<string, SuiteResult>> {
  const runner = await load<Runner>('client/runner.mjs');
  const { default: fetch } = await load<{ default: unknown }>('../node-fetch/lib/index.js');
  const chosen = groups.map((group) => ({
    ...group,
    tests: group.tests.filter((test) => id === undefined || test.id === id),
  }));
  if (id !== undefined) for (const { tests } of chosen) for (const test of tests) test.dump = true;
  await runner.runTests(chosen, fetch, false, base);
  return runner.getResults();
}

interface Display {
  determineTestResult(
    groups: SuiteGroup[],
    id: string,
    results: Record<string, SuiteResult>,
  ): readonly [string, string, string];
}

async function verdicts(
  groups: SuiteGroup[],
  results: Record<string, SuiteResult>,
): Promise<Verdict[]> {
  const { determineTestResult } = await load<Display>('lib/display.mjs');
  const found: Verdict[] = [];
  for (const group of groups) {
    for (const { id, name, kind = 'required', browser_only } of group.tests) {
      const result = results[id];
      if (browser_only || result === undefined) continue;
      const [, , symbol] = determineTestResult(groups, id, results);
      const why = result === true ? 'a test it depends on fails' : `${result[0]}: ${result[1]}`;
      found.push({ id, group: group.id, name, kind, passed: ['✅', 'Y'].includes(symbol), why });
    }
  }
  return found;
}

export function score(verdicts: readonly Verdict[], kind: Kind): { passed: number; of: number } {
  const own = verdicts.filter((verdict) => verdict.kind === kind);
  return { passed: own.filter(({ passed }) => passed).length, of: own.length };
}

/** What must be reached with the suite's own reading of Age; see docs/conformance.md. */
export const GOALS: Readonly<Record<Kind, number>> = { required: 150, optimal: 75, check: 0 };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { id: { type: 'string' }, 'malformed-age': { type: 'string', default: 'stale' } },
  });
  const malformedAge = values['malformed-age'] === 'ignore' ? 'ignore' : 'stale';
  const log = console.log;
  // The suite's origin tells of each odd request.
  if (values.id === undefined) console.log = () => {};
  const found = await runSuite({ malformedAge, ...(values.id !== undefined && { id: values.id }) });
  console.log = log;
  for (const { id, kind, why, passed } of found) {
    if (!passed) console.log(`${kind.padEnd(8)} ${id}: ${why}`);
  }
  console.log(`Age that is no number: ${malformedAge}. The reasons stand in docs/conformance.md.`);
  for (const kind of ['required', 'optimal', 'check'] as const) {
    const { passed, of } = score(found, kind);
    console.log(`${kind}: ${passed} of ${of}`);
    if (values.id === undefined && passed < GOALS[kind]) process.exitCode = 1;
  }
}

if (import.meta.main) await main();

/** `npm run bench -- NAME ...` runs bench/NAME.bench.ts, prints a table and keeps the figures in bench/results/. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Bench, Result } from './bench.ts';

const HERE = import.meta.dirname;
const ENDING = '.bench.ts';

async function names(): Promise<string[]> {
  const files = await readdir(HERE);
  return files.filter((file) => file.endsWith(ENDING)).map((file) => file.slice(0, -ENDING.length));
}

async function load(name: string): Promise<Bench> {
  const module = (await import(`./${name}${ENDING}`)) as { bench: Bench };
  return module.bench;
}

function number(figure: number): string {
  return figure.toLocaleString('en', { maximumSignificantDigits: 3 });
}

function row(result: Result): string[] {
  const { name, unit, ours, peer, goal } = result;
  const ratio = peer ? ours / peer.figure : undefined;
  const reached = (ratio ?? ours) >= (goal ?? 0) ? 'reached' : 'missed';
  return [
    name,
    unit,
    number(ours),
    peer ? `${number(peer.figure)} (${peer.name} ${peer.version})` : '',
    ratio === undefined ? '' : ratio.toFixed(2),
    goal === undefined ? '' : `${number(goal)} ${reached}`,
    result.note ?? '',
  ];
}

function print(results: readonly Result[]): void {
  const rows = [['what', 'unit', 'ours', 'peer', 'ratio', 'goal', ''], ...results.map(row)];
  const widths = (rows[0] ?? []).map((_, i) =>
    Math.max(...rows.map((cells) => cells[i]?.length ?? 0)),
  );
  for (const cells of rows) {
    console.log(
      cells
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}

async function keep(name: string, results: readonly Result[]): Promise<void> {
  const machine = {
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
  };
  const folder = join(HERE, 'results');
  await mkdir(folder, { recursive: true });
  const text = JSON.stringify({ name, machine, results }, null, 2);
  await writeFile(join(folder, `${name}.json`), `${text}\n`);
}

const known = await names();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !known.includes(name));
if (wanted.length === 0 || unknown.length > 0) {
  if (unknown.length > 0) console.error(`no such benchmark: ${unknown.join(', ')}`);
  console.error(`usage: npm run bench -- NAME ...   with NAME of: ${known.join(', ')}`);
  process.exitCode = 2;
} else {
  for (const name of wanted) {
    console.log(`\n${name}`);
    const results = await (await load(name)).run();
    print(results);
    await keep(name, results);
  }
}

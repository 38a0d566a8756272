/** Holds every import in src/ against the plan of the rooms. Fails when it saw nothing. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { ROOMS, type Room } from './rooms.ts';

const SOURCE = join(import.meta.dirname, '..', 'src');
const IMPORT = /^(?:import|export)\s+(?:[\w*{},\s]+?\s+from\s+)?'([^']+)';$/gm;

function isAllowed(room: Room, file: string, target: string): boolean {
  if (!target.startsWith('.')) return room.packages?.test(target) ?? false;
  const path = posix.normalize(posix.join(dirname(file), target));
  const home = room.files.source.replace(/^\^/, '').replaceAll('\\/', '/');
  return path.startsWith(home) || room.may.some((start) => path.startsWith(start));
}

function faultsOf(file: string, text: string): { faults: string[]; imports: number } {
  const room = ROOMS.find((candidate) => candidate.files.test(file));
  if (!room) return { faults: [`${file}: stands in no room`], imports: 0 };
  const targets = [...text.matchAll(IMPORT)].map((match) => match[1] ?? '');
  const faults = targets
    .filter((target) => !isAllowed(room, file, target))
    .map((target) => `${file}: ${room.name} may not import ${target}`);
  if (
    room.pure &&
    /\bPromise\b|\bawait\b|\basync\b/.test(text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ''))
  ) {
    faults.push(`${file}: ${room.name} is pure and knows no promise`);
  }
  const lines = text.split('\n').length;
  if (lines > 400) faults.push(`${file}: ${lines} lines, and 400 is the limit`);
  return { faults, imports: targets.length };
}

const files = globSync('**/*.ts', { cwd: SOURCE }).filter((file) => !file.endsWith('.test.ts'));
let imports = 0;
const faults: string[] = [];
for (const file of files.sort()) {
  const found = faultsOf(file.replaceAll('\\', '/'), readFileSync(join(SOURCE, file), 'utf8'));
  imports += found.imports;
  faults.push(...found.faults);
}
if (files.length === 0 || imports === 0) faults.push('no files or no imports were seen');
for (const fault of faults) console.error(fault);
console.log(`rooms: ${files.length} files, ${imports} imports, ${faults.length} faults`);
process.exitCode = faults.length > 0 ? 1 : 0;

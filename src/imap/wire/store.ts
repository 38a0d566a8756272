/** STORE (RFC 9051 §6.4.6), with UNCHANGEDSINCE (RFC 7162 §3.1.3). */
import { FLAGS_LIMIT } from '../defaults.ts';
import { badArgument } from '../errors.ts';
import type { Of, StoreHow } from '../types.ts';
import type { Scanner } from './scanner.ts';
import { parseSet, setText } from './sequence-set.ts';
import { Pieces } from './text.ts';

export function parseStore(scanner: Scanner, uid: boolean): Of<'STORE'> {
  scanner.space();
  const set = parseSet(scanner);
  scanner.space();
  let unchangedSince: number | undefined;
  if (scanner.peek === '(') {
    scanner.list(() => {
      if (!scanner.acceptWord('UNCHANGEDSINCE')) throw scanner.fault('UNCHANGEDSINCE');
      scanner.space();
      unchangedSince = scanner.number64('a mod-sequence');
    });
    scanner.space();
  }
  const how: StoreHow = scanner.accept('+') ? 'add' : scanner.accept('-') ? 'remove' : 'set';
  const word = scanner.word('FLAGS');
  if (word !== 'FLAGS' && word !== 'FLAGS.SILENT')
    throw badArgument('STORE changes FLAGS, +FLAGS or -FLAGS');
  scanner.space();
  const flags = scanner.peek === '(' ? scanner.flags() : bareFlags(scanner);
  const silent = word === 'FLAGS.SILENT';
  return {
    name: 'STORE',
    uid,
    set,
    how,
    silent,
    flags,
    ...(unchangedSince !== undefined && { unchangedSince }),
  };
}

function bareFlags(scanner: Scanner): string[] {
  const flags = [scanner.flag()];
  while (scanner.accept(' ')) flags.push(scanner.flag());
  if (flags.length > FLAGS_LIMIT) throw badArgument(`No more than ${FLAGS_LIMIT} flags`);
  return flags;
}

const SIGNS: Readonly<Record<StoreHow, string>> = { add: '+', remove: '-', set: '' };

export function storePieces({ uid, set, how, silent, flags, unchangedSince }: Of<'STORE'>): Pieces {
  const condition = unchangedSince === undefined ? '' : ` (UNCHANGEDSINCE ${unchangedSince})`;
  const what = `${SIGNS[how]}FLAGS${silent ? '.SILENT' : ''} (${flags.join(' ')})`;
  return new Pieces().add(`${uid ? 'UID ' : ''}STORE ${setText(set)}${condition} ${what}`);
}

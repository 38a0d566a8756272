/** THREAD (RFC 5256 §3). */
import { badArgument } from '../errors.ts';
import type { Of } from '../types.ts';
import { checkCharset } from './charset.ts';
import type { Scanner } from './scanner.ts';
import { addKey, parseProgram } from './search.ts';
import { Pieces } from './text.ts';

export function parseThread(scanner: Scanner, uid: boolean): Of<'THREAD'> {
  scanner.space();
  const { at } = scanner;
  const algorithm = scanner.word('an algorithm');
  if (algorithm !== 'REFERENCES' && algorithm !== 'ORDEREDSUBJECT') {
    throw badArgument('THREAD knows REFERENCES and ORDEREDSUBJECT', at);
  }
  scanner.space();
  const charset = scanner.astring('a charset');
  checkCharset(charset);
  scanner.space();
  return { name: 'THREAD', uid, algorithm, key: parseProgram(scanner, charset) };
}

export function threadPieces({ uid, algorithm, key }: Of<'THREAD'>): Pieces {
  return addKey(new Pieces().add(`${uid ? 'UID ' : ''}THREAD ${algorithm} UTF-8 `), key, true);
}

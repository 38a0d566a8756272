/** COMPRESS (RFC 4978 §3). */
import type { Of } from '../types.ts';
import type { Scanner } from './scanner.ts';
import { Pieces } from './text.ts';

export function parseCompress(scanner: Scanner): Of<'COMPRESS'> {
  scanner.space();
  return { name: 'COMPRESS', mechanism: scanner.word('a way to compress') };
}

export function compressPieces({ mechanism }: Of<'COMPRESS'>): Pieces {
  return new Pieces().add(`COMPRESS ${mechanism}`);
}

/** AUTHENTICATE (RFC 9051 §6.2.2), with an initial response (RFC 4959). */
import type { Of } from '../types.ts';
import type { Scanner } from './scanner.ts';
import { Pieces } from './text.ts';

export function parseAuthenticate(scanner: Scanner): Of<'AUTHENTICATE'> {
  scanner.space();
  const mechanism = scanner.word('a mechanism');
  if (!scanner.accept(' ')) return { name: 'AUTHENTICATE', mechanism, initial: undefined };
  const initial = scanner.text.slice(scanner.at);
  scanner.at = scanner.text.length;
  // A blank and nothing is said by programs that have nothing to say; `=` is empty on purpose.
  return { name: 'AUTHENTICATE', mechanism, initial: initial === '' ? undefined : initial };
}

export function authenticatePieces({ mechanism, initial }: Of<'AUTHENTICATE'>): Pieces {
  return new Pieces().add(`AUTHENTICATE ${mechanism}${initial === undefined ? '' : ` ${initial}`}`);
}

/** LOGIN (RFC 9051 §6.2.3). */
import type { Of } from '../types.ts';
import type { Scanner } from './scanner.ts';
import { astringPiece, Pieces } from './text.ts';

export function parseLogin(scanner: Scanner): Of<'LOGIN'> {
  scanner.space();
  const user = scanner.astring('a name');
  scanner.space();
  return { name: 'LOGIN', user, password: scanner.astring('a password') };
}

export function loginPieces({ user, password }: Of<'LOGIN'>, isUtf8: boolean): Pieces {
  return new Pieces().add(
    'LOGIN ',
    astringPiece(user, isUtf8),
    ' ',
    astringPiece(password, isUtf8),
  );
}

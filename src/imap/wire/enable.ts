/** ENABLE (RFC 9051 §6.3.1). */
import type { Of } from '../types.ts';
import type { Scanner } from './scanner.ts';
import { Pieces } from './text.ts';

export function parseEnable(scanner: Scanner): Of<'ENABLE'> {
  const capabilities: string[] = [];
  do {
    scanner.space();
    capabilities.push(scanner.word('a capability'));
  } while (scanner.peek === ' ');
  return { name: 'ENABLE', capabilities };
}

export function enablePieces({ capabilities }: Of<'ENABLE'>): Pieces {
  return new Pieces().add(`ENABLE ${capabilities.join(' ')}`);
}

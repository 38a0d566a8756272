/** GETQUOTA, GETQUOTAROOT, SETQUOTA (RFC 9208 §4.1). */
import type { Of } from '../types.ts';
import type { Scanner } from './scanner.ts';
import { astringPiece, mailboxPiece, Pieces } from './text.ts';

export function parseGetQuota(scanner: Scanner): Of<'GETQUOTA'> {
  scanner.space();
  return { name: 'GETQUOTA', root: scanner.astring('a quota root') };
}

export function parseSetQuota(scanner: Scanner): Of<'SETQUOTA'> {
  scanner.space();
  const root = scanner.astring('a quota root');
  scanner.space();
  const limits = new Map<string, number>();
  scanner.list(() => {
    const resource = scanner.word('a resource');
    scanner.space();
    limits.set(resource, scanner.number64('a limit'));
  }, 0);
  return { name: 'SETQUOTA', root, limits };
}

export function getQuotaPieces({ root }: Of<'GETQUOTA'>): Pieces {
  return new Pieces().add('GETQUOTA ', astringPiece(root, false));
}

export function getQuotaRootPieces({ mailbox }: Of<'GETQUOTAROOT'>, isUtf8: boolean): Pieces {
  return new Pieces().add('GETQUOTAROOT ', mailboxPiece(mailbox, isUtf8));
}

export function setQuotaPieces({ root, limits }: Of<'SETQUOTA'>): Pieces {
  const list = [...limits].map(([resource, limit]) => `${resource} ${limit}`).join(' ');
  return new Pieces().add('SETQUOTA ', astringPiece(root, false), ` (${list})`);
}

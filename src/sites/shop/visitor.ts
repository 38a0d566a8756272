/** What the shop remembers of one visitor, within its entry of the database. */
import type { Json, Session, SessionStore } from '../../sessions/index.ts';
import { HISTORY_LIMIT, LOOKED_LIMIT, MOST_OF_ONE, RECOMMENDED } from '../defaults.ts';
import { GOODS, type Good, goodNamed } from './goods.ts';

export interface BasketLine {
  readonly good: Good;
  readonly count: number;
}

/** The goods looked at, the last one first. */
export function lookedAt(session: Session): readonly Good[] {
  return goodsIn(session.get('looked'));
}

export function look(session: Session, good: Good): void {
  const others = lookedAt(session).filter(({ id }) => id !== good.id);
  session.set(
    'looked',
    [good, ...others].slice(0, LOOKED_LIMIT).map(({ id }) => id),
  );
}

function goodsIn(value: Json | undefined): readonly Good[] {
  const ids = Array.isArray(value) ? (value as readonly Json[]) : [];
  return ids.flatMap((id) => goodNamed(id) ?? []);
}

export function basketOf(session: Session): readonly BasketLine[] {
  const kept = session.get('basket');
  if (typeof kept !== 'object' || kept === null || Array.isArray(kept)) return [];
  return Object.entries(kept).flatMap(([id, count]) => {
    const good = goodNamed(id);
    return good && typeof count === 'number' ? [{ good, count }] : [];
  });
}

/** None of it takes the line away. */
export function putInBasket(session: Session, good: Good, count: number): void {
  const others = basketOf(session).filter((line) => line.good.id !== good.id);
  const wanted = Math.min(Math.max(Math.trunc(count) || 0, 0), MOST_OF_ONE);
  const lines = wanted > 0 ? [...others, { good, count: wanted }] : others;
  session.set('basket', Object.fromEntries(lines.map((line) => [line.good.id, line.count])));
}

/**
 * Who looked at these also looked at those: goods are counted in the histories of other visitors that share
 * something with this one. Without any, what stands on the same shelf.
 */
export async function recommended(
  store: SessionStore,
  session: Session,
  seen: readonly Good[] = lookedAt(session),
): Promise<{ readonly goods: readonly Good[]; readonly by: 'history' | 'shelf' }> {
  const own = new Set(seen.map(({ id }) => id));
  const counts = new Map<Good, number>();
  for (const { id, data } of await store.entries(HISTORY_LIMIT)) {
    const theirs = goodsIn(data['looked']);
    if (id === session.id || !theirs.some((good) => own.has(good.id))) continue;
    for (const good of theirs) counts.set(good, (counts.get(good) ?? 0) + 1);
  }
  const others = [...counts].filter(([good]) => !own.has(good.id)).sort(([, a], [, b]) => b - a);
  if (others.length > 0) {
    return { goods: others.slice(0, RECOMMENDED).map(([good]) => good), by: 'history' };
  }
  const shelves = new Set(seen.map(({ shelf }) => shelf));
  const near = GOODS.filter((good) => shelves.has(good.shelf) && !own.has(good.id));
  return { goods: near.slice(0, RECOMMENDED), by: 'shelf' };
}

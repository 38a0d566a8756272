/** What the advertiser knows of one visitor: which pages of which sites showed its pictures. */
import type { Json, Session } from '../../sessions/index.ts';
import { PAGE_URL_LIMIT, PROFILE_LIMIT } from '../defaults.ts';

export interface PageVisit {
  readonly site: string;
  readonly path: string;
  readonly at: number;
}

/** The page that a picture was shown on: as its address tells, or as Referer does. */
export function pageOf(told: string | undefined, referer: string | undefined): URL | undefined {
  const url = URL.parse((told || referer || '').slice(0, PAGE_URL_LIMIT));
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined;
}

/** The latest first. */
export function visitsOf(session: Session): readonly PageVisit[] {
  const kept = session.get('visits');
  const list = Array.isArray(kept) ? (kept as readonly Json[]) : [];
  return list as unknown as readonly PageVisit[];
}

export function remember(session: Session, { hostname, pathname }: URL, at: number): void {
  const visit = { site: hostname, path: pathname, at: Math.floor(at) };
  const visits = [visit, ...visitsOf(session)].slice(0, PROFILE_LIMIT);
  session.set(
    'visits',
    visits.map((one) => ({ ...one })),
  );
}

/** What somebody seems to want: goods looked at and articles read, the most frequent first. */
export function interests(visits: readonly PageVisit[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { path } of visits) {
    const [, good, article] = /^\/goods\/([a-z-]+)$|([a-z-]+)\.html$/.exec(path) ?? [];
    const word = good ?? article;
    if (word !== undefined && word !== 'index') counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([word]) => word.replaceAll('-', ' '));
}

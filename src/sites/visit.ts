import type { Context, Request, Response } from '../http/index.ts';
import type { Session } from '../sessions/index.ts';
import type { Content } from './markup.ts';
import type { Notice } from './page.ts';

/** One request of one visitor. */
export interface Visit {
  readonly request: Request;
  readonly context: Context;
  readonly session: Session;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface ShowOptions {
  readonly notice?: Notice;
  readonly scripts?: readonly string[];
}

/** Puts a body into the site's page. */
export type Show = (
  visit: Visit,
  status: number,
  title: string,
  body: Content,
  options?: ShowOptions,
) => Response;

/** Who has signed in. */
export function userOf(session: Session): string | undefined {
  const user = session.get('user');
  return typeof user === 'string' ? user : undefined;
}

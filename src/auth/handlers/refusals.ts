/** The answers to those who are not let in. */
import { HeaderList, type Response, statusPage } from '../../http/index.ts';

/** 401 with its challenges, the preferred one first (RFC 9110 §15.5.2). */
export function unauthorized(challenges: readonly string[], why: string): Response {
  const page = statusPage(401, why, { spec: 'RFC 9110 §15.5.2' });
  const fields = challenges.map((challenge) => ['WWW-Authenticate', challenge] as const);
  return { ...page, headers: [...fields, ...HeaderList.from(page.headers)] };
}

/** 429: who guesses has to wait (RFC 6585 §4). */
export function tooMany(waitMs: number): Response {
  const seconds = Math.ceil(waitMs / 1000);
  const page = statusPage(429, `Too many attempts: wait ${seconds} s.`, { spec: 'RFC 6585 §4' });
  return {
    ...page,
    headers: [['Retry-After', String(seconds)], ...HeaderList.from(page.headers)],
  };
}

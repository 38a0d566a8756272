import { LimitError, ProtocolError } from '../lib/errors.ts';
import { QUERY_LIMIT } from './defaults.ts';

/** A line that can be no query. */
export function badQuery(message: string, offset: number): ProtocolError {
  return new ProtocolError('WHOIS_BAD_QUERY', message, { spec: 'RFC 3912 §2', offset });
}

export function queryTooLong(): ProtocolError {
  return new ProtocolError('WHOIS_QUERY_TOO_LONG', `a query of more than ${QUERY_LIMIT} bytes`, {
    spec: 'RFC 3912 §2',
    offset: QUERY_LIMIT,
  });
}

export function tooManyReferrals(limit: number, next: string): LimitError {
  const text = `more than ${limit} referrals, the last to ${next}`;
  return new LimitError('WHOIS_REFERRALS', text, { limit });
}

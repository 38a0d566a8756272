/** The states of a session (RFC 1939 §3) as a table: where each command may be given, and what to say where it may not. */
import { Pop3Error } from '../errors.ts';
import type { Verb } from '../types.ts';

/** `named` is within AUTHORIZATION, after USER. */
export type State = 'authorization' | 'named' | 'transaction' | 'update';

const BEFORE: readonly State[] = ['authorization', 'named'];
const WITHIN: readonly State[] = ['transaction'];
const ANY: readonly State[] = [...BEFORE, ...WITHIN];

export const ORDER: Readonly<Record<Verb, readonly State[]>> = {
  USER: BEFORE,
  PASS: ['named'],
  APOP: BEFORE,
  AUTH: BEFORE,
  STLS: BEFORE,
  UTF8: BEFORE,
  CAPA: ANY,
  QUIT: ANY,
  STAT: WITHIN,
  LIST: WITHIN,
  RETR: WITHIN,
  DELE: WITHIN,
  NOOP: WITHIN,
  RSET: WITHIN,
  TOP: WITHIN,
  UIDL: WITHIN,
};

/** Throws Pop3Error for what may not be said now. */
export function assertInOrder(verb: Verb, state: State): void {
  if (ORDER[verb].includes(state)) return;
  const spec = BEFORE.includes(state) ? 'RFC 1939 §4' : 'RFC 1939 §5';
  throw new Pop3Error('POP3_OUT_OF_ORDER', wordsFor(verb, state), spec);
}

function wordsFor(verb: Verb, state: State): string {
  if (state === 'update') return 'The session is over';
  if (state === 'transaction') return `${verb} comes before signing in, and you have signed in`;
  if (verb === 'PASS') return 'Say USER name first';
  return state === 'named' ? 'Say PASS password first' : 'Sign in first: USER name, PASS password';
}

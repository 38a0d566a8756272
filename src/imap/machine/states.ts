/** Which commands where (RFC 9051 §3, §6) as a table. */
import type { CommandName } from '../types.ts';

export type State = 'not authenticated' | 'authenticated' | 'selected';

const ANY: readonly State[] = ['not authenticated', 'authenticated', 'selected'];
const BEFORE: readonly State[] = ['not authenticated'];
const SIGNED_IN: readonly State[] = ['authenticated', 'selected'];
const SELECTED: readonly State[] = ['selected'];

export const STATES: Readonly<Record<CommandName, readonly State[]>> = {
  CAPABILITY: ANY,
  NOOP: ANY,
  LOGOUT: ANY,
  ID: ANY,
  STARTTLS: BEFORE,
  AUTHENTICATE: BEFORE,
  LOGIN: BEFORE,
  ENABLE: SIGNED_IN,
  SELECT: SIGNED_IN,
  EXAMINE: SIGNED_IN,
  CREATE: SIGNED_IN,
  DELETE: SIGNED_IN,
  RENAME: SIGNED_IN,
  SUBSCRIBE: SIGNED_IN,
  UNSUBSCRIBE: SIGNED_IN,
  LIST: SIGNED_IN,
  LSUB: SIGNED_IN,
  NAMESPACE: SIGNED_IN,
  STATUS: SIGNED_IN,
  APPEND: SIGNED_IN,
  IDLE: SIGNED_IN,
  COMPRESS: SIGNED_IN,
  GETQUOTA: SIGNED_IN,
  GETQUOTAROOT: SIGNED_IN,
  SETQUOTA: SIGNED_IN,
  CHECK: SELECTED,
  CLOSE: SELECTED,
  UNSELECT: SELECTED,
  EXPUNGE: SELECTED,
  SEARCH: SELECTED,
  SORT: SELECTED,
  THREAD: SELECTED,
  FETCH: SELECTED,
  STORE: SELECTED,
  COPY: SELECTED,
  MOVE: SELECTED,
};

const NEEDS: Readonly<Record<string, string>> = {
  'not authenticated': 'You have signed in already',
  authenticated: 'Sign in first',
  selected: 'Select a mailbox first',
};

/** Why a command is not for this state; undefined where it is. */
export function outOfState(name: CommandName, state: State): string | undefined {
  const right = STATES[name];
  if (right.includes(state)) return undefined;
  return NEEDS[state === 'not authenticated' ? 'authenticated' : (right[0] as State)];
}

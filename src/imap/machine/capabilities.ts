/** What a server can do, as it says it (RFC 9051 §6.1.1). */
import { APPEND_LIMIT } from '../defaults.ts';
import type { State } from './states.ts';

export interface CapabilityFacts {
  readonly state: State;
  /** STARTTLS can be asked for. */
  readonly startTls: boolean;
  readonly mechanisms: readonly string[];
  /** LOGIN is not for this connection. */
  readonly loginDisabled: boolean;
  readonly compress: boolean;
  readonly appendLimit?: number;
}

/** Known before somebody has signed in. */
const ALWAYS = ['IMAP4rev1', 'IMAP4rev2', 'LITERAL+', 'SASL-IR', 'ID', 'ENABLE', 'IDLE'];

/** RFC 9051 §6.1.1: some of them are part of IMAP4rev2, and told for who speaks IMAP4rev1. */
const AFTER = [
  'BINARY',
  'CHILDREN',
  'CONDSTORE',
  'CREATE-SPECIAL-USE',
  'ESEARCH',
  'ESORT',
  'LIST-EXTENDED',
  'LIST-STATUS',
  'MOVE',
  'MULTIAPPEND',
  'NAMESPACE',
  'QRESYNC',
  'QUOTA',
  'QUOTA=RES-STORAGE',
  'SEARCHRES',
  'SORT',
  'SPECIAL-USE',
  'STATUS=SIZE',
  'THREAD=ORDEREDSUBJECT',
  'THREAD=REFERENCES',
  'UIDPLUS',
  'UNSELECT',
  'UTF8=ACCEPT',
];

export function capabilityText(facts: CapabilityFacts): string {
  const {
    state,
    startTls,
    mechanisms,
    loginDisabled,
    compress,
    appendLimit = APPEND_LIMIT,
  } = facts;
  const names = [...ALWAYS];
  if (state === 'not authenticated') {
    if (startTls) names.push('STARTTLS');
    names.push(...mechanisms.map((name) => `AUTH=${name}`));
    if (loginDisabled) names.push('LOGINDISABLED');
  } else {
    names.push(...AFTER, `APPENDLIMIT=${appendLimit}`);
    if (compress) names.push('COMPRESS=DEFLATE');
  }
  return names.join(' ');
}

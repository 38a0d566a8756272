/** What the server itself says, with the codes of RFC 2449 §8 and RFC 3206. */
import type { Response } from '../types.ts';

export function yes(text: string): Response {
  return { ok: true, text };
}

export function no(text: string, code?: string): Response {
  return code === undefined ? { ok: false, text } : { ok: false, code, text };
}

export const BYE: Response = yes('Bye');
export const READY_FOR_TLS: Response = yes('Begin TLS negotiation');
export const IN_USE: Response = no('Another POP3 session has this maildrop', 'IN-USE');
export const WRONG: Response = no('Name or password is wrong', 'AUTH');
export const FAILED: Response = no('The server failed; try again later', 'SYS/TEMP');
export const NOT_REMOVED: Response = no('Nothing was deleted: the server failed', 'SYS/TEMP');
export const TOO_MANY_SESSIONS: Response = no('Too many sessions; try again later', 'SYS/TEMP');
export const TOO_MANY_ERRORS: Response = no('Too many errors');
export const GONE: Response = no('That message is gone: it was removed by another program');
export const NO_TLS: Response = no('TLS is not spoken here');
export const SECURE_ALREADY: Response = no('The connection is secure already');
export const ENCRYPT_FIRST: Response = no('Passwords are not said in clear here: say STLS first');
export const NO_APOP: Response = no('APOP is not offered here: the greeting has no timestamp');
export const NO_SUCH_MECHANISM: Response = no('No such mechanism here; CAPA lists them');
export const NO_INITIAL: Response = no('In that mechanism the server begins');
export const CANCELLED: Response = no('Authentication cancelled');
export const NOT_BASE64: Response = no('That is not base64');
export const STLS_AFTER_UTF8: Response = no('STLS comes before UTF8');

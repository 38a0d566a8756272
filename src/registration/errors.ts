/** The refusals of a registry, with the result codes of EPP (RFC 5730 §3). Programs match on `code`. */
import { ProtocolError, ReplyError } from '../lib/errors.ts';

/** Result code, and the status of HTTP that goes with it. */
export const RESULTS = {
  REG_UNKNOWN_COMMAND: { result: 2000, status: 400 },
  REG_BAD_COMMAND: { result: 2001, status: 400 },
  REG_PARAMETER_MISSING: { result: 2003, status: 400 },
  REG_OUT_OF_RANGE: { result: 2004, status: 400 },
  REG_BAD_VALUE: { result: 2005, status: 400 },
  REG_NOT_RENEWABLE: { result: 2105, status: 409 },
  REG_NOT_TRANSFERABLE: { result: 2106, status: 409 },
  REG_NOT_AUTHENTICATED: { result: 2200, status: 401 },
  REG_NOT_AUTHORISED: { result: 2201, status: 403 },
  REG_WRONG_CODE: { result: 2202, status: 403 },
  REG_EXISTS: { result: 2302, status: 409 },
  REG_NOT_FOUND: { result: 2303, status: 404 },
  REG_STATUS_PROHIBITS: { result: 2304, status: 409 },
  REG_IN_USE: { result: 2305, status: 409 },
  REG_POLICY: { result: 2306, status: 400 },
  REG_NO_REGISTRY: { result: 2307, status: 404 },
  REG_FULL: { result: 2308, status: 409 },
  REG_BUSY: { result: 2400, status: 503 },
  REG_FAILED: { result: 2400, status: 500 },
} as const;

export type RegistrationErrorCode = keyof typeof RESULTS;

/** A registry's no. `reply` is the result code of EPP. */
export class RegistrationError extends ReplyError {
  declare readonly code: RegistrationErrorCode;

  constructor(code: RegistrationErrorCode, message: string, spec?: string) {
    super(code, RESULTS[code].result, message, spec === undefined ? {} : { spec });
  }
}

/** The error that a result code stands for, as the side that was refused sees it. */
export function refusalOf(code: unknown, message: string, spec?: string): RegistrationError {
  const known = typeof code === 'string' && Object.hasOwn(RESULTS, code);
  return new RegistrationError(
    known ? (code as RegistrationErrorCode) : 'REG_FAILED',
    message,
    spec,
  );
}

/** A text that is no command. */
export function badCommand(
  code: 'REG_UNKNOWN_COMMAND' | 'REG_BAD_COMMAND' | 'REG_PARAMETER_MISSING' | 'REG_BAD_VALUE',
  message: string,
): ProtocolError {
  return new ProtocolError(code, message, { spec: 'RFC 5730 §3', reply: RESULTS[code].result });
}

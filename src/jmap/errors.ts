/** What JMAP says no with (RFC 8620 §3.6, §5.3). */
import { AppError, type ErrorDetails } from '../lib/errors.ts';
import type { JsonObject } from './types.ts';

/** The whole request is refused, or one call of it, or one object of a call. */
export type ErrorLevel = 'request' | 'method' | 'set';

/** `type` is the word of the standard; `code` is the same as for all errors here: `JMAP_STATE_MISMATCH`. */
export class JmapError extends AppError {
  readonly type: string;
  readonly level: ErrorLevel;
  /** What the standard wants said beside: `limit`, `properties`. */
  readonly more: JsonObject;

  constructor(
    level: ErrorLevel,
    type: string,
    message: string,
    more: JsonObject = {},
    details: ErrorDetails = {},
  ) {
    super(`JMAP_${type.replace(/[A-Z]/g, '_$&').toUpperCase()}`, message, details);
    this.level = level;
    this.type = type;
    this.more = more;
  }

  /** As it stands in an answer. */
  toObject(): JsonObject {
    return { type: this.type, description: this.message, ...this.more };
  }
}

/** RFC 8620 §3.6.1. */
export function requestError(
  type: 'unknownCapability' | 'notJSON' | 'notRequest' | 'limit',
  message: string,
  more: JsonObject = {},
): JmapError {
  return new JmapError('request', type, message, more, { spec: 'RFC 8620 §3.6.1' });
}

/** RFC 8620 §3.6.2. */
export function methodError(type: string, message: string, more: JsonObject = {}): JmapError {
  return new JmapError('method', type, message, more, { spec: 'RFC 8620 §3.6.2' });
}

export function invalidArguments(message: string, ...names: readonly string[]): JmapError {
  return methodError('invalidArguments', message, names.length > 0 ? { arguments: names } : {});
}

/** RFC 8620 §5.3. */
export function setError(type: string, message: string, more: JsonObject = {}): JmapError {
  return new JmapError('set', type, message, more, { spec: 'RFC 8620 §5.3' });
}

export function invalidProperties(message: string, ...properties: readonly string[]): JmapError {
  return setError('invalidProperties', message, { properties });
}

/** What a client is told when its request could not be passed on: which status, and why. */
import { type Response, statusPage } from '../http/index.ts';
import { AppError, NetworkError, ProtocolError } from '../lib/errors.ts';

/** 504 where the origin was too slow, 403 where this host may not go, 502 for all else (RFC 9110 §15.6). */
export function failurePage(error: unknown, whom: string): Response {
  const { status, why, spec } = failureOf(error, whom);
  return statusPage(status, why, { spec });
}

interface Failure {
  readonly status: 403 | 502 | 504;
  readonly why: string;
  readonly spec: string;
}

function failureOf(error: unknown, whom: string): Failure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof NetworkError && error.kind === 'timeout') {
    return {
      status: 504,
      why: `${whom} did not answer in time: ${message}.`,
      spec: 'RFC 9110 §15.6.5',
    };
  }
  if (error instanceof NetworkError && error.kind === 'not-permitted') {
    return {
      status: 403,
      why: `${whom} is not asked from here: ${message}.`,
      spec: 'RFC 9110 §15.5.4',
    };
  }
  if (error instanceof NetworkError) {
    return {
      status: 502,
      why: `${whom} could not be reached: ${message}.`,
      spec: 'RFC 9110 §15.6.3',
    };
  }
  if (error instanceof ProtocolError) {
    const spec = error.spec ?? 'RFC 9110 §15.6.3';
    return { status: 502, why: `What ${whom} answered is not HTTP: ${message}.`, spec };
  }
  if (error instanceof AppError) {
    return {
      status: 502,
      why: `${whom} could not be asked: ${message}.`,
      spec: 'RFC 9110 §15.6.3',
    };
  }
  throw error;
}

/** Answers and refusals as JSON text and back. */
import type { AppError } from '../../lib/errors.ts';
import { badCommand, RESULTS, type RegistrationErrorCode, refusalOf } from '../errors.ts';
import type { Answer } from '../types.ts';
import { object, parseJson } from './command.ts';

/** What a refusal says: result code, our code, the sentence, and the section that asks for it. */
interface Refusal {
  readonly result: number;
  readonly code: string;
  readonly message: string;
  readonly spec?: string;
}

export function encodeAnswer(answer: Answer): string {
  return `${JSON.stringify(answer)}\n`;
}

/** The text and the status of HTTP for an error; what has no code of its own here is 2400. */
export function encodeRefusal({ code: name, message, spec }: AppError): {
  readonly status: number;
  readonly text: string;
} {
  const code = isOurs(name) ? name : 'REG_FAILED';
  const { result, status } = RESULTS[code];
  const refusal: Refusal = { result, code, message, ...(spec !== undefined && { spec }) };
  return { status, text: `${JSON.stringify(refusal)}\n` };
}

/** The status of HTTP for an error of registration; undefined for any other. */
export function statusOf({ code }: AppError): number | undefined {
  return isOurs(code) ? RESULTS[code].status : undefined;
}

function isOurs(code: string): code is RegistrationErrorCode {
  return Object.hasOwn(RESULTS, code);
}

/** Throws RegistrationError for a refusal, and ProtocolError for what is no answer. */
export function parseAnswer(text: string): Answer {
  const fields = object(parseJson(text), 'an answer');
  const { result, message, code, spec } = fields;
  if (typeof result !== 'number' || typeof message !== 'string') {
    throw badCommand('REG_BAD_COMMAND', 'expected an answer with "result" and "message"');
  }
  if (result >= 2000) throw refusalOf(code, message, typeof spec === 'string' ? spec : undefined);
  return fields as unknown as Answer;
}

import { ProtocolError } from '../../src/lib/errors.ts';

/** The reply code for a line that is none of the protocol's. */
export const SYNTAX_ERROR = 500;

/** A line that breaks the rules; `offset` counts from the start of the line. */
export function badLine(problem: string, offset: number): ProtocolError {
  return new ProtocolError('GREETING_BAD_LINE', problem, {
    spec: 'Greeting §2',
    offset,
    reply: SYNTAX_ERROR,
  });
}

/** Small makers of messages: everything that is not said is zero, empty or no. */
import type { Edns, EdnsOption, Message, Name, QueryType, Question, RecordClass } from './types.ts';

const NOTHING: Message = {
  id: 0,
  response: false,
  opcode: 'QUERY',
  authoritative: false,
  truncated: false,
  recursionDesired: false,
  recursionAvailable: false,
  authenticData: false,
  checkingDisabled: false,
  rcode: 'NOERROR',
  questions: [],
  answers: [],
  authorities: [],
  additionals: [],
};

export function message(parts: Partial<Message>): Message {
  return { ...NOTHING, ...parts };
}

export function question(name: Name, type: QueryType, recordClass: RecordClass = 'IN'): Question {
  return { name, type, class: recordClass };
}

/** An answer's beginning: id, opcode, RD and CD of the query are repeated (RFC 1035 §4.1.1). */
export function reply(query: Message, parts: Partial<Message> = {}): Message {
  return {
    ...NOTHING,
    id: query.id,
    response: true,
    opcode: query.opcode,
    recursionDesired: query.recursionDesired,
    checkingDisabled: query.checkingDisabled,
    questions: query.questions,
    ...parts,
  };
}

export function edns(udpSize: number, dnssecOk = false, options: readonly EdnsOption[] = []): Edns {
  return { version: 0, udpSize, dnssecOk, options };
}

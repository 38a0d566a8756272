/** A message in one line, as a person would say it. */
import { followAliases } from './answers.ts';
import { plainName } from './name.ts';
import { ERROR_TEXTS, extendedErrors } from './options.ts';
import type { Message, Question, ResourceRecord } from './types.ts';
import { formatRdata } from './wire/index.ts';

const MANY = 4;

export function summarize(message: Message): string {
  const question = message.questions[0];
  const { opcode, rcode } = message;
  const asked = question ? `${plainName(question.name)}` : 'nothing';
  if (opcode !== 'QUERY') {
    const rest = message.response ? rcode : (question?.type ?? '');
    return `${opcode} ${asked} ${rest}`.trimEnd();
  }
  if (!message.response) return question ? `${question.type}? ${asked}` : 'a query of nothing';
  if (rcode !== 'NOERROR') return `${rcode} ${asked}${errorText(message)}`;
  if (message.truncated) return `truncated: ask for ${asked} on TCP`;
  if (!question) return 'a reply to nothing';
  if (message.answers.length > 0) return answerText(message.answers, question);
  const ns = message.authorities.filter((record) => record.type === 'NS');
  if (ns.length === 0) return `no ${question.type} for ${asked}`;
  const zone = plainName((ns[0] as ResourceRecord).name);
  return `${zone}: ask ${some(ns.map((record) => plainName(record.target)))}`;
}

/** Why, where the server says so (RFC 8914). */
function errorText({ edns }: Message): string {
  const error = extendedErrors(edns)[0];
  return error ? `: ${ERROR_TEXTS[error.code] ?? `extended error ${error.code}`}` : '';
}

function answerText(answers: readonly ResourceRecord[], question: Question): string {
  const { aliases, records } = followAliases(answers, question);
  const names = aliases.map((alias) => `${plainName(alias.name)} is ${plainName(alias.target)}`);
  const first = records[0];
  if (!first) return `${names.join(', ')}, no ${question.type} beside`;
  const data = some(records.map(dataText));
  return [...names, `${first.type} ${data}, for ${first.ttl} s`].join('; ');
}

function dataText(record: ResourceRecord): string {
  if ('target' in record) return plainName(record.target);
  if (record.type === 'MX') return `${record.preference} ${plainName(record.exchange)}`;
  if (record.type === 'SOA') return `${plainName(record.primary)} serial ${record.serial}`;
  return formatRdata(record);
}

function some(items: readonly string[]): string {
  if (items.length <= MANY) return items.join(', ');
  return `${items.slice(0, MANY).join(', ')} and ${items.length - MANY} more`;
}

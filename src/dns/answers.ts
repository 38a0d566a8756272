/** What a message, taken as the answer to a question, says. */
import { CNAME_LIMIT } from './defaults.ts';
import { DnsError, type DnsErrorCode } from './errors.ts';
import { nameKey, plainName } from './name.ts';
import type { CnameRecord, Message, Name, Question, Rcode, ResourceRecord } from './types.ts';

export interface Followed {
  /** The name at the end of the aliases. */
  readonly name: Name;
  readonly aliases: readonly CnameRecord[];
  /** Its records of the type that was asked for. */
  readonly records: readonly ResourceRecord[];
}

/** Follows the aliases among `records` from the name of the question (RFC 1034 §3.6.2). */
export function followAliases(records: readonly ResourceRecord[], question: Question): Followed {
  const aliases: CnameRecord[] = [];
  let name = question.name;
  for (;;) {
    const own = records.filter((record) => nameKey(record.name) === nameKey(name));
    const found = own.filter((record) => record.type === question.type || question.type === 'ANY');
    const alias = own.find((record) => record.type === 'CNAME');
    if (found.length > 0 || alias?.type !== 'CNAME' || aliases.length >= CNAME_LIMIT) {
      return { name, aliases, records: found };
    }
    aliases.push(alias);
    name = alias.target;
  }
}

const CODES: Partial<Record<Rcode, DnsErrorCode>> = {
  NXDOMAIN: 'DNS_NXDOMAIN',
  SERVFAIL: 'DNS_SERVFAIL',
  REFUSED: 'DNS_REFUSED',
  FORMERR: 'DNS_FORMERR',
  NOTIMP: 'DNS_NOTIMP',
};

const SAYINGS: Partial<Record<Rcode, string>> = {
  NXDOMAIN: 'there is no such name',
  SERVFAIL: 'the resolver found no server that answers',
  REFUSED: 'the server refuses to answer',
};

/** The error that a reply amounts to: its RCODE, or that it has nothing of the type. */
export function errorOf(reply: Message, question: Question): DnsError | undefined {
  const name = plainName(question.name);
  const { rcode } = reply;
  if (rcode !== 'NOERROR') {
    const saying = SAYINGS[rcode] ?? 'the server could not answer';
    const code = CODES[rcode] ?? 'DNS_BAD_REPLY';
    return new DnsError(code, `${name}: ${saying} (${rcode})`, { question, rcode });
  }
  if (followAliases(reply.answers, question).records.length > 0) return undefined;
  return new DnsError('DNS_NODATA', `${name} has no record of type ${question.type}`, {
    question,
    rcode,
    spec: 'RFC 2308 §2.2',
  });
}

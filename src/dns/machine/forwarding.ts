/** A search that leaves the work to other resolvers (RFC 1034 §5.3.1), and keeps what they say. */
import type { Endpoint } from '../../lib/endpoint.ts';
import { followAliases } from '../answers.ts';
import { ADDRESS_TRIES, CNAME_LIMIT } from '../defaults.ts';
import { isWithin, nameKey } from '../name.ts';
import { EDE } from '../options.ts';
import type { Message, Question, RecordType, ResourceRecord, SoaRecord } from '../types.ts';
import { RANK } from './cache.ts';
import type { Surroundings } from './iteration.ts';
import { say } from './notes.ts';
import { peekAnswer } from './peek.ts';
import { failed, type Result, result, type Search, type Step } from './result.ts';

export class Forwarding implements Search {
  private readonly question: Question;
  private readonly surroundings: Surroundings;
  private readonly left: Endpoint[];
  private found: Result | undefined;
  private lastFailure = 'there is no server to forward to';
  private asked: Endpoint | undefined;

  constructor(
    question: Question,
    surroundings: Surroundings,
    servers: readonly Endpoint[],
    now: number,
    anew = false,
  ) {
    this.question = question;
    this.surroundings = surroundings;
    const { cache, cost } = surroundings;
    const sorted = servers.toSorted((a, b) => cost(a.address, now) - cost(b.address, now));
    this.left = Array.from({ length: ADDRESS_TRIES }, () => sorted).flat();
    if (!anew) this.found = peekAnswer(cache, question, now);
  }

  step(): Step {
    if (this.found) return this.found;
    const server = this.left.shift();
    if (!server) return failed(this.lastFailure, EDE.NO_REACHABLE_AUTHORITY);
    const note = say.forwards(this.question, server.address, this.asked && this.lastFailure);
    this.asked = server;
    const { address, port } = server;
    return {
      kind: 'ask',
      server: `${address}.`,
      address,
      port,
      zone: '.',
      question: this.question,
      note,
    };
  }

  receive(reply: Message, source: Endpoint, now: number): void {
    if (reply.rcode === 'NOERROR' || reply.rcode === 'NXDOMAIN') this.take(reply, source, now);
    else this.failed(`answered ${reply.rcode}`);
  }

  failed(text: string): void {
    this.lastFailure = `${this.asked?.address} ${text}`;
  }

  private take(reply: Message, source: Endpoint, now: number): void {
    const { cache } = this.surroundings;
    const { question } = this;
    const { aliases, records, name } = followAliases(reply.answers, question);
    for (const alias of aliases) cache.put([alias], RANK.answer, source, now);
    if (aliases.length > CNAME_LIMIT) {
      this.found = failed(`more than ${CNAME_LIMIT} aliases`, EDE.INVALID_DATA);
      return;
    }
    if (records.length > 0) {
      if (question.type !== 'ANY') cache.put(records, RANK.answer, source, now);
      this.found = result({ rcode: 'NOERROR', answers: [...aliases, ...records] });
      return;
    }
    const soa = reply.authorities.find(
      (record): record is SoaRecord => record.type === 'SOA' && isWithin(name, record.name),
    );
    const denial = reply.rcode === 'NXDOMAIN' ? 'nxdomain' : 'nodata';
    if (soa) cache.deny(denial, name, question.type as RecordType, soa, source, now);
    const authorities: ResourceRecord[] = soa ? [soa] : [];
    this.found = result({ rcode: reply.rcode, answers: aliases, authorities });
  }
}

/** One key for equal questions. */
export function questionKey({ name, type, class: recordClass }: Question): string {
  return `${nameKey(name)} ${type} ${recordClass}`;
}

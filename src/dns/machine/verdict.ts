/** What one reply of one server says to the question at hand, by RFC 1034 §5.3.3 step 4. */
import { CNAME_LIMIT } from '../defaults.ts';
import { isWithin, sameName } from '../name.ts';
import type { CnameRecord, Message, Name, Question, ResourceRecord, SoaRecord } from '../types.ts';
import type { Denial } from './cache.ts';
import { type Referral, referralIn } from './delegation.ts';

export type Verdict =
  | {
      readonly kind: 'answer';
      readonly aliases: readonly CnameRecord[];
      readonly records: readonly ResourceRecord[];
    }
  /** Aliases that lead to `name`, about which this server says no more. */
  | { readonly kind: 'alias'; readonly aliases: readonly CnameRecord[]; readonly name: Name }
  | {
      readonly kind: 'denial';
      readonly aliases: readonly CnameRecord[];
      readonly denial: Denial;
      readonly name: Name;
      readonly soa: SoaRecord | undefined;
    }
  | { readonly kind: 'referral'; readonly referral: Referral }
  /** The server is of no use for this zone; `text` says why, as in "NAME answered REFUSED". */
  | { readonly kind: 'useless'; readonly text: string; readonly spec: string };

/** Judges the reply of a server that was asked as one of those of `zone`. */
export function judge(reply: Message, question: Question, zone: Name): Verdict {
  const { rcode } = reply;
  if (rcode !== 'NOERROR' && rcode !== 'NXDOMAIN') {
    return useless(`answered ${rcode}`, 'RFC 1034 §5.3.3');
  }
  // It was asked on TCP after UDP; half an RRset is none (RFC 2181 §9).
  if (reply.truncated) return useless('answered cut short even on TCP', 'RFC 2181 §9');
  const { aliases, records, name } = chainIn(reply, question, zone);
  const found = records.length > 0 || aliases.length > 0;
  if (!found && rcode === 'NOERROR') {
    const referral = referralIn(reply, question.name, zone);
    if (referral) return { kind: 'referral', referral };
  }
  if (!reply.authoritative) return useless(lameness(reply, zone), 'RFC 1912 §2.8');
  if (records.length > 0) return { kind: 'answer', aliases, records };
  const soa = soaIn(reply, name, zone);
  if (aliases.length > 0 && !soa) return { kind: 'alias', aliases, name };
  const denial = rcode === 'NXDOMAIN' ? 'nxdomain' : 'nodata';
  return { kind: 'denial', aliases, denial, name, soa };
}

function useless(text: string, spec: string): Verdict {
  return { kind: 'useless', text, spec };
}

function lameness(reply: Message, zone: Name): string {
  const upward = reply.authorities.some((record) => record.type === 'NS');
  return upward && reply.answers.length === 0
    ? `refers elsewhere instead of answering for ${zone}, so it is lame`
    : `does not answer with authority for ${zone}, so it is lame`;
}

/** Aliases and records in the answer section that begin at the question and stay within `zone`. */
function chainIn(reply: Message, question: Question, zone: Name) {
  const aliases: CnameRecord[] = [];
  let name = question.name;
  for (;;) {
    const at = name;
    const own = isWithin(at, zone)
      ? reply.answers.filter(
          (record) => sameName(record.name, at) && record.class === question.class,
        )
      : [];
    const records = own.filter(
      (record) => record.type === question.type || question.type === 'ANY',
    );
    const alias = own.find((record) => record.type === 'CNAME');
    if (records.length > 0 || alias?.type !== 'CNAME' || aliases.length > CNAME_LIMIT) {
      return { aliases, records, name };
    }
    aliases.push(alias);
    name = alias.target;
  }
}

function soaIn(reply: Message, name: Name, zone: Name): SoaRecord | undefined {
  return reply.authorities.find(
    (record): record is SoaRecord =>
      record.type === 'SOA' && isWithin(record.name, zone) && isWithin(name, record.name),
  );
}

/** The numbers of DNS and their mnemonics, both ways. A number without one has a generic form. */
import type { Opcode, QueryType, Rcode, RecordClass } from './types.ts';

/** A table of assigned numbers: `name(1) === 'A'`, `number('TYPE4711') === 4711`. */
class Codes<T extends string> {
  private readonly prefix: string;
  private readonly limit: number;
  private readonly names = new Map<number, T>();
  private readonly numbers = new Map<string, number>();

  constructor(prefix: string, limit: number, assigned: Readonly<Record<string, number>>) {
    this.prefix = prefix;
    this.limit = limit;
    for (const [name, number] of Object.entries(assigned)) {
      this.names.set(number, name as T);
      this.numbers.set(name, number);
    }
  }

  name(number: number): T {
    return this.names.get(number) ?? (`${this.prefix}${number}` as T);
  }

  number(name: T): number {
    return this.numbers.get(name) ?? Number(name.slice(this.prefix.length));
  }

  /** What a person wrote, in any case, the generic form too; undefined when it is none. */
  parse(text: string): T | undefined {
    const upper = text.toUpperCase();
    if (this.numbers.has(upper)) return upper as T;
    if (!upper.startsWith(this.prefix)) return undefined;
    const digits = upper.slice(this.prefix.length);
    if (!/^\d{1,5}$/.test(digits) || Number(digits) > this.limit) return undefined;
    return this.name(Number(digits));
  }
}

/** Types and QTYPEs. OPT (41) has no name here: it is no data, and read into `Message.edns`. */
export const types: Codes<QueryType> = new Codes<QueryType>('TYPE', 65535, {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  RP: 17,
  AAAA: 28,
  SRV: 33,
  NAPTR: 35,
  DNAME: 39,
  DS: 43,
  SSHFP: 44,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  NSEC3: 50,
  NSEC3PARAM: 51,
  TLSA: 52,
  SVCB: 64,
  HTTPS: 65,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
  CAA: 257,
});

export const TYPE_OPT = 41;

export const classes: Codes<RecordClass> = new Codes<RecordClass>('CLASS', 65535, {
  IN: 1,
  CH: 3,
  HS: 4,
  NONE: 254,
  ANY: 255,
});

export const opcodes: Codes<Opcode> = new Codes<Opcode>('OPCODE', 15, {
  QUERY: 0,
  IQUERY: 1,
  STATUS: 2,
  NOTIFY: 4,
  UPDATE: 5,
});

/** RFC 6895 §2.3. */
export const rcodes: Codes<Rcode> = new Codes<Rcode>('RCODE', 4095, {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  YXDOMAIN: 6,
  YXRRSET: 7,
  NXRRSET: 8,
  NOTAUTH: 9,
  NOTZONE: 10,
  BADVERS: 16,
  BADCOOKIE: 23,
});

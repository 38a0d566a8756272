/** The field tree of a message: each element with its bytes, down to flags, labels and pointers. */
import { fromUtf8, hex } from '../lib/bytes.ts';
import { ProtocolError } from '../lib/errors.ts';
import type { Field } from '../trace/index.ts';
import { classes, opcodes, rcodes, TYPE_OPT, types } from './codes.ts';
import { plainName } from './name.ts';
import { ERROR_TEXTS, formatOption, OPTION, readCookie, specOfOption } from './options.ts';
import type { EdnsOption, SvcParam } from './types.ts';
import { decodeOpt } from './wire/edns.ts';
import { name as nameKind, plainName as plainNameKind } from './wire/rdata/fields.ts';
import { codecOfNumber } from './wire/rdata/index.ts';
import { formatSvcParam, svcParams } from './wire/rdata/svc-params.ts';
import { Reader } from './wire/reader.ts';

/** The flags of the header: name, shift, bits, which of the two bytes, what 0 and 1 mean. */
const FLAGS: readonly (readonly [string, number, number, string, string])[] = [
  ['QR', 15, 2, 'query', 'response'],
  ['AA', 10, 2, 'not authoritative', 'authoritative answer'],
  ['TC', 9, 2, 'whole', 'truncated'],
  ['RD', 8, 2, 'recursion not desired', 'recursion desired'],
  ['RA', 7, 3, 'recursion not available', 'recursion available'],
  ['Z', 6, 3, 'reserved', 'reserved, must be 0'],
  ['AD', 5, 3, 'not authenticated', 'authentic data'],
  ['CD', 4, 3, 'checking enabled', 'checking disabled'],
];

const SECTIONS = ['Question', 'Answer', 'Authority', 'Additional'] as const;
const COUNTS = ['QDCOUNT', 'ANCOUNT', 'NSCOUNT', 'ARCOUNT'] as const;
const HEADER_SPEC = 'RFC 1035 §4.1.1';

/** The fields of a message; of a broken one those before the break, and what broke. */
export function messageFields(bytes: Uint8Array): readonly Field[] {
  const fields: Field[] = [];
  try {
    const reader = new Reader(bytes);
    const counts = header(reader, fields);
    for (const [i, title] of SECTIONS.entries()) section(reader, title, counts[i] ?? 0, fields);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const at = Math.min(error.offset ?? bytes.length, bytes.length);
    fields.push(leaf('Malformed', error.message, at, bytes.length, error.spec));
  }
  return fields;
}

function leaf(name: string, value: string, start: number, end: number, spec?: string): Field {
  return { name, value, start, end, ...(spec === undefined ? {} : { spec }) };
}

function header(reader: Reader, fields: Field[]): number[] {
  reader.need(12, 'the header');
  const id = reader.u16();
  const flags = reader.u16();
  const counts = COUNTS.map(() => reader.u16());
  const opcode = opcodes.name((flags >> 11) & 15);
  const rcode = rcodes.name(flags & 15);
  const [first, ...rest] = FLAGS.map(([name, shift, byte, no, yes]) => {
    const set = (flags >> shift) & 1;
    const spec = name === 'AD' || name === 'CD' ? 'RFC 4035 §3' : HEADER_SPEC;
    return leaf(name, `${set} (${set ? yes : no})`, byte, byte + 1, spec);
  });
  const children = [
    first as Field,
    leaf('OPCODE', opcode, 2, 3, HEADER_SPEC),
    ...rest,
    leaf('RCODE', rcode, 3, 4, HEADER_SPEC),
  ];
  fields.push({
    ...leaf('Header', `id ${id}, ${opcode}, ${rcode}`, 0, 12, HEADER_SPEC),
    children: [
      leaf('ID', String(id), 0, 2, HEADER_SPEC),
      { ...leaf('Flags', `0x${hex(reader.bytes.subarray(2, 4))}`, 2, 4, HEADER_SPEC), children },
      ...COUNTS.map((name, i) => leaf(name, String(counts[i]), 4 + 2 * i, 6 + 2 * i, HEADER_SPEC)),
    ],
  });
  return counts;
}

/** One section. Its entries are collected as they are read, so that a break shows those before. */
function section(reader: Reader, title: string, count: number, fields: Field[]): void {
  if (count === 0) return;
  const start = reader.at;
  const children: Field[] = [];
  const read = title === 'Question' ? questionField : recordField;
  const spec = title === 'Question' ? 'RFC 1035 §4.1.2' : 'RFC 1035 §4.1.3';
  try {
    for (let i = 0; i < count; i++) children.push(read(reader));
  } finally {
    const end = children.at(-1)?.end ?? start;
    const value = count === 1 ? '1 entry' : `${count} entries`;
    fields.push({ ...leaf(title, value, start, end, spec), children });
  }
}

function questionField(reader: Reader): Field {
  const start = reader.at;
  const name = nameField(reader, 'QNAME', 'RFC 1035 §4.1.2');
  const type = types.name(reader.u16());
  const classText = classes.name(reader.u16());
  const end = reader.at;
  return {
    ...leaf('Question', `${name.value} ${type}`, start, end, 'RFC 1035 §4.1.2'),
    children: [
      name,
      leaf('QTYPE', type, end - 4, end - 2, 'RFC 1035 §3.2.3'),
      leaf('QCLASS', classText, end - 2, end, 'RFC 1035 §3.2.5'),
    ],
  };
}

/** A name with its labels and, where it is compressed, the pointer and what it leads to. */
function nameField(reader: Reader, title: string, spec?: string): Field {
  const start = reader.at;
  const value = plainName(reader.name());
  const end = reader.at;
  const { bytes } = reader;
  const children: Field[] = [];
  for (let at = start; at < end; ) {
    const size = bytes[at] as number;
    if (size === 0) children.push(leaf('Root', 'the name ends', at, at + 1, 'RFC 1035 §3.1'));
    else if (size >= 0xc0) {
      const target = ((size & 0x3f) << 8) | (bytes[at + 1] as number);
      reader.at = target;
      const rest = plainName(reader.name());
      reader.at = end;
      children.push(leaf('Pointer', `to byte ${target}: ${rest}`, at, at + 2, 'RFC 1035 §4.1.4'));
      break;
    } else {
      const label = new TextDecoder('latin1').decode(bytes.subarray(at + 1, at + 1 + size));
      children.push(leaf('Label', label, at, at + 1 + size, 'RFC 1035 §3.1'));
    }
    at += size + 1;
  }
  return { ...leaf(title, value, start, end, spec), children };
}

function recordField(reader: Reader): Field {
  const start = reader.at;
  const name = nameField(reader, 'NAME', 'RFC 1035 §4.1.3');
  const at = reader.at;
  const typeNumber = reader.u16();
  const classNumber = reader.u16();
  const ttl = reader.u32();
  const length = reader.u16();
  reader.need(length, 'the RDATA of a record');
  const end = reader.at + length;
  if (typeNumber === TYPE_OPT) {
    return optField(reader, { start, at, end, name, udpSize: classNumber, ttl });
  }
  const type = types.name(typeNumber);
  const data = rdataField(reader, typeNumber, end);
  reader.at = end;
  const spec = 'RFC 1035 §3.2.1';
  return {
    ...leaf('Record', `${name.value} ${type} ${data.value}`, start, end, 'RFC 1035 §4.1.3'),
    children: [
      name,
      leaf('TYPE', type, at, at + 2, 'RFC 1035 §3.2.2'),
      leaf('CLASS', classes.name(classNumber), at + 2, at + 4, 'RFC 1035 §3.2.4'),
      leaf('TTL', `${ttl} s`, at + 4, at + 8, spec),
      leaf('RDLENGTH', String(length), at + 8, at + 10, spec),
      data,
    ],
  };
}

function rdataField(reader: Reader, type: number, end: number): Field {
  const start = reader.at;
  const codec = codecOfNumber(type);
  if (!codec) {
    const data = hex(reader.bytes.subarray(start, end));
    return leaf('RDATA', `${end - start} bytes: ${data}`, start, end, 'RFC 3597 §3');
  }
  const children = codec.elements.map(({ property, kind }) => {
    if (kind === nameKind || kind === plainNameKind) {
      return nameField(reader, property, codec.spec);
    }
    const from = reader.at;
    const decoded = kind.decode(reader, end);
    const field = leaf(property, kind.format(decoded), from, reader.at, codec.spec);
    return kind === svcParams ? { ...field, children: paramFields(decoded, from) } : field;
  });
  const value = children.map((child) => child.value).join(' ');
  return { ...leaf('RDATA', value, start, end, codec.spec), children };
}

function paramFields(decoded: unknown, start: number): Field[] {
  let at = start;
  return (decoded as readonly SvcParam[]).map((param) => {
    const from = at;
    at += 4 + param.value.length;
    const [name = '', ...rest] = formatSvcParam(param).split('=');
    return leaf(name, rest.join('='), from, at, 'RFC 9460 §2.2');
  });
}

const ERROR_SPEC = 'RFC 8914 §2';

/** One option, and of those with several parts each part. */
function optionField(option: EdnsOption, start: number, end: number): Field {
  const { code, data } = option;
  const at = start + 4;
  const [name = '', ...rest] = formatOption(option).split(': ');
  const spec = specOfOption(code);
  const whole = leaf(
    `Option ${code}, ${name.replace(/=.*/, '')}`,
    rest.join(': '),
    start,
    end,
    spec,
  );
  const parts: Field[] = [
    leaf('OPTION-CODE', String(code), start, start + 2, 'RFC 6891 §6.1.2'),
    leaf('OPTION-LENGTH', String(data.length), start + 2, at, 'RFC 6891 §6.1.2'),
  ];
  const cookie = code === OPTION.COOKIE ? readCookie(data) : undefined;
  if (cookie) {
    parts.push(leaf('client cookie', hex(cookie.client), at, at + 8, 'RFC 7873 §4.1'));
    if (cookie.server) {
      parts.push(leaf('server cookie', hex(cookie.server), at + 8, end, 'RFC 7873 §4.2'));
    }
  } else if (code === OPTION.EXTENDED_ERROR && data.length >= 2) {
    const number = ((data[0] as number) << 8) | (data[1] as number);
    const meaning = `${number} (${ERROR_TEXTS[number] ?? 'unassigned'})`;
    parts.push(leaf('INFO-CODE', meaning, at, at + 2, ERROR_SPEC));
    if (data.length > 2) {
      parts.push(leaf('EXTRA-TEXT', fromUtf8(data.subarray(2)), at + 2, end, ERROR_SPEC));
    }
  } else if (data.length > 0) {
    parts.push(leaf('OPTION-DATA', hex(data), at, end, spec));
  }
  return { ...whole, children: parts };
}

interface OptParts {
  readonly start: number;
  readonly at: number;
  readonly end: number;
  readonly name: Field;
  readonly udpSize: number;
  readonly ttl: number;
}

function optField(reader: Reader, { start, at, end, name, udpSize, ttl }: OptParts): Field {
  const spec = 'RFC 6891 §6.1.3';
  let option = reader.at;
  const { edns, rcodeHigh } = decodeOpt(udpSize, ttl, reader, end);
  const options = edns.options.map(({ code, data }) => {
    const from = option;
    option += 4 + data.length;
    return optionField({ code, data }, from, option);
  });
  const flag = edns.dnssecOk ? '1 (DNSSEC records welcome)' : '0';
  const text = `version ${edns.version}, UDP size ${udpSize}`;
  return {
    ...leaf('OPT', text, start, end, 'RFC 6891 §6.1'),
    children: [
      name,
      leaf('TYPE', 'OPT', at, at + 2, 'RFC 6891 §6.1.1'),
      leaf('UDP payload size', String(udpSize), at + 2, at + 4, 'RFC 6891 §6.2.3'),
      leaf('EXTENDED-RCODE', String(rcodeHigh), at + 4, at + 5, spec),
      leaf('VERSION', String(edns.version), at + 5, at + 6, spec),
      leaf('DO', flag, at + 6, at + 7, 'RFC 3225 §3'),
      leaf('RDLENGTH', String(end - at - 10), at + 8, at + 10, 'RFC 6891 §6.1.2'),
      ...options,
    ],
  };
}

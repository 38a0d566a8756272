import { describe, expect, test } from 'vitest';
import { fromHex } from '../lib/bytes.ts';
import type { Field } from '../trace/index.ts';
import { dnsDissector } from './dissect.ts';
import { edns, message, question } from './message.ts';
import { clientSubnet, extendedError, extendedErrors, formatOption, OPTION } from './options.ts';
import { formatMessage } from './present.ts';
import type { EdnsOption } from './types.ts';
import { encodeMessage } from './wire/index.ts';

const bytes = (text: string) => fromHex(text) as Uint8Array;

describe('options as text', () => {
  test.each<[EdnsOption, string]>([
    [{ code: OPTION.COOKIE, data: bytes('0102030405060708') }, 'COOKIE: 0102030405060708'],
    [{ code: OPTION.COOKIE, data: bytes('010203') }, 'OPT=10: 01 02 03'],
    [{ code: OPTION.NSID, data: bytes('6e7301') }, 'NSID: 6e 73 01 ("ns.")'],
    [{ code: OPTION.NSID, data: bytes('') }, 'NSID'],
    [{ code: OPTION.PADDING, data: bytes('000000') }, 'PAD: (3 bytes)'],
    [{ code: OPTION.KEEPALIVE, data: bytes('0064') }, 'TCP-KEEPALIVE: 10.0 secs'],
    [clientSubnet('10.1.255.3', 20), 'CLIENT-SUBNET: 10.1.240.0/20/0'],
    [clientSubnet('2001:db8::1', 32, 24), 'CLIENT-SUBNET: 2001:db8::/32/24'],
    [
      { code: OPTION.CLIENT_SUBNET, data: bytes('0001210001020304') },
      'OPT=8: 00 01 21 00 01 02 03 04',
    ],
    [extendedError(3), 'EDE: 3 (Stale Answer)'],
    [extendedError(22, 'no\u001b[2J'), 'EDE: 22 (No Reachable Authority): (no[2J)'],
    [extendedError(999), 'EDE: 999'],
    [{ code: 65_001, data: bytes('abcd') }, 'OPT=65001: ab cd'],
  ])('%#: %o', (option, expected) => {
    expect(formatOption(option)).toBe(expected);
  });

  test('stand in the OPT section, and in the field tree with each part', () => {
    const cookie = { code: OPTION.COOKIE, data: bytes('010203040506070811121314151617181922') };
    const told = message({
      id: 1,
      response: true,
      rcode: 'SERVFAIL',
      questions: [question('a.', 'A')],
      edns: edns(1232, false, [cookie, extendedError(13, 'again')]),
    });
    expect(formatMessage(told)).toContain('; EDE: 13 (Cached Error): (again)\n');
    expect(extendedErrors(told.edns)).toEqual([{ code: 13, text: 'again' }]);
    const found = dnsDissector.datagram?.(encodeMessage(told));
    expect(found?.summary).toBe('SERVFAIL a: Cached Error');
    const flat = (fields: readonly Field[]): Field[] =>
      fields.flatMap((field) => [field, ...flat(field.children ?? [])]);
    const values = new Map(flat(found?.fields() ?? []).map(({ name, value }) => [name, value]));
    expect(values.get('client cookie')).toBe('0102030405060708');
    expect(values.get('server cookie')).toBe('11121314151617181922');
    expect(values.get('INFO-CODE')).toBe('13 (Cached Error)');
    expect(values.get('EXTRA-TEXT')).toBe('again');
  });
});

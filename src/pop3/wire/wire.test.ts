import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromUtf8, latin1, utf8 } from '../../lib/bytes.ts';
import type { Command } from '../types.ts';
import { encodeCommand, parseCommand, shownCommand } from './command.ts';
import { parseListing, parseStat, parseUniqueIds } from './listing.ts';
import { encodeResponse, parseChallenge, parseResponse } from './response.ts';

describe('commands', () => {
  it.each<[string, Command]>([
    ['user bob', { type: 'USER', name: 'bob' }],
    ['USER Bob Smith ', { type: 'USER', name: 'Bob Smith' }],
    ['PASS  two words ', { type: 'PASS', password: ' two words ' }],
    [
      'APOP a b C4C9334BAC560ECC979E58001B3E22FB',
      { type: 'APOP', name: 'a b', digest: 'c4c9334bac560ecc979e58001b3e22fb' },
    ],
    ['auth plain =', { type: 'AUTH', mechanism: 'PLAIN', initial: '=' }],
    ['AUTH', { type: 'AUTH', mechanism: undefined, initial: undefined }],
    ['LIST', { type: 'LIST', message: undefined }],
    ['UIDL 7', { type: 'UIDL', message: 7 }],
    ['RETR 007', { type: 'RETR', message: 7 }],
    ['top 1  0', { type: 'TOP', message: 1, lines: 0 }],
    ['QUIT ', { type: 'QUIT' }],
  ])('%j', (text, command) => {
    expect(parseCommand(text)).toEqual(command);
    expect(parseCommand(fromUtf8(encodeCommand(command)).slice(0, -2))).toEqual(command);
  });

  it('do not show passwords', () => {
    expect(shownCommand({ type: 'PASS', password: 'hungry' })).toBe('PASS ********');
    expect(shownCommand({ type: 'AUTH', mechanism: 'PLAIN', initial: 'AGEAYg==' })).toBe(
      'AUTH PLAIN',
    );
  });

  it('that would be two are not sent', () => {
    expect(() => encodeCommand({ type: 'PASS', password: 'x\r\nDELE 1' })).toThrow('control');
  });
});

describe('responses', () => {
  it.each([
    ['+OK', { ok: true, text: '' }],
    ['+ok  two words', { ok: true, text: 'two words' }],
    [
      '-ERR [in-use] Do you have another session?',
      { ok: false, code: 'IN-USE', text: 'Do you have another session?' },
    ],
    ['-ERR [SYS/TEMP]', { ok: false, code: 'SYS/TEMP', text: '' }],
    ['-ERR no [AUTH]', { ok: false, text: 'no [AUTH]' }],
  ])('%j', (text, response) => expect(parseResponse({ bytes: latin1(text) })).toEqual(response));

  it.each(['', 'OK', '+OKAY', '220 hi', '-ERROR'])('%j is none', (text) => {
    expect(() => parseResponse({ bytes: latin1(text) })).toThrow('no response');
  });

  it('are one line of 512 octets at most, whatever they say', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.string({ unit: 'binary', maxLength: 700 }), (ok, text) => {
        const line = fromUtf8(encodeResponse({ ok, text }));
        expect(line).toMatch(/^(\+OK|-ERR)( [^\r\n]*)?\r\n$/);
        expect(line.length).toBeLessThanOrEqual(512);
      }),
      { seed: 1 },
    );
  });

  it('of AUTH are challenges, or ends of it', () => {
    const challenge = (text: string) => parseChallenge({ bytes: utf8(text) });
    expect(challenge('+ ')).toBe('');
    expect(challenge('+')).toBe('');
    expect(challenge('+ YWJj')).toBe('YWJj');
    expect(challenge('+OK in')).toBeUndefined();
  });
});

describe('listings', () => {
  it('are read with what servers add to them', () => {
    expect(parseStat({ ok: true, text: '2 320 octets' })).toEqual({ count: 2, size: 320 });
    expect(parseListing('1 120 octets\r\n2  200\n')).toEqual([
      { number: 1, size: 120 },
      { number: 2, size: 200 },
    ]);
    expect(parseUniqueIds('1 whqtswO00WBw418f9t5JxYwZ\r\n')).toEqual([
      { number: 1, uid: 'whqtswO00WBw418f9t5JxYwZ' },
    ]);
  });

  it('that are none are refused', () => {
    expect(() => parseStat({ ok: true, text: 'two' })).toThrow('drop listing');
    expect(() => parseListing('1\r\n')).toThrow('scan listing');
    expect(() => parseUniqueIds('1 \r\n')).toThrow('unique-id');
  });
});

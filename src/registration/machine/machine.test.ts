import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PERIODS } from '../defaults.ts';
import { RegistrationError } from '../errors.ts';
import type { Domain } from '../types.ts';
import { checkNameServers, type Others } from './hosts.ts';
import { addYears, isPublished, nextChange, phaseOf, statusOf } from './life.ts';
import { registrableName, superordinate, unicodeName } from './names.ts';
import { decodePunycode, encodePunycode } from './punycode.ts';

const DAY = 86_400_000;

describe('names that can be registered below com', () => {
  it.each([
    ['books.com', 'books.com'],
    ['BOOKS.com.', 'books.com'],
    ['4u.com', '4u.com'],
    ['a.com', 'a.com'],
    ['a-b.com', 'a-b.com'],
    [`${'a'.repeat(63)}.com`, `${'a'.repeat(63)}.com`],
    ['xn--bcher-kva.com', 'xn--bcher-kva.com'],
  ])('%s', (text, name) => {
    expect(registrableName(text, 'com')).toBe(name);
  });

  it.each([
    ['com', 'REG_BAD_VALUE'],
    ['', 'REG_BAD_VALUE'],
    ['books.org', 'REG_POLICY'],
    ['www.books.com', 'REG_POLICY'],
    ['.com', 'REG_BAD_VALUE'],
    ['-a.com', 'REG_BAD_VALUE'],
    ['a-.com', 'REG_BAD_VALUE'],
    ['a_b.com', 'REG_BAD_VALUE'],
    ['bücher.com', 'REG_BAD_VALUE'],
    ['a b.com', 'REG_BAD_VALUE'],
    ['ab--c.com', 'REG_BAD_VALUE'],
    ['xn--.com', 'REG_BAD_VALUE'],
    ['xn--books-.com', 'REG_BAD_VALUE'],
    ['xn--a.com', 'REG_BAD_VALUE'],
    ['xn--99999999.com', 'REG_BAD_VALUE'],
    [`${'a'.repeat(64)}.com`, 'REG_BAD_VALUE'],
    [`${'a.'.repeat(130)}com`, 'REG_BAD_VALUE'],
  ])('%j is refused', (text, code) => {
    expect(() => registrableName(text, 'com')).toThrow(
      expect.objectContaining({ name: 'RegistrationError', code }),
    );
  });

  it('are shown to people as they write them', () => {
    expect(unicodeName('xn--bcher-kva.com')).toBe('bücher.com');
    expect(superordinate('ns.eu.books.com', 'com')).toBe('books.com');
  });
});

describe('punycode', () => {
  // RFC 3492 §7.1.
  it.each([
    ['他们为什么不说中文', 'ihqwcrb4cv8a8dqg056pqjye'],
    ['Pročprostěnemluvíčesky', 'Proprostnemluvesky-uyb24dma41a'],
    ['3年B組金八先生', '3B-ww4c5e180e575a65lsy2b'],
    ['そのスピードで', 'd9juau41awczczp'],
    ['bücher', 'bcher-kva'],
  ])('%s is %s', (text, form) => {
    expect(encodePunycode(text)).toBe(form);
    expect(decodePunycode(form)).toBe(text);
  });

  it('reads back whatever it wrote, and any text gives a text or nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-composite', maxLength: 30 }), (text) => {
        expect(decodePunycode(encodePunycode(text))).toBe(text);
      }),
      { seed: 1, numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9-]{0,59}$/), (form) => {
        const text = decodePunycode(form);
        expect(text === undefined || text.isWellFormed()).toBe(true);
      }),
      { seed: 2, numRuns: 500 },
    );
  });
});

const DOMAIN: Domain = {
  name: 'books.com',
  handle: 'D1-COM',
  registrant: { name: 'Ann' },
  registrar: 'course',
  created: 0,
  updated: 0,
  expires: 365 * DAY,
  nameServers: [{ name: 'ns.books.com', addresses: ['127.0.0.1'] }],
  locks: [],
  authCode: 'secret',
};

describe('the life of a domain', () => {
  it.each([
    [0, 'active', ['ok']],
    [365 * DAY - 1, 'active', ['ok']],
    [365 * DAY, 'expired', ['serverHold']],
    [395 * DAY, 'redemption', ['pendingDelete']],
    [425 * DAY, 'pendingDelete', ['pendingDelete']],
    [430 * DAY, 'gone', ['pendingDelete']],
  ])('left alone, at %i ms it is %s', (now, phase, status) => {
    expect(phaseOf(DOMAIN, now, PERIODS)).toBe(phase);
    expect(statusOf(DOMAIN, now, PERIODS)).toEqual(status);
    expect(isPublished(DOMAIN, now, PERIODS)).toBe(phase === 'active');
  });

  it('deleted on day 10, it is restorable to day 40 and free on day 45', () => {
    const deleted = { ...DOMAIN, deleted: 10 * DAY };
    const days = [9, 10, 39, 40, 45].map((day) => phaseOf(deleted, day * DAY, PERIODS));
    expect(days).toEqual(['active', 'redemption', 'redemption', 'pendingDelete', 'gone']);
  });

  it('changes exactly when it says that it will', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.option(fc.nat(500)), fc.nat(600), (expires, deleted, day) => {
        const domain = {
          ...DOMAIN,
          expires: expires * DAY,
          ...(deleted !== null && { deleted: deleted * DAY }),
        };
        const now = day * DAY;
        const next = nextChange(domain, now, PERIODS);
        const phase = phaseOf(domain, now, PERIODS);
        if (next === undefined) expect(phase).toBe('gone');
        else expect(phaseOf(domain, next - 1, PERIODS)).toBe(phase);
      }),
      { seed: 3, numRuns: 500 },
    );
  });

  it('is inactive without name servers, and has its locks', () => {
    const bare: Domain = { ...DOMAIN, nameServers: [], locks: ['clientHold'] };
    expect(statusOf(bare, 0, PERIODS)).toEqual(['clientHold', 'inactive']);
    expect(isPublished(bare, 0, PERIODS)).toBe(false);
  });

  it('never tells pendingDelete beside a lock against deletion (RFC 5731 §2.3)', () => {
    const locked: Domain = { ...DOMAIN, locks: ['clientDeleteProhibited'] };
    expect(statusOf(locked, 0, PERIODS)).toEqual(['clientDeleteProhibited']);
    expect(statusOf(locked, 400 * DAY, PERIODS)).toEqual(['pendingDelete']);
  });

  it('counts years as calendars do', () => {
    const day = (text: string) => Date.parse(`${text}T00:00:00Z`);
    expect(addYears(day('2024-02-29'), 1)).toBe(day('2025-02-28'));
    expect(addYears(day('2024-02-29'), 4)).toBe(day('2028-02-29'));
    expect(addYears(day('2026-12-31'), 10)).toBe(day('2036-12-31'));
  });
});

describe('name servers', () => {
  const others: Others = {
    zone: 'com',
    domain: (name) => (name === 'books.com' ? DOMAIN : undefined),
    isOwnHost: (name) => name === 'ns.nic.com',
    usersOf: () => [],
  };
  const check = (name: string, ...addresses: string[]) =>
    checkNameServers('maps.com', [{ name, addresses }], others);

  it.each([
    ['within, with glue', 'ns.maps.com', ['127.0.0.1', '::1']],
    ['of another domain of this zone', 'ns.books.com', []],
    ['of the registry', 'ns.nic.com', []],
    ['elsewhere', 'ns.college.edu', []],
  ])('%s', (_, name, addresses) => {
    expect(check(name, ...addresses)).toEqual([{ name, addresses }]);
  });

  it.each([
    ['within, without glue', 'ns.maps.com', [], 'REG_PARAMETER_MISSING'],
    ['elsewhere, with an address', 'ns.college.edu', ['127.0.0.1'], 'REG_POLICY'],
    ['of a neighbour, with an address', 'ns.books.com', ['127.0.0.1'], 'REG_POLICY'],
    ['of a neighbour who does not name it', 'ns2.books.com', [], 'REG_NOT_FOUND'],
    ['of a neighbour who is not there', 'ns.none.com', [], 'REG_NOT_FOUND'],
    ['with what is no address', 'ns.maps.com', ['127.0.0.256'], 'REG_BAD_VALUE'],
    ['with what is no name', 'ns_1.maps.com', ['127.0.0.1'], 'REG_BAD_VALUE'],
  ])('%s is refused', (_, name, addresses, code) => {
    expect(() => check(name, ...addresses)).toThrow(expect.objectContaining({ code }));
  });

  it('come each once, and at most thirteen', () => {
    const twice = [1, 2].map(() => ({ name: 'ns.college.edu', addresses: [] }));
    expect(() => checkNameServers('maps.com', twice, others)).toThrow(RegistrationError);
    const many = Array.from({ length: 14 }, (_, i) => ({ name: `ns${i}.a.edu`, addresses: [] }));
    expect(() => checkNameServers('maps.com', many, others)).toThrow(/at most 13/);
    expect(checkNameServers('maps.com', many.slice(1), others)).toHaveLength(13);
  });
});

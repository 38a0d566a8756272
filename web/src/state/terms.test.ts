import { describe, expect, it } from 'vitest';
import { hasTerm, narrow, toggleProtocol } from './terms.ts';

describe('protocols are put in and taken out', () => {
  it.each([
    ['', 'dns', 'dns'],
    ['dns', 'dns', ''],
    ['dns', 'http', 'dns || http'],
    ['dns || http', 'dns', 'http'],
    ['host == alice', 'dns', 'host == alice && dns'],
    ['host == alice && dns', 'dns', 'host == alice'],
    ['dns || www', 'http', '(dns || www) && http'],
  ])('%j and %s: %j', (text, protocol, wanted) => {
    expect(toggleProtocol(text, protocol)).toBe(wanted);
  });
});

it('a protocol that only this internet speaks is one too', () => {
  expect(toggleProtocol('dns', 'gopher', new Set(['gopher']))).toBe('dns || gopher');
  expect(toggleProtocol('dns || gopher', 'dns', new Set(['gopher']))).toBe('gopher');
});

describe('a term narrows, and is taken back', () => {
  it.each([
    ['', 'host == bob', 'host == bob'],
    ['host == bob', 'host == bob', ''],
    ['dns || http', 'host == bob', '(dns || http) && host == bob'],
    ['(dns || http) && host == bob', 'host == bob', 'dns || http'],
  ])('%j and %s: %j', (text, term, wanted) => {
    expect(narrow(text, term)).toBe(wanted);
  });
});

it('a term is known where it stands by itself', () => {
  expect(hasTerm('(dns || http) && host == bob', 'http')).toBe(true);
  expect(hasTerm('(dns || http) && host == bob', 'host == bob')).toBe(true);
  expect(hasTerm('host == dns', 'dns')).toBe(false);
});

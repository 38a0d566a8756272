import { expect, it } from 'vitest';
import { bytesOf, character, hex, offsetText } from './hex.ts';
import { rfcUrl } from './rfc.tsx';

it('reads base64 as bytes', () => {
  expect([...bytesOf('AAH/QQ==')]).toEqual([0, 1, 255, 65]);
  expect(bytesOf('')).toHaveLength(0);
});

it('writes bytes as numbers and as what can be shown of them', () => {
  expect(hex(0)).toBe('00');
  expect(hex(255)).toBe('ff');
  expect(offsetText(16)).toBe('0010');
  expect(offsetText(0x12345)).toBe('12345');
  expect([65, 32, 0, 127, 200].map(character).join('')).toBe('A ···');
});

it.each([
  ['RFC 1035 §4.1.4', 'https://www.rfc-editor.org/rfc/rfc1035#section-4.1.4'],
  ['RFC 9112 §A.1', 'https://www.rfc-editor.org/rfc/rfc9112#appendix-A.1'],
  ['RFC 826', 'https://www.rfc-editor.org/rfc/rfc826'],
  ['HTML Standard §9.2', undefined],
])('%s is at %s', (spec, url) => expect(rfcUrl(spec)).toBe(url));

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, fromLatin1, latin1 } from './bytes.ts';
import { DotReader, DotWriter, LineEndGuard, withCrLf } from './dot.ts';

const broken = (which: string): Error => new Error(`bare ${which}`);

function unstuff(chunks: readonly string[]) {
  const parts: Uint8Array[] = [];
  const reader = new DotReader((bytes) => parts.push(bytes));
  let rest = '';
  for (const chunk of chunks) {
    const over = reader.done || reader.abandoned;
    const taken = over ? 0 : reader.push(latin1(chunk));
    rest += chunk.slice(taken);
  }
  const { done, fault, abandoned } = reader;
  return { text: fromLatin1(concat(parts)), rest, done, fault, abandoned };
}

describe('the dot', () => {
  const good = { done: true, fault: undefined, abandoned: false };
  it.each([
    ['a\r\n.\r\nQUIT', { ...good, text: 'a\r\n', rest: 'QUIT' }],
    ['.\r\n', { ...good, text: '', rest: '' }],
    ['..\r\n..a\r\n.\r\n', { ...good, text: '.\r\n.a\r\n', rest: '' }],
    ['.a\r\na.\r\n.\r\n', { ...good, text: 'a\r\na.\r\n', rest: '' }],
    ['a\r\n', { ...good, done: false, text: 'a\r\n', rest: '' }],
  ])('%j', (text, expected) => {
    expect(unstuff([text])).toEqual(expected);
    expect(unstuff([...text])).toEqual(expected);
  });

  /** Every way of writing an end that is none: what follows must never be read as commands. */
  it.each([
    ['a\n.\r\nMAIL', 'bare LF', true],
    ['a\n.\nMAIL', 'bare LF', true],
    ['a\r\n.\nMAIL', 'bare LF', true],
    ['a\r\n.\rMAIL', 'bare CR', false],
    ['a\r.\r\nMAIL', 'bare CR', false],
    ['a\r.\rMAIL', 'bare CR', false],
    ['a\r\r\n.\r\r\nMAIL', 'bare CR', false],
    ['a\r\n.\r\r\n', 'bare CR', false],
    ['a\n.\r\r\nMAIL', 'bare LF', false],
    ['\n.\r\nMAIL', 'bare LF', true],
    ['.\nMAIL', 'bare LF', true],
    ['a\0\n.\r\0\n', 'bare LF', false],
  ])('%j ends no message', (text, fault, abandoned) => {
    for (const chunks of [[text], [...text]]) {
      const read = unstuff(chunks);
      expect(read).toMatchObject({ done: false, fault, abandoned });
      expect(read.text).not.toContain('MAIL');
    }
  });

  it('after a fault is still found where it is right', () => {
    expect(unstuff(['a\rb\r\n.\r\nQUIT'])).toMatchObject({
      done: true,
      fault: 'bare CR',
      rest: 'QUIT',
    });
  });

  it.each([
    ['a\n.\nb\r\n.\r\n', 'a\n.\nb\r\n'],
    ['a\r.\r\r\n.\r\n', 'a\r.\r\r\n'],
    ['.\rx\n.\r\n\r\n.\r\n', '\rx\n.\r\n\r\n'],
    ['.\nx\r\n.\r\r\n.\r\n', '\nx\r\n\r\r\n'],
    ['..\r\n.\r\n', '.\r\n'],
    ['\n.\r\n.\r\n', '\n.\r\n'],
  ])('%j is read with patience', (wire, text) => {
    for (const chunks of [[wire], [...wire]]) {
      const parts: Uint8Array[] = [];
      const reader = new DotReader((bytes) => parts.push(bytes), { patient: true });
      for (const chunk of chunks) reader.push(latin1(chunk));
      expect(reader).toMatchObject({ done: true, abandoned: false });
      expect(fromLatin1(concat(parts))).toBe(text);
    }
  });

  it('what is written is read', () => {
    const line = fc.stringMatching(/^[.a\0ÿ]{0,4}$/);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), fc.nat(6), (lines, size) => {
        const text = lines.map((one) => `${one}\r\n`).join('');
        const writer = new DotWriter(broken);
        const parts: Uint8Array[] = [];
        for (let at = 0; at < text.length; at += size + 1) {
          parts.push(...writer.push(latin1(text.slice(at, at + size + 1))));
        }
        const wire = fromLatin1(concat([...parts, ...writer.end()]));
        expect(unstuff([`${wire}NOOP`])).toEqual({ ...good, text, rest: 'NOOP' });
        expect(unstuff([...wire])).toEqual({ ...good, text, rest: '' });
      }),
      { seed: 1 },
    );
  });

  it.each(['a\nb', 'a\rb', '\n', 'a\r', '\r\r\n', 'a\n\r\n'])('%j is never sent', (text) => {
    const write = (chunks: readonly string[]) => {
      const writer = new DotWriter(broken);
      for (const chunk of chunks) writer.push(latin1(chunk));
      writer.end();
    };
    expect(() => write([text])).toThrow(/^bare [CL][RF]$/);
    expect(() => write([...text])).toThrow(/^bare [CL][RF]$/);
    expect(fromLatin1(withCrLf(latin1(text)))).toMatch(/^(?:[a-b]*\r\n)*[a-b]*$/);
  });

  it.each([
    ['a\nb', 'a\r\nb\r\n.\r\n'],
    ['a\r.b\r', 'a\r\n..b\r\n.\r\n'],
    ['\r\n\n\r\r\n', '\r\n\r\n\r\n\r\n.\r\n'],
    ['a\r\n.\r\n', 'a\r\n..\r\n.\r\n'],
    ['\n.\n', '\r\n..\r\n.\r\n'],
    ['', '.\r\n'],
  ])('%j is mended', (text, wire) => {
    for (const chunks of [[text], [...text]]) {
      const writer = new DotWriter();
      const parts = chunks.flatMap((chunk) => writer.push(latin1(chunk)));
      expect(fromLatin1(concat([...parts, ...writer.end()]))).toBe(wire);
    }
  });

  it('a last line without an end gets one', () => {
    const writer = new DotWriter(broken);
    expect(fromLatin1(concat([...writer.push(latin1('a')), ...writer.end()]))).toBe('a\r\n.\r\n');
  });

  it('line ends of chunks are watched across them', () => {
    const guard = new LineEndGuard();
    expect(guard.push(latin1('a\r'))).toBeUndefined();
    expect(guard.push(latin1('\nb\r\n'))).toBeUndefined();
    expect(guard.push(latin1('\n'))).toBe('bare LF');
    expect(new LineEndGuard().push(latin1('a\rb'))).toBe('bare CR');
  });
});

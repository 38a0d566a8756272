import { describe, expect, it } from 'vitest';
import { fromLatin1, latin1 } from './bytes.ts';
import { LineReader } from './lines.ts';

describe('lines', () => {
  const read = (text: string, limit = 20) => {
    const reader = new LineReader(limit);
    reader.push(latin1(text));
    const lines: (string | undefined)[] = [];
    for (let line = reader.next(); line; line = reader.next()) {
      lines.push(line.fault ?? fromLatin1(line.bytes));
    }
    return [...lines, fromLatin1(reader.take())];
  };

  it.each([
    ['a\r\nb\r\nc', ['a', 'b', 'c']],
    ['a\nb\r\n', ['bare LF', 'b', '']],
    ['a\rb\r\n', ['bare CR', '']],
    ['\r\n', ['', '']],
    [`${'x'.repeat(20)}\r\n`, ['x'.repeat(20), '']],
    [`${'x'.repeat(21)}\r\ny\r\n`, ['too long', 'y', '']],
    ['x'.repeat(30), ['']],
  ])('%j', (text, lines) => expect(read(text)).toEqual(lines));
});

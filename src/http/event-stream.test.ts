import { expect, test } from 'vitest';
import { encodeEvent, eventStream } from './event-stream.ts';
import type { PushBody } from './types.ts';

test.each([
  [{ data: 'a' }, 'data: a\n\n'],
  [{ data: 'a\nb\r\nc\rd' }, 'data: a\ndata: b\ndata: c\ndata: d\n\n'],
  [{ data: '', event: 'tick', id: '7' }, 'event: tick\nid: 7\ndata: \n\n'],
  [{ data: 'a', event: 'x\ndata: evil' }, 'event: x data: evil\ndata: a\n\n'],
])('%j', (message, text) => expect(encodeEvent(message)).toBe(text));

test('what the start gives is called when the client has gone', () => {
  const written: unknown[] = [];
  const closers: (() => void)[] = [];
  let stopped = 0;
  const answer = eventStream((stream) => {
    stream.comment('hello\nyou');
    stream.send({ data: 'x' });
    return () => {
      stopped++;
    };
  });
  (answer.body as PushBody).start({
    write: (text) => written.push(text) > 0,
    end() {},
    abort() {},
    onDrain() {},
    onClose: (f) => void closers.push(f),
  });
  expect(written).toEqual([': hello you\n\n', 'data: x\n\n']);
  closers[0]?.();
  expect(stopped).toBe(1);
});

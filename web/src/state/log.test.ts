import { expect, it } from 'vitest';
import type { MessageLine } from '../../../src/trace/message.ts';
import { MESSAGES_KEPT, MessageLog } from './log.ts';

function line(id: number): MessageLine {
  return {
    id,
    conversation: 1,
    protocol: 'dns',
    transport: 'udp',
    from: 'a',
    to: 'b',
    fromPort: 1,
    toPort: 2,
    sentAt: id,
    summary: '',
    role: 'request',
    length: 10,
  };
}

it('keeps every message once, and knows the newest', () => {
  const log = new MessageLog();
  log.add([line(1), line(2)]);
  log.add([line(2), line(3)]);
  expect(log.messages.map(({ id }) => id)).toEqual([1, 2, 3]);
  expect([log.newest, log.bytes]).toEqual([3, 30]);
});

it('hears later what became of a message', () => {
  const log = new MessageLog();
  log.add([line(1), line(2)]);
  const before = log.revision;
  log.update([{ id: 1, arrivedAt: 9 }]);
  expect([log.get(1)?.arrivedAt, log.revision]).toEqual([9, before]);
  log.update([
    { id: 2, lost: 'link cut' },
    { id: 7, lost: 'never told' },
  ]);
  expect(log.get(2)?.lost).toBe('link cut');
  expect(log.revision).toBeGreaterThan(before);
});

it('lets the oldest go, and stays bounded', () => {
  const log = new MessageLog();
  for (let at = 0; at < 70; at++)
    log.add(Array.from({ length: 1_000 }, (_, index) => line(at * 1_000 + index + 1)));
  expect(log.messages.length).toBeLessThanOrEqual(MESSAGES_KEPT);
  expect(log.messages.at(-1)?.id).toBe(70_000);
  expect(log.get(1)).toBeUndefined();
  expect(log.bytes).toBe(log.messages.length * 10);
  expect([...log.protocols]).toEqual([['dns', log.messages.length]]);
  log.clear();
  expect([log.messages.length, log.bytes, log.newest]).toEqual([0, 0, 70_000]);
});

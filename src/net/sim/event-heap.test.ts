import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventHeap } from './event-heap.ts';

type Step = { readonly push: number } | { readonly cancel: number } | 'pop';

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ push: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ cancel: fc.nat(200) }) },
  { weight: 2, arbitrary: fc.constant('pop' as const) },
);

test('gives events by time, then in the order of asking, without the cancelled', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const heap = new EventHeap();
      const model: { time: number; id: number }[] = [];
      const tickets: { ticket: number; use: number }[] = [];
      let happened = -1;
      for (const one of steps) {
        if (one === 'pop') {
          model.sort((a, b) => a.time - b.time || a.id - b.id);
          expect(heap.next).toBe(model[0]?.time ?? Number.POSITIVE_INFINITY);
          if (model.length === 0) continue;
          heap.pop()();
          expect(happened).toBe(model.shift()?.id);
        } else if ('push' in one) {
          const id = tickets.length;
          const ticket = heap.push(one.push, () => {
            happened = id;
          });
          tickets.push({ ticket, use: heap.useOf(ticket) });
          model.push({ time: one.push, id });
        } else {
          const known = tickets[one.cancel];
          if (known) heap.cancel(known.ticket, known.use);
          const at = model.findIndex((entry) => entry.id === one.cancel);
          if (at >= 0) model.splice(at, 1);
        }
        expect(heap.waiting).toBe(model.length);
      }
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('stays small when long timers are armed and cancelled', () => {
  const heap = new EventHeap();
  heap.push(1, () => {});
  for (let i = 0; i < 100_000; i++) {
    const ticket = heap.push(30_000 + i, () => {});
    heap.cancel(ticket, heap.useOf(ticket));
  }
  expect(heap.waiting).toBe(1);
  expect(heap.size).toBeLessThan(5_000);
});

test('a ticket of the past cancels nothing of the present', () => {
  const heap = new EventHeap();
  const old = heap.push(1, () => {});
  const use = heap.useOf(old);
  heap.pop();
  heap.push(2, () => {});
  heap.cancel(old, use);
  expect(heap.waiting).toBe(1);
});

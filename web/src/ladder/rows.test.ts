import { describe, expect, it } from 'vitest';
import type { MessageLine } from '../../../src/trace/message.ts';
import { MessageLog } from '../state/log.ts';
import { QUIET_HEIGHT, ROW_HEIGHT, RowKeeper, rowAt, rowsIn } from './rows.ts';

function line(id: number, sentAt: number, more: Partial<MessageLine> = {}): MessageLine {
  return {
    id,
    conversation: 1,
    protocol: 'dns',
    transport: 'udp',
    from: 'alice',
    to: 'dns.campus',
    fromPort: 40_000,
    toPort: 53,
    sentAt,
    summary: 'A? www.campus.edu',
    role: 'request',
    length: 32,
    ...more,
  };
}

const ALL = { test: () => true, upTo: Number.POSITIVE_INFINITY };

describe('rows', () => {
  it('stand below each other, columns in the order of the first word', () => {
    const log = new MessageLog();
    log.add([line(1, 0), line(2, 1, { from: 'dns.campus', to: 'a.root' })]);
    const rows = new RowKeeper().rows(log, ALL);
    expect(rows.columns).toEqual(['alice', 'dns.campus', 'a.root']);
    const [first = 0, second = 0] = rows.tops;
    expect(second - first).toBe(ROW_HEIGHT);
  });

  it('fold time in which nothing was said or under way, and only that', () => {
    const log = new MessageLog();
    log.add([line(1, 0, { arrivedAt: 80 }), line(2, 90), line(3, 500)]);
    const rows = new RowKeeper().rows(log, ALL);
    expect(rows.quiet).toEqual([0, 0, 410]);
    expect((rows.tops[2] ?? 0) - (rows.tops[1] ?? 0)).toBe(ROW_HEIGHT + QUIET_HEIGHT);
  });

  it('grow with the log, and are the same as when all is laid out at once', () => {
    const log = new MessageLog();
    const keeper = new RowKeeper();
    for (let id = 1; id <= 40; id++) {
      log.add([line(id, id * 13, { from: `h${id % 5}` })]);
      keeper.rows(log, ALL);
    }
    expect(keeper.rows(log, ALL)).toEqual(new RowKeeper().rows(log, ALL));
  });

  it('follow a filter and a pause', () => {
    const log = new MessageLog();
    const keeper = new RowKeeper();
    log.add([line(1, 0), line(2, 1, { protocol: 'http' }), line(3, 2)]);
    const dns = { ...ALL, test: ({ protocol }: MessageLine) => protocol === 'dns' };
    expect(keeper.rows(log, dns).messages.map(({ id }) => id)).toEqual([1, 3]);
    expect(keeper.rows(log, { ...dns, upTo: 2 }).messages.map(({ id }) => id)).toEqual([1]);
    expect(keeper.rows(log, ALL).messages).toHaveLength(3);
  });

  it('a message that is told late stands where it was sent', () => {
    const log = new MessageLog();
    const keeper = new RowKeeper();
    log.add([line(1, 0), line(3, 5)]);
    keeper.rows(log, ALL);
    log.add([line(2, 3)]);
    expect(keeper.rows(log, ALL).messages.map(({ id }) => id)).toEqual([1, 2, 3]);
  });
});

describe('the window', () => {
  const tops = [0, 30, 60, 116, 146];

  it.each([
    [-5, 0],
    [0, 0],
    [29, 0],
    [30, 1],
    [100, 2],
    [9_999, 4],
  ])('%d is in row %d', (y, row) => expect(rowAt(tops, y)).toBe(row));

  it('draws few rows of many', () => {
    const many = Array.from({ length: 50_000 }, (_, index) => index * ROW_HEIGHT);
    const { first, end } = rowsIn(many, 600_000, 500);
    expect(first).toBeLessThan(20_000);
    expect(end).toBeGreaterThan(20_000 + 500 / ROW_HEIGHT);
    expect(end - first).toBeLessThan(40);
    expect(rowsIn([], 0, 500)).toEqual({ first: 0, end: 0 });
  });
});

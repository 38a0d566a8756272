import { describe, expect, it } from 'vitest';
import type { WayStepView } from '../../../src/internet/dashboard/api-mail.ts';
import { arrivals, drawn, laneX, type Row } from './rows.ts';

function step(
  kind: WayStepView['kind'],
  [at, until]: readonly [number, number],
  from: string,
  to?: string,
  more: Partial<WayStepView> = {},
): WayStepView {
  return {
    kind,
    at,
    until,
    from,
    to,
    recipients: ['bob@college.edu'],
    reply: undefined,
    said: [],
    protocol: 'smtp',
    conversations: [],
    message: undefined,
    notice: undefined,
    next: undefined,
    ...more,
  };
}

const SUBMITTED = step('submitted', [1000, 1030], 'alice', 'mail.campus');
const LOOKED_UP = step('looked up', [1030, 1040], 'mail.campus', 'dns.campus');
const RELAYED = step('relayed', [1040, 1080], 'mail.campus', 'mail.college');
const DELIVERED = step('delivered', [1075, 1075], 'mail.college');
const READ = step('read', [9000, 9040], 'mail.college', 'bob', { protocol: 'pop3' });

const rowsOf = (steps: readonly WayStepView[]): readonly Row[] => drawn({ steps }).rows;
const hosts = (steps: readonly WayStepView[]) => drawn({ steps }).lanes.map(({ host }) => host);
const waits = (steps: readonly WayStepView[]) => rowsOf(steps).filter((row) => row.type === 'wait');

describe('lanes', () => {
  it('the author, the servers in order, the readers; who is asked for names has none', () => {
    const { lanes } = drawn({ steps: [SUBMITTED, LOOKED_UP, RELAYED, DELIVERED, READ] });
    expect(lanes).toEqual([
      { host: 'alice', role: 'author' },
      { host: 'mail.campus', role: 'relay' },
      { host: 'mail.college', role: 'relay' },
      { host: 'bob', role: 'reader' },
    ]);
  });

  it('who reads what he wrote stands on the left, and the way goes back to him', () => {
    const back = step('read', [5000, 5010], 'mail.campus', 'alice', { notice: 'n' });
    const steps = [SUBMITTED, back];
    expect(hosts(steps)).toEqual(['alice', 'mail.campus']);
    expect(rowsOf(steps).at(-1)).toMatchObject({ from: 1, to: 0 });
  });

  it('who submits it without a way to its server is no author apart', () => {
    const { lanes } = drawn({ steps: [step('submitted', [0, 0], 'mail.campus'), RELAYED] });
    expect(lanes.map(({ role }) => role)).toEqual(['relay', 'relay']);
  });

  it('readers stand behind all servers', () => {
    const other = step('relayed', [9100, 9110], 'mail.campus', 'mail.news');
    expect(hosts([SUBMITTED, RELAYED, DELIVERED, READ, other])).toEqual([
      'alice',
      'mail.campus',
      'mail.college',
      'mail.news',
      'bob',
    ]);
  });

  it('leave room on their right', () => {
    expect(laneX(0, 4)).toBeCloseTo(2.5);
    expect(laneX(3, 4)).toBeCloseTo(77.5);
    expect(laneX(0, 0)).toBe(10);
  });
});

describe('rows', () => {
  it('say when they began since the beginning, and how long they took', () => {
    const rows = rowsOf([SUBMITTED, LOOKED_UP, RELAYED]);
    expect(rows).toMatchObject([
      { after: 0, took: 30, from: 0, to: 1 },
      { after: 30, took: 10, from: 1, to: undefined },
      { after: 40, took: 40, from: 1, to: 2 },
    ]);
  });

  it.each(['refused', 'deferred', 'failed', 'expired', 'dropped', 'removed'] as const)(
    '%s is trouble',
    (kind) => {
      expect(rowsOf([step(kind, [0, 1], 'a', 'b')])[0]).toMatchObject({ isTrouble: true });
    },
  );

  it.each(['submitted', 'relayed', 'delivered', 'read', 'notified', 'held'] as const)(
    '%s is none',
    (kind) => {
      expect(rowsOf([step(kind, [0, 1], 'a', 'b')])[0]).toMatchObject({ isTrouble: false });
    },
  );
});

describe('waiting', () => {
  const deferred = step('deferred', [1040, 1050], 'mail.campus', 'mail.college');

  it('from “not now” to the next try', () => {
    const again = step('relayed', [9050, 9060], 'mail.campus', 'mail.college');
    expect(waits([SUBMITTED, deferred, again])).toEqual([
      { type: 'wait', place: 'queue', from: 1, after: 50, ms: 8000, next: undefined },
    ]);
  });

  it('goes on until the time that is told', () => {
    const waiting = { ...deferred, next: 12_000 };
    expect(waits([SUBMITTED, waiting])).toMatchObject([{ ms: undefined, next: 12_000 }]);
  });

  it('is not shown where nothing is known of a next try', () => {
    expect(waits([SUBMITTED, deferred])).toEqual([]);
  });

  it('does not end with a try for somebody else', () => {
    const other = step('relayed', [2000, 2010], 'mail.campus', 'mail.news', {
      recipients: ['letters@news.org'],
    });
    expect(waits([SUBMITTED, { ...deferred, next: 3000 }, other])).toMatchObject([{ next: 3000 }]);
  });

  it('is shown once for two recipients of the same try', () => {
    const both = [
      deferred,
      step('deferred', [1040, 1050], 'mail.campus', 'mail.college', {
        recipients: ['principal@college.edu'],
        next: 5000,
      }),
    ];
    expect(waits([SUBMITTED, ...both])).toHaveLength(1);
  });

  it('in the mailbox, until it is fetched the first time', () => {
    const later = step('read', [20_000, 20_010], 'mail.college', 'bob', { protocol: 'imap' });
    const shown = waits([SUBMITTED, RELAYED, DELIVERED, READ, later]);
    expect(shown).toMatchObject([{ place: 'mailbox', from: 2, after: 75, ms: 7925 }]);
    const soon = { ...READ, at: 1200 };
    expect(waits([SUBMITTED, RELAYED, DELIVERED, soon])).toEqual([]);
  });
});

it('arrivals are those of the message, not of its notices', () => {
  const notice = step('delivered', [1060, 1060], 'mail.campus', undefined, { notice: 'n' });
  expect(arrivals([SUBMITTED, notice, DELIVERED, READ])).toEqual({ delivered: 75, read: 8040 });
  expect(arrivals([SUBMITTED, notice])).toEqual({ delivered: undefined, read: undefined });
});

/** Decisions of the relay as tables. */
import { describe, expect, it } from 'vitest';
import { RETRY_SCHEDULE } from '../defaults.ts';
import type { Attempt, Mailbox, MxRecord, QueuedRecipient } from '../types.ts';
import { expand } from './aliases.ts';
import { nearestNames } from './nearest.ts';
import { wantsNotice, withoutSuccess } from './notify.ts';
import { routeOf } from './route.ts';
import { retryDelay } from './schedule.ts';
import { attemptText, refused, refusedRecipient, withVerdict } from './verdict.ts';

const MINUTE = 60_000;

describe('the schedule', () => {
  it.each([
    [1, 5],
    [2, 10],
    [3, 20],
    [4, 40],
    [5, 80],
    [6, 120],
    [7, 120],
    [1000, 120],
  ])('after %i attempts waits %i minutes', (attempts, minutes) => {
    expect(retryDelay(RETRY_SCHEDULE, attempts, 0.5)).toBe(minutes * MINUTE);
  });

  it('is drawn by a fifth', () => {
    expect(retryDelay(RETRY_SCHEDULE, 1, 0)).toBe(4 * MINUTE);
    expect(retryDelay(RETRY_SCHEDULE, 1, 1)).toBe(6 * MINUTE);
  });

  it('makes two attempts in the first hour, and then every two or three (RFC 5321 §4.5.4.1)', () => {
    let at = 0;
    const times = Array.from(
      { length: 60 },
      (_, i) => (at += retryDelay(RETRY_SCHEDULE, i + 1, 0.5)),
    );
    expect(times.filter((time) => time <= 60 * MINUTE).length).toBeGreaterThanOrEqual(2);
    expect(times.at(-1)).toBeGreaterThan(4 * 24 * 60 * MINUTE);
  });
});

function mx(...records: [number, string][]): MxRecord[] {
  return records.map(([preference, exchange]) => ({ preference, exchange }));
}

describe('the route', () => {
  const own = (name: string): boolean => name === 'me.edu';
  it.each<[string, MxRecord[], readonly string[] | string]>([
    ['no MX is the domain itself', [], ['b.edu']],
    ['best first', mx([20, 'two'], [10, 'one'], [30, 'three']), ['one', 'two', 'three']],
    ['each once', mx([20, 'One'], [10, 'one']), ['one']],
    ['null MX', mx([0, '.']), '5.1.10'],
    ['a dot among others is none', mx([0, '.'], [10, 'one']), ['one']],
    ['ourselves cut it', mx([10, 'one'], [20, 'Me.edu'], [20, 'like'], [30, 'three']), ['one']],
    ['ourselves first', mx([10, 'me.edu'], [20, 'two']), '5.4.6'],
  ])('%s', (_, records, expected) => {
    const route = routeOf('b.edu', records, own, () => 0);
    if ('hosts' in route) expect(route.hosts).toEqual(expected);
    else expect(route.failure.enhanced).toBe(expected);
  });

  it('draws among equals', () => {
    const records = mx([10, 'a'], [10, 'b'], [10, 'c'], [5, 'first']);
    const seen = new Set<string>();
    for (let draw = 0; draw < 6; draw++) {
      const route = routeOf('b.edu', records, own, (count) => (draw * 7 + count) % count);
      if ('hosts' in route) seen.add(route.hosts.join());
    }
    expect(seen.size).toBeGreaterThan(1);
    for (const one of seen) expect(one).toMatch(/^first,[abc],[abc],[abc]$/);
  });
});

describe('names that are near', () => {
  it.each([
    ['alcie', ['alice', 'bob'], ['alice']],
    ['bop', ['alice', 'bob'], ['bob']],
    ['bb', ['bob', 'rob'], []],
    ['robert', ['rupert', 'roberta', 'robert.b', 'zoe'], ['roberta', 'robert.b', 'rupert']],
    ['', ['a', 'b'], []],
  ])('%s of %j: %j', (name, known, expected) => {
    expect(nearestNames(name, known)).toEqual(expected);
  });
});

describe('aliases', () => {
  const at = (local: string, domain = 'a.edu'): Mailbox => ({ local, domain });
  const isLocal = (domain: string): boolean => domain === 'a.edu';
  const aliases = new Map([
    ['staff', [at('alice'), at('team')]],
    ['owner-staff', [at('carol')]],
    ['team', [at('bob'), at('staff'), at('x', 'b.edu')]],
    ['bob', [at('bob'), at('bob', 'home.net')]],
    ['only@a.edu', [at('alice')]],
  ]);
  it.each<[string, string[] | undefined, boolean]>([
    ['alice', undefined, false],
    ['only', ['alice@a.edu'], false],
    ['STAFF', ['alice@a.edu', 'bob@a.edu', 'bob@home.net', 'staff@a.edu', 'x@b.edu'], true],
    ['bob', ['bob@a.edu', 'bob@home.net'], false],
  ])('%s', (name, expected, isList) => {
    const found = expand(at(name), aliases, isLocal);
    expect(found?.members.map(({ local, domain }) => `${local}@${domain}`).sort()).toEqual(
      expected,
    );
    expect(found?.owner !== undefined).toBe(isList);
  });

  it('are of our own domains only', () => {
    expect(expand(at('staff', 'b.edu'), aliases, isLocal)).toBeUndefined();
  });
});

describe('NOTIFY', () => {
  it.each([
    [undefined, ['failed', 'delayed']],
    [[], []],
    [['SUCCESS'], ['delivered', 'relayed', 'expanded']],
    [['FAILURE'], ['failed']],
    [
      ['DELAY', 'FAILURE'],
      ['failed', 'delayed'],
    ],
  ] as const)('%j tells of %j', (notify, expected) => {
    const actions = ['failed', 'delayed', 'delivered', 'relayed', 'expanded'] as const;
    const options = notify ? { notify } : {};
    expect(actions.filter((action) => wantsNotice(options, action))).toEqual(expected);
  });

  it('loses SUCCESS on its way through an alias', () => {
    expect(withoutSuccess({ notify: ['SUCCESS', 'DELAY'] })).toEqual({ notify: ['DELAY'] });
    expect(withoutSuccess({})).toEqual({});
  });
});

describe('a reply', () => {
  const said = (code: number, enhanced: string | undefined, text = 'no'): Attempt => {
    return { at: 0, code, enhanced, text, remote: 'mx' };
  };
  it.each([
    [said(450, '4.2.1'), true, 'deferred', undefined],
    [said(550, '5.1.1'), true, 'failed', undefined],
    [said(452, '4.5.3'), true, 'deferred', true],
    [said(452, '4.5.3'), false, 'deferred', undefined],
    [said(552, undefined, 'Too many recipients'), true, 'deferred', true],
    [said(552, undefined), true, 'deferred', undefined],
    [said(552, '5.2.2'), true, 'failed', undefined],
  ])('%j', (attempt, others, kind, soon) => {
    const verdict = refusedRecipient(attempt, others);
    expect([verdict.kind, 'soon' in verdict ? verdict.soon : undefined]).toEqual([kind, soon]);
  });

  it('is kept, and who is held stays held', () => {
    const one: QueuedRecipient = {
      path: { local: 'a', domain: 'b' },
      options: {},
      state: 'held',
      attempts: 1,
      next: 0,
      replies: [],
      delayTold: false,
    };
    const deferred = withVerdict(one, refused(said(450, '4.0.0')), 9);
    expect(deferred).toMatchObject({ state: 'held', attempts: 2, next: 9 });
    expect(withVerdict(deferred, refused(said(550, '5.0.0')), 9).state).toBe('failed');
    let many = one;
    for (let i = 0; i < 30; i++) many = withVerdict(many, refused(said(450, '4.0.0')), 0);
    expect(many.replies).toHaveLength(10);
    expect(attemptText(said(550, '5.1.1', 'two\nlines'))).toBe('550 5.1.1 two lines');
  });
});

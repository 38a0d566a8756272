import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ZoneView } from '../../../src/internet/dashboard/api.ts';
import { compareNames, differing, nearestZone, remember, treeOf, type ZoneNode } from './tree.ts';

function view(origin: string, parent: string | undefined, ...hosts: string[]): ZoneView {
  return {
    origin,
    ...(parent !== undefined && { parent }),
    servers: hosts.map((host) => ({ host, serial: 1 })),
    records: 3,
    delegations: 0,
  };
}

const NOW = [
  view('.', undefined, 'a.root', 'b.root'),
  view('com.', '.', 'a.com'),
  view('shop.com.', 'com.', 'ns.shop', 'registrar'),
  view('edu.', '.', 'a.edu'),
  view('campus.edu.', 'edu.', 'ns.campus'),
];

const allRun = () => true;
const without =
  (...off: string[]) =>
  (host: string) =>
    !off.includes(host);

function outline(nodes: readonly ZoneNode[]): unknown {
  return Object.fromEntries(nodes.map(({ zone, below }) => [zone.origin, outline(below)]));
}

describe('the tree', () => {
  it('has each zone below its parent', () => {
    expect(outline(treeOf(remember([], NOW, allRun)))).toEqual({
      '.': { 'com.': { 'shop.com.': {} }, 'edu.': { 'campus.edu.': {} } },
    });
  });

  it('has several roots where the root is not served', () => {
    const zones = remember(
      [],
      [view('edu.', undefined, 'x'), view('org.', undefined, 'y')],
      allRun,
    );
    expect(outline(treeOf(zones))).toEqual({ 'edu.': {}, 'org.': {} });
  });

  it('keeps every zone once, whatever is told', () => {
    const names = fc.constantFrom('.', 'edu.', 'a.edu.', 'b.a.edu.', 'com.', 'x.com.');
    fc.assert(
      fc.property(fc.uniqueArray(names), fc.uniqueArray(names), (before, now) => {
        const views = (origins: string[]) =>
          origins.map((origin) => view(origin, undefined, origin));
        const isRunning = (host: string) => now.some((name) => name === host);
        const zones = remember(remember([], views(before), allRun), views(now), isRunning);
        const count = (nodes: readonly ZoneNode[]): number =>
          nodes.reduce((sum, { below }) => sum + 1 + count(below), 0);
        expect(count(treeOf(zones))).toBe(new Set([...before, ...now]).size);
      }),
      { seed: 20, numRuns: 200 },
    );
  });
});

describe('servers that are switched off', () => {
  it('keep their zone, and the zones below stay below', () => {
    const before = remember([], NOW, allRun);
    const now = NOW.filter(({ origin }) => origin !== 'com.');
    const after = remember(before, now, without('a.com'));
    expect(outline(treeOf(after))).toEqual(outline(treeOf(before)));
    expect(after.find(({ origin }) => origin === 'com.')?.servers).toEqual([
      { host: 'a.com', serial: 1, running: false },
    ]);
  });

  it('are named beside those that run', () => {
    const after = remember(
      remember([], NOW, allRun),
      [view('.', undefined, 'b.root')],
      without('a.root'),
    );
    expect(after[0]?.servers.map(({ host, running }) => [host, running])).toEqual([
      ['a.root', false],
      ['b.root', true],
    ]);
  });

  it('are not invented: a zone that was given up is gone', () => {
    const now = NOW.filter(({ origin }) => origin !== 'shop.com.');
    const after = remember(remember([], NOW, allRun), now, allRun);
    expect(after.map(({ origin }) => origin)).not.toContain('shop.com.');
  });
});

it.each([
  ['a.root', 'www.campus.edu', '.'],
  ['a.edu', 'www.campus.edu', 'edu.'],
  ['ns.campus', 'WWW.Campus.edu.', 'campus.edu.'],
  ['ns.campus', 'campus.edu', 'campus.edu.'],
  ['ns.campus', 'www.offcampus.edu', 'campus.edu.'],
  ['alice', 'www.campus.edu', undefined],
])('%s is asked for %s as a server of %s', (host, name, zone) => {
  expect(nearestZone(remember([], NOW, allRun), host, name)).toBe(zone);
});

it('of several zones of one host, the one nearest to the name is meant', () => {
  const zones = remember(
    [],
    [view('.', undefined, 'ns'), view('edu.', '.', 'ns'), view('com.', '.', 'ns')],
    allRun,
  );
  expect(nearestZone(zones, 'ns', 'www.x.edu')).toBe('edu.');
  expect(nearestZone(zones, 'ns', 'www.x.org')).toBe('.');
});

it('copies differ when their serials do, the newest first', () => {
  const zone = (...serials: number[]) => ({
    ...view('.', undefined),
    servers: serials.map((serial) => ({ host: `s${serial}`, serial, running: true })),
  });
  expect(differing(zone(4, 4))).toEqual([]);
  expect(differing(zone(3, 4)).map(({ serial }) => serial)).toEqual([4, 3]);
});

it('names are in order by labels from the right', () => {
  const names = ['edu.', 'shop.com.', '.', 'campus.edu.', 'com.', 'a.shop.com.'];
  expect(names.sort(compareNames)).toEqual([
    '.',
    'com.',
    'shop.com.',
    'a.shop.com.',
    'edu.',
    'campus.edu.',
  ]);
});

import { describe, expect, it } from 'vitest';
import type { ZoneView } from '../../../src/internet/dashboard/api.ts';
import { compareNames, differing, nearestZone, treeOf, type ZoneNode } from './tree.ts';

function view(origin: string, parent: string | undefined, ...hosts: string[]): ZoneView {
  return {
    origin,
    ...(parent !== undefined && { parent }),
    servers: hosts.map((host) => ({ host, running: true, serial: 1 })),
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

function outline(nodes: readonly ZoneNode[]): unknown {
  return Object.fromEntries(nodes.map(({ zone, below }) => [zone.origin, outline(below)]));
}

describe('the tree', () => {
  it('has each zone below its parent', () => {
    expect(outline(treeOf(NOW))).toEqual({
      '.': { 'com.': { 'shop.com.': {} }, 'edu.': { 'campus.edu.': {} } },
    });
  });

  it('has several roots where the root is not served', () => {
    const zones = [view('edu.', undefined, 'x'), view('org.', undefined, 'y')];
    expect(outline(treeOf(zones))).toEqual({ 'edu.': {}, 'org.': {} });
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
  expect(nearestZone(NOW, host, name)).toBe(zone);
});

it('of several zones of one host, the one nearest to the name is meant', () => {
  const zones = [view('.', undefined, 'ns'), view('edu.', '.', 'ns'), view('com.', '.', 'ns')];
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

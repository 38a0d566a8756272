import { describe, expect, it } from 'vitest';
import type { HostView, PlaceView } from '../../../src/internet/dashboard/api.ts';
import { type Box, planMap } from './plan.ts';
import { curve, pathOf, reversed, straight } from './route.ts';

function place(id: string, column: number, row: number): PlaceView {
  return { id, title: `${id}.edu`, column, row, latency: 1 };
}

function host(name: string, at: string): HostView {
  const address = '127.0.0.1';
  return { name, title: name, place: at, address, role: 'user', running: true, services: [] };
}

const PLACES = [
  place('campus', 0, 0),
  place('homes', 0, 1),
  place('shop', 1, 0),
  place('root', 2, 0),
];
const HOSTS = [
  ...['alice', 'dns.campus', 'www.campus', 'ping.campus', 'ns.campus'].map((name) =>
    host(name, 'campus'),
  ),
  host('bob', 'homes'),
  host('www.shop', 'shop'),
  host('a.root', 'root'),
];
const measure = (text: string): number => text.length * 7;

function apart(one: Box, other: Box): boolean {
  return (
    one.x + one.width <= other.x ||
    other.x + other.width <= one.x ||
    one.y + one.height <= other.y ||
    other.y + other.height <= one.y
  );
}

describe.each([1600, 900, 640, 320])('a map %d wide', (width) => {
  const plan = planMap(PLACES, HOSTS, width, measure);

  it('has a card for each host inside of its place', () => {
    expect([...plan.cards.keys()].sort()).toEqual(HOSTS.map(({ name }) => name).sort());
    for (const { name, place: at } of HOSTS) {
      const box = plan.places.find(({ id }) => id === at)?.box as Box;
      const card = plan.cards.get(name) as Box;
      expect(card.x).toBeGreaterThanOrEqual(box.x);
      expect(card.y).toBeGreaterThanOrEqual(box.y);
      expect(card.x + card.width).toBeLessThanOrEqual(box.x + box.width);
      expect(card.y + card.height).toBeLessThanOrEqual(box.y + box.height);
    }
  });

  it('keeps places, cards and the core apart, and all inside', () => {
    const boxes = [plan.core, ...plan.places.map(({ box }) => box)];
    const cards = [...plan.cards.values()];
    for (const list of [boxes, cards])
      for (const [index, box] of list.entries())
        for (const other of list.slice(index + 1)) expect(apart(box, other)).toBe(true);
    for (const box of boxes) {
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(width);
      expect(box.y + box.height).toBeLessThanOrEqual(plan.height);
    }
  });

  it('leads every link to the core', () => {
    for (const { route } of plan.places) {
      const end = route.points.at(-1) ?? { x: 0, y: 0 };
      expect(end.x).toBeGreaterThanOrEqual(plan.core.x);
      expect(end.x).toBeLessThanOrEqual(plan.core.x + plan.core.width);
    }
  });
});

describe('a link to a place behind others', () => {
  const plan = planMap(PLACES, HOSTS, 1600, measure);
  const between = plan.places.flatMap(({ route }) => route.points.slice(1, -1));

  it('passes through a gap of theirs', () => {
    expect(between.length).toBeGreaterThan(0);
    const edges = plan.places.flatMap(({ box }) => [box.y, box.y + box.height]);
    for (const { x, y } of between) {
      const met = plan.places.filter(({ box }) => x >= box.x && x <= box.x + box.width);
      expect(met.some(({ box }) => y >= box.y && y <= box.y + box.height)).toBe(false);
      expect(Math.min(...edges.map((edge) => Math.abs(edge - y)))).toBeLessThan(30);
    }
  });
});

describe('names on cards', () => {
  it('are whole where there is room, and else say what their place does not', () => {
    const label = (width: number) =>
      planMap(PLACES, HOSTS, width, measure).cards.get('www.campus')?.label;
    expect(label(1600)).toBe('www.campus');
    expect(label(320)).toBe('www');
  });
});

describe('routes', () => {
  it('are paths, both ways', () => {
    const way = curve([
      { x: 0, y: 0 },
      { x: 10, y: 4 },
    ]);
    expect(pathOf([way])).toBe('M0 0C5 0 5 4 10 4');
    expect(pathOf([reversed(way)])).toBe('M10 4C5 4 5 0 0 0');
    expect(pathOf([straight({ x: 1, y: 1 }, { x: 2, y: 2 }), way])).toMatch(/^M1 1C.*L0 0C/);
  });
});

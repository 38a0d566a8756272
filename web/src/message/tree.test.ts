import { describe, expect, it } from 'vitest';
import type { Field } from '../../../src/trace/types.ts';
import { holders, innermost, nodes, openAtFirst } from './tree.ts';

function field(name: string, start: number, end: number, children?: readonly Field[]): Field {
  return { name, value: name, start, end, ...(children && { children }) };
}

const FIELDS = [
  field('Header', 0, 12, [
    field('ID', 0, 2),
    field('Flags', 2, 4, [field('QR', 2, 3), field('RD', 2, 3)]),
    field('Count', 4, 6),
  ]),
  field('Question', 12, 20, [field('Entry', 12, 20, [field('Name', 12, 18)])]),
  field('Pair', 20, 24, [field('name', 20, 22), field('value', 22, 24)]),
  field('Sum', 24, 24),
];

describe('the tree', () => {
  it('shows what is open', () => {
    expect(nodes(FIELDS, new Set()).map(({ path }) => path)).toEqual(['0', '1', '2', '3']);
    expect(nodes(FIELDS, new Set(['0', '0.1'])).map(({ field: { name } }) => name)).toEqual([
      ...['Header', 'ID', 'Flags', 'QR', 'RD', 'Count'],
      ...['Question', 'Pair', 'Sum'],
    ]);
  });

  it('opens at first what tells more than its line', () => {
    expect([...openAtFirst(FIELDS)]).toEqual(['0', '1', '1.0']);
  });

  it('knows what holds a node', () => {
    expect(holders('0.1.2')).toEqual(['0', '0.1']);
    expect(holders('3')).toEqual([]);
  });
});

describe('from a byte to its field', () => {
  it.each([
    [1, 'ID'],
    [2, 'QR'],
    [3, 'Flags'],
    [9, 'Header'],
    [17, 'Name'],
    [19, 'Entry'],
    [22, 'value'],
    [24, undefined],
    [99, undefined],
  ])('byte %d is in %s', (offset, name) => {
    expect(innermost(FIELDS, offset)?.field.name).toBe(name);
  });
});

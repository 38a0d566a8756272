/** The path of the course's example, as a form that can be changed. */
import type { PageTimesRequest } from '../../../src/internet/dashboard/api-web.ts';

export interface PathField {
  readonly name: 'rttMs' | 'rate' | 'objects' | 'size' | 'connections';
  /** In the formulas. */
  readonly sign: string;
  readonly unit: string;
  /** What one of its units is in the interface. */
  readonly factor: number;
  readonly least: number;
  readonly most: number;
  readonly step: number | 'any';
  readonly value: number;
}

/** Bounds as the interface has them. */
export const PATH_FIELDS: readonly PathField[] = [
  {
    name: 'rttMs',
    sign: 'R',
    unit: 'ms',
    factor: 1,
    least: 0,
    most: 10_000,
    step: 'any',
    value: 100,
  },
  {
    name: 'rate',
    sign: 'C',
    unit: 'Mbit/s',
    factor: 1e6,
    least: 0.001,
    most: 100_000,
    step: 'any',
    value: 10,
  },
  {
    name: 'objects',
    sign: 'N',
    unit: 'objects',
    factor: 1,
    least: 0,
    most: 100,
    step: 1,
    value: 10,
  },
  {
    name: 'size',
    sign: 'O',
    unit: 'kB',
    factor: 1_000,
    least: 0.001,
    most: 1_000,
    step: 'any',
    value: 10,
  },
  {
    name: 'connections',
    sign: 'k',
    unit: 'connections',
    factor: 1,
    least: 1,
    most: 100,
    step: 1,
    value: 6,
  },
];

export function pathOf(form: FormData): PageTimesRequest {
  const [rttMs = 0, rate = 0, objects = 0, size = 0, connections = 0] = PATH_FIELDS.map(
    ({ name, factor }) => Number(form.get(name)) * factor,
  );
  return { rttMs, rate, objects, size, connections, slowStart: form.get('slowStart') !== null };
}

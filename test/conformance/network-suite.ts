/** What every network must do: run on the machine's sockets and on simulated links. */
import { describe } from 'vitest';
import { datagramTests } from './datagram-tests.ts';
import type { NewLaboratory } from './laboratory.ts';
import { openingTests } from './opening-tests.ts';
import { readerTests } from './reader-tests.ts';
import { streamTests } from './stream-tests.ts';
import { traceTests } from './trace-tests.ts';

export function networkSuite(name: string, laboratory: NewLaboratory): void {
  describe(name, () => {
    describe('opening', () => openingTests(laboratory));
    describe('streams', () => streamTests(laboratory));
    describe('datagrams', () => datagramTests(laboratory));
    describe('readers and servers', () => readerTests(laboratory));
    describe('recording', () => traceTests(laboratory));
  });
}

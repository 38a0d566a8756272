/** The queue's rows in memory and in SQLite: the same, in commits that are whole or not at all. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { memoryMailTables } from '../mail/index.ts';
import { memoryQueueTables, type QueuedMessage } from '../relay/index.ts';
import { sqliteRelayTables } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'toplayer-queue-'));
afterAll(() => rmSync(folder, { recursive: true }));

function message(id: string, received: number): QueuedMessage {
  const recipient = {
    path: { local: 'a b', domain: 'b.edu' },
    options: { notify: ['FAILURE'] as const, orcpt: { type: 'rfc822', address: 'ö' } },
    state: 'waiting' as const,
    attempts: 1,
    next: 5,
    replies: [{ at: 1, code: 450, enhanced: undefined, text: 'later\nagain', remote: 'mx' }],
    delayTold: false,
  };
  return {
    id,
    from: null,
    options: { envid: 'x' },
    received,
    size: 9,
    content: 7,
    hops: 2,
    messageId: undefined,
    eightBit: true,
    wideHeader: false,
    recipients: [recipient, { ...recipient, state: 'held' }],
  };
}

describe.each([
  ['memory', () => ({ ...memoryQueueTables(memoryMailTables()), close() {} })],
  ['SQLite', () => sqliteRelayTables(join(folder, 'queue.sqlite'))],
] as const)('rows in %s', (_, open) => {
  it('come back as they were', () => {
    const { mail, queue, close } = open();
    mail.commit(() => {
      queue.put(message('TWO', 2));
      queue.put(message('ONE', 1));
      queue.put(message('GONE', 3));
    });
    mail.commit(() => {
      const first = message('ONE', 1).recipients[0];
      if (first) queue.change('ONE', 0, { ...first, state: 'failed' });
      queue.remove('GONE');
      queue.remove('NEVER');
    });
    const load = () => queue.load().toSorted((a, b) => a.received - b.received);
    const kept = load();
    expect(kept[1]).toEqual(message('TWO', 2));
    expect(kept[0]?.recipients.map(({ state }) => state)).toEqual(['failed', 'held']);
    expect(kept).toHaveLength(2);
    const spoil = () =>
      mail.commit(() => {
        queue.put(message('NEW', 4));
        queue.remove('ONE');
        const second = message('TWO', 2).recipients[1];
        if (second) queue.change('TWO', 1, { ...second, attempts: 99 });
        throw new Error('spoiled');
      });
    expect(spoil).toThrow('spoiled');
    expect(load()).toEqual(kept);
    close();
  });
});

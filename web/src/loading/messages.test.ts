import { describe, expect, it } from 'vitest';
import type { LoadView } from '../../../src/internet/dashboard/api.ts';
import type { MessageLine } from '../../../src/trace/message.ts';
import { type Loaded, messagesOf, messagesOfLoad } from './messages.ts';
import type { PageObject } from './phases.ts';

const CLIENT = 40_000;

const message = (id: number, more: Partial<MessageLine>): MessageLine => ({
  id,
  conversation: 1,
  protocol: 'http',
  transport: 'tcp',
  from: 'alice',
  to: 'www',
  fromPort: CLIENT,
  toPort: 80,
  sentAt: 1_000 + id,
  summary: '',
  role: 'request',
  length: 10,
  ...more,
});

const object = (path: string, startMs: number, sentAt: number, nameMs = 0): PageObject =>
  ({
    url: `http://www.shop.com${path}`,
    kind: 'image',
    status: 200,
    bytes: 1,
    type: '',
    startMs,
    endMs: startMs + 5,
    timings: { nameMs, connectMs: 0, waitMs: 1, receiveMs: 1, reused: false, sentAt },
    exchange: {
      request: { method: 'GET', target: path, version: '1.1' },
      local: { address: '10.0.0.1', port: CLIENT },
      remote: { address: '10.0.0.2', port: 80 },
    },
  }) as unknown as PageObject;

const asked = { protocol: 'dns', to: 'dns', toPort: 53, summary: 'A? www.shop.com' } as const;
const reply = { from: 'www', to: 'alice', role: 'reply' } as const;

const LOG: readonly MessageLine[] = [
  message(1, { summary: 'GET / www.shop.com' }),
  message(2, asked),
  message(3, { ...asked, from: 'dns', to: 'root', causedBy: 2 }),
  message(4, { ...asked, from: 'root', to: 'dns', role: 'reply', replyTo: 3 }),
  message(5, { ...asked, from: 'dns', to: 'alice', role: 'reply', replyTo: 2 }),
  message(6, { summary: 'GET / www.shop.com' }),
  message(7, { from: 'bob', summary: 'GET / www.shop.com' }),
  message(8, { ...reply, replyTo: 6 }),
  message(9, { summary: 'GET /a.svg www.shop.com' }),
  message(10, { ...reply, replyTo: 9 }),
  message(11, { summary: 'GET /a.svg www.shop.com', sentAt: 9_000 }),
];

const loaded: Loaded = {
  host: 'alice',
  proxies: new Set(),
  view: {
    after: 1,
    startedAt: 1_001,
    page: {
      url: 'http://www.shop.com/',
      page: object('/', 0, 1_006, 4),
      objects: [object('/a.svg', 7, 1_009)],
      totalMs: 12,
    },
  } as unknown as LoadView,
};

describe('the messages of a page', () => {
  it('of each object: the walk for its name, its request, its answer', () => {
    const ids = messagesOf(LOG, loaded).map((messages) => messages.map(({ id }) => id));
    expect(ids).toEqual([
      [2, 3, 4, 5, 6, 8],
      [9, 10],
    ]);
  });

  it('all together: what the user said and heard meanwhile, and what followed from it', () => {
    const ids = messagesOfLoad(LOG, loaded).map(({ id }) => id);
    expect(ids).toEqual([2, 3, 4, 5, 6, 8, 9, 10]);
  });

  it('through a proxy: what it asks further on too, unless it knows the answer', () => {
    const through = { ...loaded, proxies: new Set(['www']) };
    const further = { from: 'www', to: 'origin', summary: 'GET /a.svg www.shop.com' };
    const log = [
      ...LOG.slice(0, 9),
      message(12, further),
      message(13, { from: 'origin', to: 'www', role: 'reply', replyTo: 12 }),
      message(14, { ...reply, replyTo: 9 }),
      message(15, further),
    ].map((one) => ({ ...one, sentAt: Math.min(one.sentAt, 1_012) }));
    const [page, image] = messagesOf(log, through);
    expect(page?.map(({ id }) => id)).toEqual([2, 3, 4, 5, 6, 8]);
    expect(image?.map(({ id }) => id)).toEqual([9, 12, 13, 14]);
    const cached = log.filter(({ id }) => id !== 12 && id !== 13);
    expect(messagesOf(cached, through)[1]?.map(({ id }) => id)).toEqual([9, 14]);
    expect(messagesOfLoad(log, through).map(({ id }) => id)).toContain(13);
    expect(messagesOfLoad(log, loaded).map(({ id }) => id)).not.toContain(13);
  });
});

/** Relays with each other on a simulated network, under virtual time. */
import { describe, expect, it } from 'vitest';
import { box, Stage } from '../../test/relay/stage.ts';

const HOUR = 3_600_000;

describe('a letter', () => {
  it('goes from domain to domain', async () => {
    const on = new Stage();
    on.site('a.edu');
    on.site('b.edu');
    const sent = await on.world.run(on.write('alice@a.edu', ['bob@b.edu', 'bob@a.edu']));
    expect(sent.reply.lines[0]).toMatch(/^2\.0\.0 OK: queued as [2-9A-Z]{10}$/);
    await on.world.run();
    const [there] = on.inbox('bob@b.edu');
    expect(there).toMatch(
      /^Return-Path: <alice@a\.edu>\r\nDelivered-To: bob@b\.edu\r\nReceived: from mx\.a\.edu/,
    );
    expect(there).toMatch(/by mx\.a\.edu with ESMTPA id /);
    expect(there).toMatch(
      /\r\nDate: .*\r\nMessage-ID: <.*@mx\.a\.edu>\r\nSubject: x\r\n\r\nhello\r\n$/,
    );
    expect(on.inbox('bob@a.edu')).toHaveLength(1);
    expect(on.errors).toEqual([]);
    for (const { disk, relay } of on.sites.values()) {
      expect(relay.list()).toEqual([]);
      expect(disk.queue.load()).toEqual([]);
    }
    const ids = new Set(on.events.map(({ messageId }) => messageId));
    expect(ids.size).toBe(1);
    expect(on.events.map(({ kind, host }) => `${kind} ${host}`)).toEqual([
      'accepted mx.a.edu',
      'delivered mx.a.edu',
      'connecting mx.a.edu',
      'sending mx.a.edu',
      'accepted mx.b.edu',
      'delivered mx.b.edu',
      'sent mx.a.edu',
    ]);
  });

  it('waits for a host that is down', async () => {
    const on = new Stage();
    on.site('a.edu');
    const b = on.site('b.edu');
    b.host.crash();
    await on.world.run(on.write('alice@a.edu', ['bob@b.edu']));
    await on.world.runUntil(HOUR);
    expect(on.told('deferred').length).toBeGreaterThan(2);
    b.host.restart();
    await on.world.run();
    expect(on.inbox('bob@b.edu')).toHaveLength(1);
    expect(box('x@y.z')).toEqual({ local: 'x', domain: 'y.z' });
  });
});

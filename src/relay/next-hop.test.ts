/** What next hops say, and what is made of it. */
import { describe, expect, it } from 'vitest';
import { type OldServer, oldServer } from '../../test/relay/old-server.ts';
import { type SiteOptions, Stage } from '../../test/relay/stage.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** One relay, and a host that says what it is told to for old.edu. */
async function withOld(server: OldServer, a: SiteOptions = {}) {
  const on = new Stage();
  const { relay } = on.site('a.edu', a);
  await on.world.run(on.ready());
  const old = on.world.host('mx.old.edu');
  on.zone.addresses['old.edu'] = [old.address];
  return { on, old, relay, heard: await on.world.run(oldServer(old, server)) };
}

describe('what a next hop says', () => {
  /** Said once, to the first that fits. */
  const said = (to: RegExp, reply: string) => {
    let isSaid = false;
    return (line: string) => {
      if (isSaid || !to.test(line)) return undefined;
      isSaid = true;
      return reply;
    };
  };
  it.each([
    [/^GREETING/, '421 later', 'deferred'],
    [/^GREETING/, '554 never', 'failed'],
    [/^GREETING/, '', 'deferred'],
    [/^EHLO/, '', 'deferred'],
    [/^MAIL/, '451 4.7.1 greylisted', 'deferred'],
    [/^MAIL/, '550 no', 'failed'],
    [/^MAIL/, '', 'deferred'],
    [/^RCPT/, '450 4.2.1 busy', 'deferred'],
    [/^RCPT/, '550 5.1.1 nobody', 'failed'],
    [/^RCPT/, '552 too many', 'deferred'],
    [/^DATA/, '451 not now', 'deferred'],
    [/^DATA/, '554 no', 'failed'],
    [/^DATA/, '', 'deferred'],
    [/^\.$/, '452 4.3.1 full', 'deferred'],
    [/^\.$/, '550 5.7.1 spam', 'failed'],
    [/^\.$/, '', 'deferred'],
    [/^\.$/, 'what?', 'deferred'],
  ])('%s %j: %s, and then well', async (to, reply, kind) => {
    const { on, heard } = await withOld({ say: said(to, reply) });
    await on.world.run(on.write('alice@a.edu', ['x@old.edu']));
    await on.world.runUntil(8 * HOUR);
    expect(on.told('deferred').length + on.told('failed').length).toBe(1);
    expect(on.told(kind as 'failed')).toHaveLength(1);
    expect(on.told('sent')).toHaveLength(kind === 'failed' ? 0 : 1);
    const isUncertain = to.source === '^\\.$' && kind === 'deferred';
    expect(heard.messages).toHaveLength(
      kind === 'failed' ? (to.test('.') ? 1 : 0) : isUncertain ? 2 : 1,
    );
    expect(on.inbox('alice@a.edu')).toHaveLength(kind === 'failed' ? 1 : 0);
    expect(on.errors).toEqual([]);
  });

  it('is each recipient’s own', async () => {
    const say = (line: string) =>
      /two/.test(line) ? '550 5.1.1 no' : /three/.test(line) ? '450 4.2.1 later' : undefined;
    for (const offers of [[], ['PIPELINING']]) {
      const { on, relay: _ } = await withOld({ offers, say });
      await on.world.run(on.write('alice@a.edu', ['two@old.edu', 'three@old.edu']));
      await on.world.runUntil(MINUTE);
      expect(on.told('failed').map(({ recipient }) => recipient)).toEqual(['two@old.edu']);
      expect(on.told('deferred').map(({ recipient }) => recipient)).toEqual(['three@old.edu']);
      await on.world.run(on.write('alice@a.edu', ['one@old.edu', 'two@old.edu', 'three@old.edu']));
      await on.world.runUntil(2 * MINUTE);
      expect(on.told('sent').map(({ recipient }) => recipient)).toEqual(['one@old.edu']);
      const [message] = on.sites.get('a.edu')?.relay.list() ?? [];
      expect(message?.recipients.map(({ state }) => state)).toEqual(['failed', 'waiting']);
    }
  });

  it.each([
    ['DATA', '554 no', 'failed'],
    ['.', '550 no', 'failed'],
    ['.', '450 later', 'deferred'],
    ['.', '', 'deferred'],
  ] as const)(
    'to %s (%j) is for those only who were not refused before',
    async (at, reply, kind) => {
      for (const offers of [[], ['PIPELINING']]) {
        const say = (line: string) => {
          if (line === at) return reply;
          return /two/.test(line)
            ? '550 5.1.1 no'
            : /three/.test(line)
              ? '450 4.2.1 later'
              : undefined;
        };
        const { on } = await withOld({ offers, say });
        await on.world.run(
          on.write('alice@a.edu', ['one@old.edu', 'two@old.edu', 'three@old.edu']),
        );
        await on.world.runUntil(MINUTE);
        const said = (what: 'failed' | 'deferred') =>
          on.told(what).map(({ recipient }) => recipient);
        const [failed, deferred] = [['two@old.edu'], ['three@old.edu']];
        (kind === 'failed' ? failed : deferred).unshift('one@old.edu');
        expect([said('failed'), said('deferred')]).toEqual([failed, deferred]);
      }
    },
  );

  it.each([
    ['554 never', undefined, 'sent'],
    ['421 later', undefined, 'sent'],
    ['', undefined, 'sent'],
    ['554 never', '421 later', 'deferred'],
    ['554 never', '', 'deferred'],
    ['554 never', '521 never', 'failed'],
  ] as const)('of two hosts, %j and %j: %s', async (first, second, kind) => {
    const { on, old } = await withOld({ say: (line) => (line === 'GREETING' ? first : undefined) });
    const other = on.world.host('other');
    const say = (line: string) => (line === 'GREETING' ? second : undefined);
    await on.world.run(oldServer(other, { say }));
    on.zone.addresses['mx.old.edu'] = [old.address];
    on.zone.addresses['other'] = [other.address];
    on.zone.mx['old.edu'] = [
      { preference: 1, exchange: 'mx.old.edu' },
      { preference: 2, exchange: 'other' },
    ];
    await on.world.run(on.write('alice@a.edu', ['x@old.edu']));
    await on.world.runUntil(MINUTE);
    const said = ['sent', 'deferred', 'failed'] as const;
    expect(said.map((one) => on.told(one).length)).toEqual(said.map((one) => +(one === kind)));
  });

  it('about size is known before', async () => {
    const { on, heard } = await withOld({ offers: ['SIZE 10'] });
    await on.world.run(on.write('alice@a.edu', ['x@old.edu']));
    await on.world.run();
    expect(heard.messages).toEqual([]);
    expect(on.told('failed')[0]?.reply).toMatch(/^552 5\.3\.4/);
  });
});

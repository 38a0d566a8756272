/** Mailboxes that are full, names that stand for others, and the queue as its keeper sees it. */
import { describe, expect, it } from 'vitest';
import { box, pair, Stage } from '../../test/relay/stage.ts';
import { latin1 } from '../lib/bytes.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('mailboxes', () => {
  it('that are full are waited for', async () => {
    const on = await pair({}, { quota: 3000, users: ['alice', 'bob'] });
    const long = `Subject: x\r\n\r\n${'y'.repeat(70)}\r\n`.padEnd(1500, `${'z'.repeat(70)}\r\n`);
    const b = on.sites.get('b.edu');
    const write = (to: string[]) =>
      b?.relay.submit({ from: null, to: to.map((one) => ({ path: box(one) })) }, latin1(long));
    await on.world.run(write(['bob@b.edu']) as Promise<unknown>);
    const refused = expect.objectContaining({ code: 'RELAY_REFUSED' });
    await expect(on.world.run(write(['bob@b.edu']) as Promise<unknown>)).rejects.toEqual(refused);
    await on.world.run(write(['bob@b.edu', 'alice@b.edu']) as Promise<unknown>);
    await on.world.runUntil(HOUR);
    expect(on.inbox('alice@b.edu')).toHaveLength(1);
    expect(on.told('deferred')[0]?.reply).toBe('452 4.2.2 The mailbox of bob@b.edu is full');
    const box1 = b?.store.open('bob');
    const inbox = box1?.folder('INBOX');
    if (box1 && inbox) await on.world.run(box1.expunge(inbox, [1]));
    await on.world.runUntil(5 * HOUR);
    expect(on.inbox('bob@b.edu')).toHaveLength(1);
    expect(on.sites.get('b.edu')?.relay.list()).toEqual([]);
  });

  it('behind aliases get each letter once', async () => {
    const aliases = { all: ['team', 'bob', 'carol@b.edu'], team: ['alice', 'bob'] };
    const on = await pair({ aliases });
    await on.world.run(on.write('alice@a.edu', ['all@a.edu', 'bob@a.edu', 'team@a.edu']));
    await on.world.run();
    expect(on.inbox('alice@a.edu')).toHaveLength(2);
    expect(on.inbox('bob@a.edu')).toHaveLength(1);
    expect(on.told('failed')[0]?.recipient).toBe('carol@b.edu');
  });

  it('that are named twice get one letter, here and elsewhere', async () => {
    const on = await pair({ aliases: { team: ['bob@b.edu', 'bob@b.edu', 'bob@B.edu'] } });
    const to = ['bob@b.edu', 'bob@B.EDU', 'team@a.edu', 'bob@a.edu', 'bob@A.edu'];
    await on.world.run(on.write('alice@a.edu', to));
    await on.world.run();
    expect(on.inbox('bob@b.edu')).toHaveLength(1);
    expect(on.inbox('bob@a.edu')).toHaveLength(1);
  });

  it('behind lists of lists are so many at most', async () => {
    const members = Array.from({ length: 999 }, (_, i) => `m${i}@b.edu`);
    const lists = Array.from({ length: 12 }, (_, i) => [`l${i}`, members]);
    const on = await pair({ aliases: Object.fromEntries(lists) });
    const to = lists.map(([name]) => `${name}@a.edu`);
    const { refused } = await on.world.run(on.write('alice@a.edu', to));
    expect(refused.map(({ reply }) => reply.lines)).toEqual([
      ['4.5.3 Too many recipients'],
      ['4.5.3 Too many recipients'],
    ]);
    expect(on.sites.get('a.edu')?.relay.waiting).toBe(999);
  });

  it('take letters to the last octet', async () => {
    const on = await pair({}, { quota: 1000 });
    const b = on.sites.get('b.edu');
    const write = async (size: number): Promise<number> => {
      const to = [{ path: box('bob@b.edu') }];
      const text = latin1(`Message-ID: <1@x>\r\nDate: x\r\n\r\n${'y'.repeat(size)}\r\n`);
      const before = on.inbox('bob@b.edu').length;
      const code = await b?.relay.submit({ from: null, to }, text).then(
        () => 250,
        (error) => error.outcome.code as number,
      );
      const account = b?.store.open('bob');
      expect(on.inbox('bob@b.edu').length - before).toBe(code === 250 ? 1 : 0);
      const inbox = account?.folder('INBOX');
      const uids = (inbox && account?.entries(inbox).map(({ uid }) => uid)) ?? [];
      if (inbox && account) await account.expunge(inbox, uids);
      return code ?? 0;
    };
    const codes = new Set<number>();
    const all = async () => {
      for (let size = 700; size < 950; size++) codes.add(await write(size));
    };
    await on.world.run(all());
    expect([...codes]).toEqual([250, 452]);
    expect(on.errors).toEqual([]);
  });

  it('refuse aliases of nonsense', () => {
    const on = new Stage();
    expect(() => on.site('a.edu', { aliases: { x: ['@@'] } })).not.toThrow();
    return expect(on.world.run(on.ready())).rejects.toThrow(/alias x: @@/);
  });
});

describe('the queue', () => {
  async function waiting() {
    const on = await pair();
    on.sites.get('b.edu')?.host.crash();
    await on.world.run(on.write('alice@a.edu', ['bob@b.edu']));
    await on.world.runUntil(MINUTE);
    const { relay } = on.sites.get('a.edu') ?? {};
    if (!relay) throw new Error('no relay');
    const [message] = relay.list();
    return { on, relay, id: message?.id ?? '' };
  }

  it('shows what was said', async () => {
    const { on, relay, id } = await waiting();
    expect(relay.show(id)).toMatchObject({
      from: box('alice@a.edu'),
      hops: 0,
      recipients: [
        { path: box('bob@b.edu'), state: 'waiting', attempts: 1, replies: [{ code: 451 }] },
      ],
    });
    expect(relay.show('x')).toBeUndefined();
    await expect(on.world.run(relay.hold('x'))).rejects.toThrow(/no message x/);
  });

  it('holds and releases', async () => {
    const { on, relay, id } = await waiting();
    await on.world.run(relay.hold(id));
    on.sites.get('b.edu')?.host.restart();
    await on.world.runUntil(9 * HOUR);
    relay.retry();
    await on.world.runUntil(10 * HOUR);
    expect(on.inbox('bob@b.edu')).toEqual([]);
    expect(on.sites.get('a.edu')?.disk.queue.load()[0]?.recipients[0]?.state).toBe('held');
    on.sites.get('a.edu')?.host.restart();
    await on.world.runUntil(11 * HOUR);
    expect(on.inbox('bob@b.edu')).toEqual([]);
    await on.world.run(on.sites.get('a.edu')?.relay.release(id) as Promise<void>);
    await on.world.runUntil(11 * HOUR + MINUTE);
    expect(on.inbox('bob@b.edu')).toHaveLength(1);
  });

  it.each([{}, { domain: 'b.edu' }, { domain: 'B.EDU' }])('is hurried: %j', async (which) => {
    const { on, relay } = await waiting();
    on.sites.get('b.edu')?.host.restart();
    relay.retry({ domain: 'other.edu' });
    await on.world.runUntil(2 * MINUTE);
    expect(on.inbox('bob@b.edu')).toEqual([]);
    relay.retry(which);
    await on.world.runUntil(2 * MINUTE + 5000);
    expect(on.inbox('bob@b.edu')).toHaveLength(1);
  });

  it.each([
    [true, 1],
    [false, 0],
  ])('lets go (bounce: %s)', async (bounce, notices) => {
    const { on, relay, id } = await waiting();
    await on.world.run(relay.remove(id, { bounce }));
    expect(relay.list()).toEqual([]);
    expect(on.inbox('alice@a.edu')).toHaveLength(notices);
    expect(on.sites.get('a.edu')?.disk.queue.load()).toEqual([]);
    await on.world.run();
    expect(on.told('expired')).toEqual([]);
  });

  it('goes on after a restart, soon', async () => {
    const { on } = await waiting();
    on.sites.get('b.edu')?.host.restart();
    on.sites.get('a.edu')?.host.restart();
    await on.world.runUntil(MINUTE + 15_000);
    expect(on.inbox('bob@b.edu')).toHaveLength(1);
  });

  it.each([
    ['a host that answers', undefined, 0],
    ['a host that is silent', 'silent', 1],
  ])('ends while something is under way to %s', async (_, silent, left) => {
    const on = await pair();
    const a = on.sites.get('a.edu');
    await on.world.run(on.write('alice@a.edu', ['bob@b.edu']));
    await on.world.runUntil(() => on.told('sending').length === 1);
    if (silent) on.world.partition('mx.a.edu', 'mx.b.edu');
    await on.world.run(a?.relay.close() as Promise<void>);
    await on.world.run(a?.store.close() as Promise<void>);
    expect(a?.disk.queue.load()).toHaveLength(left);
    expect(on.told('sent').length + on.told('deferred').length).toBe(1);
    expect(on.world.now).toBeLessThan(5000);
    await on.world.run();
    expect(on.errors).toEqual([]);
  });

  it('tells of what was done once, though others spoil the commit', async () => {
    const on = await pair();
    const { relay, store } = on.sites.get('a.edu') ?? {};
    const both = async () => {
      const to = ['bob@a.edu', 'bob@b.edu'].map((one) => ({ path: box(one) }));
      const taken = relay?.submit({ from: box('alice@a.edu'), to }, latin1('x: y\r\n\r\nz\r\n'));
      for (let turn = 0; turn < 50; turn++) await null;
      const spoiled = store?.write((tx) => {
        tx.content(store.stageBytes(latin1('x\r\n')));
        throw new Error('spoiled');
      });
      await expect(spoiled).rejects.toThrow('spoiled');
      await taken;
    };
    await on.world.run(both());
    await on.world.run();
    expect(on.told('accepted').filter(({ host }) => host === 'mx.a.edu')).toHaveLength(1);
    expect(on.told('sent')).toHaveLength(1);
    expect([on.inbox('bob@a.edu').length, on.inbox('bob@b.edu').length]).toEqual([1, 1]);
  });

  it('ends', async () => {
    const { on, relay } = await waiting();
    await on.world.run(relay.close());
    on.sites.get('b.edu')?.host.restart();
    await on.world.run();
    expect(on.inbox('bob@b.edu')).toEqual([]);
    expect(relay.waiting).toBe(1);
  });
});

/** Relays with each other on a simulated network, under virtual time: letters on their way. */
import { describe, expect, it } from 'vitest';
import { box, pair, type SiteOptions, Stage } from '../../test/relay/stage.ts';
import { DnsError } from '../dns/index.ts';
import { latin1 } from '../lib/bytes.ts';
import { simulatedAuthority } from '../net/sim/index.ts';
import { saslUsers } from '../sasl/index.ts';
import { collecting, relayGuard, SmtpClient, serveSmtp } from '../smtp/index.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LETTER = latin1('Subject: x\r\n\r\nhello\r\n');

describe('a letter', () => {
  it('goes from domain to domain', async () => {
    const on = await pair();
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
      for (let id = 1; id < 20; id++) {
        expect(disk.mail.contents.get(id)?.holders ?? 1, `content ${id}`).toBeGreaterThan(0);
      }
    }
    expect(new Set(on.events.map(({ messageId }) => messageId)).size).toBe(1);
    expect(on.events.map(({ kind, host }) => `${kind} ${host}`)).toEqual([
      'accepted mx.a.edu',
      'delivered mx.a.edu',
      'connecting mx.a.edu',
      'sending mx.a.edu',
      'accepted mx.b.edu',
      'delivered mx.b.edu',
      'sent mx.a.edu',
    ]);
    expect(on.sites.get('b.edu')?.relay.events()).toHaveLength(2);
  });

  it('leaves nothing behind at the host that it has passed', async () => {
    const on = await pair();
    await on.world.run(
      on.write('alice@a.edu', ['bob@b.edu'], `x: y\r\n\r\n${'z\r\n'.repeat(300_000)}`),
    );
    await on.world.run();
    const { mail } = on.sites.get('a.edu')?.disk ?? {};
    for (let id = 0; id < 20; id++) {
      expect(mail?.contents.get(id)).toBeUndefined();
      expect(mail?.contents.piece(id, 0)).toBeUndefined();
    }
    expect(on.inbox('bob@b.edu')[0]?.length).toBeGreaterThan(900_000);
  });

  it('to many at one host goes once; blind copies are taken out', async () => {
    const on = await pair();
    const text = 'To: bob@b.edu\r\nBcc: alice@b.edu\r\n\r\nx\r\n';
    await on.world.run(on.write('alice@a.edu', ['bob@b.edu', 'alice@b.edu'], text));
    await on.world.run();
    expect(on.told('sending')).toHaveLength(1);
    expect(on.inbox('alice@b.edu')[0]).not.toMatch(/Bcc/);
    expect(on.inbox('alice@b.edu')[0]).toMatch(/Delivered-To: alice@b\.edu/);
  });

  it('to more than a host takes at once goes in several turns, without a wait', async () => {
    const users = Array.from({ length: 10 }, (_, i) => `u${i}`);
    const on = await pair({}, { users, server: { recipientsLimit: 3 } });
    await on.world.run(
      on.write(
        'alice@a.edu',
        users.map((one) => `${one}@b.edu`),
      ),
    );
    await on.world.runUntil(5000);
    for (const user of users) expect(on.inbox(`${user}@b.edu`), user).toHaveLength(1);
    expect(on.told('sending')).toHaveLength(4);
  });

  it('finds a connection that is open', async () => {
    const on = await pair({ limits: { perDestination: 2 } });
    const all = async () => {
      for (let i = 0; i < 20; i++)
        await on.sites
          .get('a.edu')
          ?.relay.submit({ from: box('alice@a.edu'), to: [{ path: box('bob@b.edu') }] }, LETTER);
    };
    await on.world.run(all());
    await on.world.run();
    expect(on.inbox('bob@b.edu')).toHaveLength(20);
    expect(on.told('connecting').length).toBeLessThanOrEqual(2);
  });

  it('finds it still open a moment later, and no longer after that', async () => {
    const on = await pair();
    for (const [wait, connections] of [
      [0, 1],
      [1000, 1],
      [5000, 2],
    ] as const) {
      await on.world.runUntil(on.world.now + wait);
      const before = on.told('sent').length;
      await on.world.run(on.write('alice@a.edu', ['bob@b.edu']));
      await on.world.runUntil(() => on.told('sent').length > before);
      expect(on.told('connecting'), `after ${wait} ms`).toHaveLength(connections);
    }
  });

  it('finds a connection that has gone meanwhile', async () => {
    const on = await pair();
    await on.world.run(on.write('alice@a.edu', ['bob@b.edu']));
    await on.world.runUntil(() => on.told('sent').length === 1);
    on.world.reset('mx.a.edu', 'mx.b.edu');
    await on.world.run(on.write('alice@a.edu', ['bob@b.edu']));
    await on.world.runUntil(() => on.told('sent').length === 2);
    expect(on.told('deferred')).toEqual([]);
    expect(on.world.now).toBeLessThan(5000);
  });

  it('waits for a host that is down', async () => {
    const on = await pair();
    const b = on.sites.get('b.edu');
    b?.host.crash();
    await on.world.run(on.write('alice@a.edu', ['bob@b.edu']));
    await on.world.runUntil(HOUR);
    expect(on.told('deferred').length).toBeGreaterThan(2);
    b?.host.restart();
    await on.world.run();
    expect(on.inbox('bob@b.edu')).toHaveLength(1);
  });
});

describe('who may send', () => {
  it.each([
    ['desk.a.edu', 'x@c.edu', 550, '5.7.1'],
    ['desk.a.edu', 'bob@b.edu', 250, '2.0.0'],
    ['desk.a.edu', 'nobody@b.edu', 550, '5.1.1'],
    ['desk.a.edu', 'postmaster@b.edu', 250, '2.0.0'],
    ['friend', 'bob@a.edu', 250, '2.0.0'],
  ])('%s to %s: %i', async (name, to, code, enhanced) => {
    const friend = '10.0.0.9';
    const on = await pair({}, { relayFrom: [friend], users: ['bob'] });
    const from = name === 'friend' ? on.world.host(name, { address: friend }) : on.world.host(name);
    const server = { address: on.sites.get('b.edu')?.host.address ?? '', port: 25 };
    const send = async () => {
      const client = await SmtpClient.connect(from, server);
      return client.send({ from: box('who@ever.org'), to: [{ path: box(to) }] }, 'x\r\n');
    };
    const reply = await on.world.run(
      send().then(
        (sent) => sent.reply,
        (error) => error.answer,
      ),
    );
    expect(reply.code).toBe(code);
    expect(reply.lines[0]).toMatch(new RegExp(`^${enhanced.replaceAll('.', '\\.')} `));
  });

  it('is who he is', async () => {
    const on = await pair();
    const as = async (from: string) => {
      const { host } = on.sites.get('a.edu') ?? {};
      const client = await SmtpClient.connect(on.author('a.edu'), {
        address: host?.address ?? '',
        port: 587,
      });
      await client.auth({ user: 'alice', password: 'tea' }, { plaintext: true });
      return client.send({ from: box(from), to: [{ path: box('bob@a.edu') }] }, 'x\r\n');
    };
    for (const from of ['bob@a.edu', 'alice@b.edu']) {
      const refused = expect.objectContaining({ reply: 553 });
      await expect(on.world.run(as(from))).rejects.toEqual(refused);
    }
    expect((await on.world.run(as('alice@a.edu'))).reply.code).toBe(250);
  });

  it('asks who is here when he has signed in', async () => {
    const on = await pair({ aliases: { team: ['bob'] } });
    const address = on.sites.get('a.edu')?.host.address ?? '';
    const ask = async (port: number) => {
      const client = await SmtpClient.connect(on.author('a.edu'), { address, port });
      if (port === 587) await client.auth({ user: 'alice', password: 'tea' }, { plaintext: true });
      const words = ['bob', '<bob@a.edu>', 'team', 'bop', 'bob@b.edu'];
      const replies: string[] = [];
      for (const text of words) {
        const { code, lines } = await client.ask({ type: 'VRFY', text });
        replies.push(`${code} ${lines[0]}`);
      }
      return replies;
    };
    expect(await on.world.run(ask(587))).toEqual([
      '250 2.1.5 <bob@a.edu>',
      '250 2.1.5 <bob@a.edu>',
      '250 2.1.5 <team@a.edu>',
      '550 5.1.1 There is no bop@a.edu here; did you mean bob?',
      '252 2.1.5 Send some mail, it will be tried',
    ]);
    for (const reply of await on.world.run(ask(25))) expect(reply).toMatch(/^252 /);
  });

  it('writes to domains that take mail', async () => {
    const on = await pair();
    on.zone.mx['silent.edu'] = [{ preference: 0, exchange: '.' }];
    on.zone.mx['slow.edu'] = new DnsError('DNS_TIMEOUT', 'no answer');
    const to = ['x@silent.edu', 'x@gone.edu', 'x@slow.edu'];
    const { refused } = await on.world.run(on.write('alice@a.edu', to));
    expect(refused.map(({ reply }) => [reply.code, reply.lines[0]])).toEqual([
      [556, '5.1.10 silent.edu takes no mail (null MX)'],
      [550, '5.1.2 There is no domain gone.edu'],
    ]);
    await on.world.runUntil(HOUR);
    expect(on.told('deferred')[0]?.reply).toMatch(/^451 4\.4\.3 slow\.edu could not be looked up/);
  });
});

describe('the way', () => {
  it('leads by preference, and past hosts that are down', async () => {
    const on = await pair();
    const down = on.world.host('down');
    down.crash();
    on.zone.addresses['down'] = [down.address, '10.9.9.9'];
    on.zone.mx['b.edu'] = [
      { preference: 20, exchange: 'mx.b.edu' },
      { preference: 10, exchange: 'down' },
      { preference: 5, exchange: 'nowhere' },
    ];
    for (const count of [1, 2]) {
      await on.world.run(on.write('alice@a.edu', ['bob@b.edu']));
      await on.world.runUntil(() => on.told('sent').length === count);
      await on.world.runUntil(on.world.now + 5000);
    }
    expect(on.inbox('bob@b.edu')).toHaveLength(2);
    const hosts = on.told('connecting').map(({ remote }) => remote);
    expect(hosts).toEqual(['down', 'down', 'mx.b.edu', 'mx.b.edu']);
    expect(on.told('deferred')).toEqual([]);
  });

  it('leads to address literals, and to ourselves by ours', async () => {
    const on = await pair();
    const { address } = on.sites.get('b.edu')?.host ?? {};
    await on.world.run(on.write('alice@a.edu', [`bob@[${address}]`, 'bob@[10.0.0.1]']));
    await on.world.run();
    expect(on.inbox('bob@b.edu')[0]).toMatch(/Delivered-To: bob@b\.edu/);
    expect(on.inbox('bob@a.edu')).toHaveLength(1);
  });

  it('that comes back to ourselves is none', async () => {
    const on = await pair();
    on.zone.mx['c.edu'] = [{ preference: 1, exchange: 'MX.a.edu' }];
    await on.world.run(on.write('alice@a.edu', ['x@c.edu']));
    await on.world.run();
    expect(on.told('failed')[0]?.reply).toMatch(/^554 5\.4\.6 /);
    expect(on.inbox('alice@a.edu')).toHaveLength(1);
  });

  it('in a circle of two ends', async () => {
    const to = (host: string): SiteOptions => ({
      smarthost: { host: `[${host}]` },
      relayFrom: ['10.0.0.0/8'],
      limits: { hops: 12 },
    });
    const on = await pair(to('mx.b.edu'), to('mx.a.edu'));
    await on.world.run(on.write('alice@a.edu', ['x@c.edu']));
    await on.world.run();
    expect(on.told('sending').length).toBeLessThan(16);
    expect(on.told('failed')[0]?.reply).toMatch(/^554 5\.4\.6 The message goes round in a loop/);
  });

  it('in a circle of forwarders ends at the second time', async () => {
    const on = await pair(
      { aliases: { bob: ['bob', 'bob@b.edu'] } },
      { aliases: { bob: ['bob@a.edu'] } },
    );
    await on.world.run(on.write('alice@a.edu', ['bob@a.edu']));
    await on.world.run();
    expect(on.inbox('bob@a.edu')).toHaveLength(1);
    expect(on.told('failed')[0]?.reply).toMatch(/^554 5\.4\.6/);
  });

  it('leads through a smarthost, signed in', async () => {
    const on = new Stage();
    const smart = on.world.host('smart');
    const got: string[] = [];
    on.zone.addresses['smart'] = [smart.address];
    const users = saslUsers({ me: 'tea' }, (length) => smart.random.bytes(length));
    const keep = collecting(({ peer, to }) => void got.push(`${peer.user} ${to[0]?.path.domain}`));
    const backend = relayGuard({ domains: [] }, keep);
    await on.world.run(serveSmtp(smart, { port: 587, users, plaintext: true, backend }));
    const credentials = { user: 'me', password: 'tea' };
    on.site('a.edu', { smarthost: { host: '[smart]', port: 587, credentials, plaintext: true } });
    await on.world.run(on.ready());
    await on.world.run(on.write('alice@a.edu', ['x@c.edu', 'y@d.edu']));
    await on.world.run();
    expect(got).toEqual(['me c.edu']);
    expect(on.told('sent')).toHaveLength(2);
  });

  it('is secure where that can be had, and clear where not', async () => {
    const authority = simulatedAuthority('them');
    const certificate = authority.issue(['other']);
    const good = { certificateFor: () => certificate };
    const bad = { certificateFor: () => undefined };
    for (const [secure, word] of [
      [good, 'ESMTPS'],
      [bad, 'ESMTP'],
    ] as const) {
      const on = await pair({}, { server: { secure } });
      await on.world.run(on.write('alice@a.edu', ['bob@b.edu']));
      await on.world.runUntil(() => on.told('sent').length === 1);
      expect(on.inbox('bob@b.edu')[0]).toMatch(new RegExp(`by mx\\.b\\.edu with ${word} id`));
    }
    const on = await pair({ security: 'starttls' });
    await on.world.run(on.write('alice@a.edu', ['bob@b.edu']));
    await on.world.runUntil(MINUTE);
    expect(on.told('deferred')[0]?.reply).toMatch(/^451 4\.7\.4 /);
  });
});

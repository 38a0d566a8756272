/** Who is told what: failures, delays, successes (RFC 3461, RFC 3464). */
import { describe, expect, it } from 'vitest';
import { oldServer } from '../../test/relay/old-server.ts';
import { pair, Stage } from '../../test/relay/stage.ts';
import { latin1 } from '../lib/bytes.ts';
import { type Message, parseMessage } from '../mime/index.ts';
import type { Notify } from '../smtp/index.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

interface Notice {
  readonly message: Message;
  readonly status: string;
  readonly types: readonly string[];
}

function noticeOf(text: string | undefined): Notice {
  const message = parseMessage(latin1(text ?? ''));
  expect(message.inspect()).toEqual([]);
  expect(message.root.type.subtype).toBe('report');
  expect(message.root.type.parameters.get('report-type')).toBe('delivery-status');
  const parts = message.root.children;
  const status = parts[1] ? new TextDecoder().decode(message.content(parts[1])) : '';
  return { message, status, types: parts.map(({ type }) => `${type.type}/${type.subtype}`) };
}

describe('a failure', () => {
  it('comes back with the reply and the message', async () => {
    const on = await pair();
    const own = { orcpt: { type: 'rfc822', address: 'Bop@B.edu' } };
    await on.world.run(
      on.write('alice@a.edu', ['bop@b.edu'], 'Subject: x\r\n\r\nhi\r\n', own, { envid: 'e 1' }),
    );
    await on.world.run();
    const [text] = on.inbox('alice@a.edu');
    expect(text).toMatch(/^Return-Path: <>\r\nDelivered-To: alice@a\.edu\r\nDate: /);
    const { message, status, types } = noticeOf(text);
    expect(types).toEqual(['text/plain', 'message/delivery-status', 'message/rfc822']);
    expect(message.subject).toBe('Your message could not be delivered');
    expect(message.root.fields.get('Auto-Submitted')).toBe('auto-replied');
    expect(message.text).toContain('<bop@b.edu>');
    expect(message.text).toContain('did you mean bob?');
    expect(status).toMatch(/^Original-Envelope-Id: e 1\r\nReporting-MTA: dns; mx\.a\.edu\r\n/);
    expect(status).toMatch(
      /\r\n\r\nOriginal-Recipient: rfc822;Bop@B\.edu\r\nFinal-Recipient: rfc822; bop@b\.edu\r\n/,
    );
    expect(status).toMatch(
      /Action: failed\r\nStatus: 5\.1\.1\r\nRemote-MTA: dns; mx\.b\.edu\r\nDiagnostic-Code: smtp; 550 5\.1\.1/,
    );
    expect(message.part('3')?.children[0]?.fields.get('Subject')).toBe('x');
    expect(on.told('failed')).toHaveLength(1);
    expect(on.told('notified')).toHaveLength(1);
  });

  it.each<[readonly Notify[] | undefined, number]>([
    [[], 0],
    [['SUCCESS', 'DELAY'], 0],
    [['FAILURE'], 1],
    [undefined, 1],
  ])('with NOTIFY %j makes %i notices', async (notify, count) => {
    const on = await pair();
    await on.world.run(on.write('alice@a.edu', ['x@b.edu'], 'x\r\n', notify ? { notify } : {}));
    await on.world.run();
    expect(on.inbox('alice@a.edu')).toHaveLength(count);
  });

  it.each([
    ['HDRS', 10, 'text/rfc822-headers'],
    ['FULL', 200_000, 'message/rfc822'],
    [undefined, 200_000, 'text/rfc822-headers'],
    ['FULL', 1_100_000, 'text/rfc822-headers'],
  ] as const)('with RET=%s of %i bytes returns %s', async (ret, size, type) => {
    const on = await pair();
    const text = `Subject: x\r\n\r\n${'.'.repeat(70)}\r\n`.padEnd(size, `${'y'.repeat(70)}\r\n`);
    await on.world.run(on.write('alice@a.edu', ['x@b.edu'], text, {}, ret ? { ret } : {}));
    await on.world.run();
    const { types, message } = noticeOf(on.inbox('alice@a.edu')[0]);
    expect(types[2]).toBe(type);
    const third = message.part('3');
    const returned = third && new TextDecoder().decode(message.content(third));
    expect(returned).toContain('Subject: x\r\n');
    expect(returned?.includes('yyy')).toBe(type === 'message/rfc822');
  });

  it('of several recipients is one notice', async () => {
    const on = await pair();
    await on.world.run(on.write('alice@a.edu', ['x@b.edu', 'y@b.edu', 'bob@b.edu']));
    await on.world.run();
    expect(on.inbox('bob@b.edu')).toHaveLength(1);
    const { status } = noticeOf(on.inbox('alice@a.edu')[0]);
    expect(on.inbox('alice@a.edu')).toHaveLength(1);
    expect(status.match(/Final-Recipient/g)).toHaveLength(2);
  });

  it('of a notice goes to the postmaster, and no further', async () => {
    const on = await pair();
    const a = on.sites.get('a.edu');
    const send = async () => {
      const to = [{ path: { local: 'x', domain: 'b.edu' } }];
      await a?.relay.submit({ from: null, to }, latin1('Subject: lost\r\n\r\nx\r\n'));
      const postmaster = [{ path: { local: 'postmaster', domain: 'gone.edu' } }];
      on.zone.addresses['gone.edu'] = [];
      await a?.relay.submit({ from: null, to: postmaster }, latin1('Subject: lost\r\n\r\nx\r\n'));
    };
    await on.world.run(send());
    await on.world.run();
    const { status } = noticeOf(on.inbox('postmaster@a.edu')[0]);
    expect(status).toContain('Final-Recipient: rfc822; x@b.edu');
    expect(on.inbox('postmaster@a.edu')).toHaveLength(1);
    expect(on.told('dropped')).toHaveLength(1);
  });

  it('of a message that cannot be returned whole returns its header', async () => {
    const on = await pair();
    const inner =
      'Content-Type: message/rfc822\r\nMessage-ID: <1@x>\r\n\r\nSubject: März\r\n\r\nx\r\n';
    await on.world.run(on.write('alice@a.edu', ['x@b.edu'], inner));
    await on.world.run();
    const { types, message } = noticeOf(on.inbox('alice@a.edu')[0]);
    expect(types[2]).toBe('text/rfc822-headers');
    expect(message.root.fields.get('References')).toBe('<1@x>');
  });

  it('travels back to another domain, and passes on as a notice', async () => {
    const on = await pair();
    on.site('c.edu', { aliases: { team: ['x@b.edu'] } });
    await on.world.run(on.write('alice@a.edu', ['team@c.edu']));
    await on.world.run();
    const { status } = noticeOf(on.inbox('alice@a.edu')[0]);
    expect(status).toContain('Reporting-MTA: dns; mx.c.edu');
    expect(status).toContain('Original-Recipient: rfc822;team@c.edu');
    expect(status).toContain('Final-Recipient: rfc822; x@b.edu');
  });
});

describe('a delay', () => {
  it('is told once after four hours, and is a failure after five days', async () => {
    const on = await pair();
    on.sites.get('b.edu')?.host.crash();
    await on.world.run(on.write('alice@a.edu', ['bob@b.edu']));
    await on.world.runUntil(3.9 * HOUR);
    expect(on.inbox('alice@a.edu')).toHaveLength(0);
    await on.world.runUntil(8 * HOUR);
    const { status, types, message } = noticeOf(on.inbox('alice@a.edu')[0]);
    expect(status).toMatch(/Action: delayed\r\nStatus: 4\.4\.1\r\n/);
    expect(status).toContain('Will-Retry-Until: Tue, 6 Jan 2026 00:00:00 +0000');
    expect(types[2]).toBe('text/rfc822-headers');
    expect(message.subject).toBe('Your message is delayed');
    await on.world.run();
    expect(on.world.now).toBeGreaterThanOrEqual(5 * DAY);
    expect(on.world.now).toBeLessThan(5 * DAY + HOUR);
    expect(on.inbox('alice@a.edu')).toHaveLength(2);
    const last = noticeOf(on.inbox('alice@a.edu')[1]);
    expect(last.status).toMatch(/Action: failed\r\nStatus: 4\.4\.1\r\n/);
    expect(last.status).not.toContain('Diagnostic-Code');
    expect(on.told('expired')).toHaveLength(1);
    expect(on.sites.get('a.edu')?.disk.queue.load()).toEqual([]);
  });

  it('is not told to who does not want to hear of it', async () => {
    const on = await pair();
    on.sites.get('b.edu')?.host.crash();
    await on.world.run(on.write('alice@a.edu', ['bob@b.edu'], 'x\r\n', { notify: ['FAILURE'] }));
    await on.world.run();
    expect(on.inbox('alice@a.edu')).toHaveLength(1);
  });
});

describe('success', () => {
  const notify: readonly Notify[] = ['SUCCESS', 'FAILURE'];

  it('is told by the host that delivers', async () => {
    const on = await pair();
    await on.world.run(on.write('alice@a.edu', ['bob@b.edu', 'bob@a.edu'], 'x\r\n', { notify }));
    await on.world.run();
    const notices = on.inbox('alice@a.edu').map(noticeOf);
    expect(notices.map(({ status }) => /Reporting-MTA: dns; (.*)\r/.exec(status)?.[1])).toEqual([
      'mx.a.edu',
      'mx.b.edu',
    ]);
    for (const { status, types } of notices) {
      expect(status).toMatch(/Action: delivered\r\nStatus: 2\.\d\.\d\r\n/);
      expect(types[2]).toBe('text/rfc822-headers');
    }
  });

  it('ends at a next hop that knows no DSN', async () => {
    const on = new Stage();
    on.site('a.edu');
    const old = on.world.host('mx.old.edu');
    on.zone.addresses['old.edu'] = [old.address];
    const heard = await on.world.run(oldServer(old));
    await on.world.run(on.write('alice@a.edu', ['x@old.edu'], 'x\r\n', { notify }, { envid: 'e' }));
    await on.world.run();
    expect(heard.lines.slice(1, 3)).toEqual(['MAIL FROM:<alice@a.edu>', 'RCPT TO:<x@old.edu>']);
    const { status, message } = noticeOf(on.inbox('alice@a.edu')[0]);
    expect(status).toMatch(/Action: relayed\r\nStatus: 2\.0\.0\r\nRemote-MTA: dns; old\.edu\r\n/);
    expect(message.subject).toBe('Your message was passed on');
  });

  it('of an alias with several members is told as expanded; of a list as delivered', async () => {
    const on = await pair(
      {},
      {
        aliases: {
          team: ['alice', 'bob'],
          list: ['alice', 'bob@a.edu'],
          'owner-list': ['postmaster'],
        },
      },
    );
    const to = ['team@b.edu', 'list@b.edu'];
    await on.world.run(on.write('alice@a.edu', to, 'x\r\n', { notify }));
    await on.world.run();
    const actions = on.inbox('alice@a.edu').map((text) => {
      const { status } = noticeOf(text);
      return [...status.matchAll(/Final-Recipient: rfc822; (.*)\r\nAction: (.*)\r/g)].map((one) =>
        one.slice(1).join(' '),
      );
    });
    expect(actions).toEqual([['team@b.edu expanded', 'list@b.edu delivered']]);
    expect(on.inbox('bob@a.edu')[0]).toMatch(/^Return-Path: <owner-list@b\.edu>\r\n/);
  });
});

describe('beyond ASCII', () => {
  const utf8 = { utf8: true, body: '8BITMIME' } as const;

  it('cannot go where it is not understood', async () => {
    const on = new Stage();
    on.site('a.edu');
    const old = on.world.host('mx.old.edu');
    on.zone.addresses['old.edu'] = [old.address];
    await on.world.run(oldServer(old, { offers: ['8BITMIME'] }));
    const text = 'Subject: jürgen\r\n\r\nx\r\n';
    await on.world.run(on.write('alice@a.edu', ['jürgen@old.edu'], text, {}, utf8));
    await on.world.run();
    const { status, types } = noticeOf(on.inbox('alice@a.edu')[0]);
    expect(status).toContain('Final-Recipient: utf-8; j\\x{FC}rgen@old.edu\r\n');
    expect(status).toContain('Status: 5.6.7\r\n');
    expect(types[2]).toBe('message/global');
  });

  it('goes without SMTPUTF8 where only the permission was there', async () => {
    const on = new Stage();
    on.site('a.edu');
    const old = on.world.host('mx.old.edu');
    on.zone.addresses['old.edu'] = [old.address];
    const heard = await on.world.run(oldServer(old));
    const text =
      'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nold as März\r\n';
    await on.world.run(on.write('alice@a.edu', ['x@old.edu'], text, {}, utf8));
    await on.world.run();
    expect(on.inbox('alice@a.edu')).toEqual([]);
    expect(heard.messages[0]).toMatch(/quoted-printable\r\n\r\nold as M=C3=A4rz\r\n$/);
  });
});

/** The sites, visited by a client with a jar in virtual time. */
import { beforeEach, describe, expect, test } from 'vitest';
import { SitesStage, type Visitor } from '../../test/sites/stage.ts';
import { Credentials, makeProof, requestAs, totp } from '../auth/index.ts';
import { fromBase32 } from '../lib/base32.ts';
import { hex, utf8 } from '../lib/bytes.ts';
import { calendar, sleep } from '../net/index.ts';
import { DEMO_USERS } from './index.ts';

const DAY = 86_400_000;
const SHOP = 'http://www.shop.com';

let stage: SitesStage;
const play: SitesStage['play'] = (talk, options) => stage.play(talk, options);
beforeEach(() => {
  stage = new SitesStage();
});

describe('the shop', () => {
  test('gives a number at the first visit, and greets by it a week later', async () => {
    await play(async (alice) => {
      const first = await alice.get(`${SHOP}/`);
      const { value = '' } = alice.jar.all()[0] ?? {};
      expect(first).toContain(`given you a number: <code>${value}</code>`);
      await alice.get(`${SHOP}/goods/kettle`);
      expect(await alice.get(`${SHOP}/`)).not.toMatch(/Welcome/);
      const file = alice.jar.save();
      await sleep(alice.host.clock, 7 * DAY);
      alice.jar.clear();
      alice.jar.load(file);
      const again = await alice.get(`${SHOP}/`);
      expect(again).toMatch(
        /Welcome back! You were here 7 days ago\. You looked at the <a href="\/goods\/kettle">kettle/,
      );
    });
  });

  test('recommends what others looked at, or else what stands beside it', async () => {
    await play(async (alice, another) => {
      expect(await alice.get(`${SHOP}/goods/kettle`)).toContain('From the same shelf');
      const histories = { dave: ['clock'], carol: ['clock', 'plant'], bob: ['clock', 'radio'] };
      for (const [name, goods] of Object.entries(histories)) {
        const other = another(name);
        for (const good of ['kettle', ...goods]) await other.get(`${SHOP}/goods/${good}`);
        await sleep(other.host.clock, 60_000);
      }
      const stranger = another('erin');
      await stranger.get(`${SHOP}/goods/umbrella`);
      const page = await alice.get(`${SHOP}/goods/kettle`);
      expect(page).not.toContain('umbrella');
      expect(page).toMatch(
        /Who looked at this also looked at[\s\S]*goods\/clock[\s\S]*goods\/radio/,
      );
      expect(await alice.get(`${SHOP}/`)).toMatch(/taste like yours[\s\S]*goods\/clock/);
    });
  });

  test('has a basket that can be filled, changed and emptied', async () => {
    await play(async (alice) => {
      const page = `${SHOP}/goods/book`;
      const added = await alice.post(page, `${SHOP}/basket/add`, { good: 'book' });
      expect(added).toMatch(/^200 http:\/\/www\.shop\.com\/basket /);
      await alice.post(page, `${SHOP}/basket/add`, { good: 'book' });
      await alice.post(page, `${SHOP}/basket/add`, { good: 'mug' });
      expect(await alice.get(`${SHOP}/basket`)).toMatch(/<strong>45<\/strong>/);
      expect(await alice.get(`${SHOP}/`)).toContain('Basket (3)');
      const counts: [string, RegExp][] = [
        ['5', /<strong>99<\/strong>/],
        ['1000', /value="99"/],
        ['-1', /<strong>9<\/strong>/],
        ['x', /<strong>9<\/strong>/],
      ];
      for (const [count, expected] of counts) {
        expect(
          await alice.post(`${SHOP}/basket`, `${SHOP}/basket/change`, { good: 'book', count }),
        ).toMatch(expected);
      }
      expect(
        await alice.post(`${SHOP}/basket`, `${SHOP}/basket/remove`, { good: 'mug' }),
      ).toContain('is empty');
      expect(await alice.post(`${SHOP}/goods/mug`, `${SHOP}/basket/add`, { good: 'none' })).toMatch(
        /^404/,
      );
      expect(
        await alice.post(`${SHOP}/goods/mug`, `${SHOP}/basket/steal`, { good: 'mug' }),
      ).toMatch(/^404/);
    });
  });

  test('believes no form of another site', async () => {
    await play(async (alice) => {
      await alice.get(`${SHOP}/`);
      const forged = [{ good: 'mug' }, { good: 'mug', token: 'x' }, { good: 'mug', token: '' }];
      for (const fields of forged) {
        expect(await alice.send(`${SHOP}/basket/add`, fields as never)).toMatch(/^403/);
      }
      const response = await alice.client.request({
        url: `${SHOP}/basket/add`,
        method: 'POST',
        body: '{}',
      });
      expect(response.status).toBe(403);
      expect(await alice.get(`${SHOP}/basket`)).toContain('is empty');
    });
  });

  test('shows cookie and row, and forgets both when asked', async () => {
    await play(async (alice) => {
      expect(await alice.get(`${SHOP}/about-you`)).toContain('sent no cookie');
      await alice.get(`${SHOP}/goods/lamp`);
      const { value = '' } = alice.jar.all()[0] ?? {};
      const page = await alice.get(`${SHOP}/about-you`);
      expect(page).toContain(`Cookie: id=${value}`);
      expect(page).toContain(`<code>${value}</code>`);
      expect(page).toContain('[&quot;lamp&quot;]');
      const gone = await alice.post(`${SHOP}/about-you`, `${SHOP}/about-you/forget`);
      expect(gone).toMatch(/^200 http:\/\/www\.shop\.com\/goodbye/);
      expect([alice.jar.all(), await stage.shopStore.sessions.entries(9)]).toEqual([[], []]);
    });
  });

  test('counts nobody for pictures and styles, and knows what it has not', async () => {
    await play(async (alice) => {
      for (const path of ['/style.css', '/icon.svg', '/pictures/kettle.svg']) {
        expect(await alice.get(SHOP + path)).toMatch(/^200/);
      }
      expect(alice.jar.all()).toEqual([]);
      for (const path of [
        '/pictures/x.svg',
        '/goods/x',
        '/goods/constructor',
        '/account/x',
        '/x',
      ]) {
        expect(await alice.get(SHOP + path)).toMatch(/^404/);
      }
      expect((await alice.client.request({ url: SHOP, method: 'DELETE' })).status).toBe(405);
    });
  });
});

describe('signing in', () => {
  const [demo] = DEMO_USERS as [(typeof DEMO_USERS)[number]];
  const codeAt = (visitor: Visitor, offset = 0) =>
    totp(fromBase32(demo.secret) ?? new Uint8Array(), calendar(visitor.host.clock) + offset);

  async function login(visitor: Visitor, password: string, spoil = ''): Promise<string> {
    const page = await visitor.get(`${SHOP}/account`);
    const challenge = /data-challenge="(\w+)"/.exec(page)?.[1];
    const token = /name="token" value="(\w+)"/.exec(page)?.[1] ?? '';
    const keys = { salt: utf8(`shop ${demo.name}`), iterations: 4096 };
    const proof = hex(makeProof(password, keys, `${demo.name},${challenge}${spoil}`));
    return visitor.send(`${SHOP}/account/login`, { token, name: demo.name, proof });
  }
  const sendCode = (visitor: Visitor, code: string) =>
    visitor.post(`${SHOP}/account/code`, `${SHOP}/account/code`, { code });

  test('with a challenge and a code, and out again; the basket stays, the number does not', async () => {
    await play(async (alice) => {
      await alice.post(`${SHOP}/goods/mug`, `${SHOP}/basket/add`, { good: 'mug' });
      const before = alice.jar.all()[0]?.value;
      expect(await login(alice, demo.password)).toMatch(/account\/code [\s\S]*One more step/);
      const between = alice.jar.all()[0]?.value;
      expect(await alice.get(`${SHOP}/account`)).toContain('Sign in');
      expect(await alice.get(`${SHOP}/account/code-now`)).toContain(codeAt(alice));
      expect(await sendCode(alice, codeAt(alice))).toContain('Hello, alice');
      expect(new Set([before, between, alice.jar.all()[0]?.value]).size).toBe(3);
      expect(await alice.get(`${SHOP}/basket`)).toContain('Mug');
      expect(await alice.post(`${SHOP}/account`, `${SHOP}/account/logout`)).toContain('Sign in');
      expect(await alice.get(`${SHOP}/account/code`)).toContain('Sign in');
    });
  });

  test('with Digest, as curl would', async () => {
    await play(async (alice) => {
      const credentials = new Credentials({
        user: 'alice',
        password: demo.password,
        random: alice.host.random,
      });
      const response = await requestAs(alice.client, credentials, {
        url: `${SHOP}/account/digest`,
      });
      expect([response.status, response.headers.get('Location')]).toEqual([303, '/account/code']);
      expect(await sendCode(alice, codeAt(alice))).toContain('Hello, alice');
    });
  });

  test('not with another password, another challenge, or the proof of before', async () => {
    await play(async (alice) => {
      expect(await login(alice, 'wrong')).toMatch(/^403[\s\S]*do not fit/);
      expect(await login(alice, demo.password, 'x')).toMatch(/^403/);
      const page = await alice.get(`${SHOP}/account`);
      const challenge = /data-challenge="(\w+)"/.exec(page)?.[1];
      const token = /name="token" value="(\w+)"/.exec(page)?.[1] ?? '';
      const keys = { salt: utf8('shop alice'), iterations: 4096 };
      const proof = hex(makeProof(demo.password, keys, `alice,${challenge}`));
      const replay = { token, name: 'alice', proof };
      expect(await alice.send(`${SHOP}/account/login`, replay)).toMatch(/^200/);
      expect(await alice.send(`${SHOP}/account/login`, replay)).toMatch(/^403/);
      for (const bad of ['', 'zz', '00']) {
        expect(await alice.send(`${SHOP}/account/login`, { ...replay, proof: bad })).toMatch(
          /^403/,
        );
      }
      expect(await alice.send(`${SHOP}/account/login`, { ...replay, name: 'nobody' })).toMatch(
        /^403/,
      );
    });
  });

  test('five wrong passwords, and five wrong codes, mean a minute of waiting', async () => {
    await play(async (alice) => {
      for (let i = 0; i < 5; i++) expect(await login(alice, 'wrong')).toMatch(/^403/);
      expect(await login(alice, demo.password)).toMatch(/^429[\s\S]*wait 60 seconds/);
      await sleep(alice.host.clock, 60_000);
      expect(await login(alice, demo.password)).toMatch(/^200/);
      for (let i = 0; i < 5; i++)
        expect(await sendCode(alice, '000000')).toMatch(/^403[\s\S]*not the code/);
      expect(await sendCode(alice, codeAt(alice))).toMatch(/^429/);
      await sleep(alice.host.clock, 60_000);
      expect(await sendCode(alice, codeAt(alice))).toContain('Hello, alice');
    });
  });

  test('a code is good once, whoever shows it; and the step lapses after five minutes', async () => {
    await play(async (alice, another) => {
      const thief = another('thief');
      await login(alice, demo.password);
      await login(thief, demo.password);
      const code = codeAt(alice);
      expect(await sendCode(alice, code)).toContain('Hello, alice');
      expect(await sendCode(thief, code)).toMatch(/^403[\s\S]*used before/);
      expect(await sendCode(thief, codeAt(alice, -30_000))).toMatch(/^403/);
      await sleep(alice.host.clock, 300_000);
      expect(await sendCode(thief, codeAt(alice))).toMatch(/account [\s\S]*Sign in/);
    });
  });
});

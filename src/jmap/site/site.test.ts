import { expect, test } from 'vitest';
import { ALICE, CORE, dig, Stage, text } from '../../../test/jmap/stage.ts';
import { HttpClient } from '../../http/index.ts';
import { base64 } from '../../lib/base64.ts';
import { utf8 } from '../../lib/bytes.ts';
import { deferred } from '../../lib/deferred.ts';
import { sleep } from '../../net/index.ts';
import { makeId } from '../machine/ids.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const PAGE = { ...JSON_TYPE, 'X-Requested-With': 'webmail' };
const ECHO = JSON.stringify({ using: [CORE], methodCalls: [['Core/echo', { a: 1 }, 'x']] });

async function signedIn(at: Stage): Promise<string> {
  const answer = await at.http(
    'POST',
    '/login',
    '{"name":"alice@campus.edu","password":"wonderland"}',
    PAGE,
  );
  expect(answer.status).toBe(200);
  const cookie = answer.headers.get('Set-Cookie') ?? '';
  expect(cookie).toMatch(/^mail=[0-9a-f]{32}; .*HttpOnly/);
  expect(cookie).toContain('SameSite=Strict');
  return cookie.split(';')[0] ?? '';
}

test('the session object says where all is', async () => {
  const at = await Stage.set();
  const { json, headers } = await at.http('GET', '/.well-known/jmap');
  expect(headers.get('Cache-Control')).toContain('no-store');
  expect(json).toMatchObject({
    username: 'alice',
    accounts: { A1: { name: 'alice@campus.edu', isPersonal: true, isReadOnly: false } },
    primaryAccounts: { 'urn:ietf:params:jmap:mail': 'A1' },
    apiUrl: `${at.base}/jmap/api`,
  });
  const { json: answer } = await at.api(ECHO);
  expect(answer['sessionState']).toBe(json['state']);
});

test('nobody comes in without a name and a password that fit', async () => {
  const at = await Stage.set();
  const bad = `Basic ${base64(utf8('alice:hatter'))}`;
  expect(
    (await at.http('GET', '/.well-known/jmap', undefined, {})).headers.get('WWW-Authenticate'),
  ).toContain('Basic');
  expect(
    (await at.http('GET', '/.well-known/jmap', undefined, { Authorization: bad })).status,
  ).toBe(401);
  const ofPage = await at.http('GET', '/.well-known/jmap', undefined, PAGE);
  expect([ofPage.status, ofPage.headers.get('WWW-Authenticate')]).toEqual([401, undefined]);
  expect((await at.http('POST', '/login', '{"name":"alice","password":"x"}', PAGE)).status).toBe(
    401,
  );
  expect((await at.http('POST', '/login', '{"name":1}', PAGE)).status).toBe(400);
  for (let i = 0; i < 20; i++)
    await at.http('POST', '/login', '{"name":"alice","password":"x"}', PAGE);
  const { status, headers } = await at.http(
    'POST',
    '/login',
    '{"name":"alice","password":"wonderland"}',
    PAGE,
  );
  expect(status).toBe(429);
  expect(Number(headers.get('Retry-After'))).toBeGreaterThan(0);
});

test('passwords of programs are not taken in clear unless that is wanted', async () => {
  const at = await Stage.set({ plaintext: false });
  expect((await at.http('GET', '/.well-known/jmap')).status).toBe(403);
});

test('a page with its cookie comes in, pages of other sites do not', async () => {
  const at = await Stage.set();
  const Cookie = await signedIn(at);
  const ask = async (headers: Readonly<Record<string, string>>) =>
    (await at.http('POST', '/jmap/api', ECHO, { Cookie, ...headers })).status;
  expect(await ask(PAGE)).toBe(200);
  expect(await ask(JSON_TYPE)).toBe(403);
  expect(await ask({ ...PAGE, Origin: 'http://evil.test' })).toBe(403);
  expect(await ask({ ...PAGE, Origin: at.base })).toBe(200);
  expect(
    (await at.http('POST', '/logout', '', { Cookie, Origin: 'http://evil.test' })).status,
  ).toBe(403);
  expect((await at.http('POST', '/logout', '', { Cookie })).status).toBe(200);
  expect(await ask(PAGE)).toBe(401);
});

test('a form signs in too', async () => {
  const at = await Stage.set();
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const { text: page } = await at.http('POST', '/login', 'name=alice&password=wonderland', headers);
  // It is led to the page, which is not built here.
  expect(page).toContain('not built');
});

test('files come in and go out as they are, and never as a page of this site', async () => {
  const at = await Stage.set({ limits: { maxSizeUpload: 100 } });
  const page = '<script>alert(1)</script>';
  const { json } = await at.http('POST', '/jmap/upload/A1/', page, {
    Authorization: ALICE,
    'Content-Type': 'text/html',
  });
  const path = `/jmap/download/A1/${json['blobId']}/${encodeURIComponent('ä b.html')}`;
  const got = await at.http('GET', `${path}?accept=text%2Fhtml`);
  expect(got.text).toBe(page);
  expect(got.headers.get('Content-Type')).toBe('text/html');
  expect(got.headers.get('Content-Disposition')).toBe(
    "attachment; filename*=UTF-8''%C3%A4%20b.html",
  );
  expect(got.headers.get('Content-Security-Policy')).toContain('sandbox');
  expect(
    (await at.http('GET', `${path}?accept=${encodeURIComponent('x\r\nEvil: 1')}`)).headers.get(
      'Content-Type',
    ),
  ).toBe('text/html');
  const tooLarge = await at.http('POST', '/jmap/upload/A1/', 'x'.repeat(101), {
    Authorization: ALICE,
  });
  expect([tooLarge.status, tooLarge.json['limit']]).toEqual([413, 'maxSizeUpload']);
  const bob = { Authorization: `Basic ${base64(utf8('bob:hungry'))}` };
  expect((await at.http('GET', path, undefined, bob)).status).toBe(404);
  expect((await at.http('GET', path.replace('A1', 'A2'), undefined, bob)).status).toBe(404);
});

test('what is in a message of somebody else is not there', async () => {
  const at = await Stage.set();
  await at.put('INBOX', 'Subject: secret\n\nhush\n');
  const bob = { Authorization: `Basic ${base64(utf8('bob:hungry'))}` };
  expect((await at.http('GET', '/jmap/download/A1/B1/x', undefined, bob)).status).toBe(404);
  expect((await at.http('GET', '/jmap/download/A2/B1/x', undefined, bob)).status).toBe(404);
  expect((await at.http('GET', '/mail/show/M1', undefined, bob)).status).toBe(404);
  expect((await at.http('GET', '/jmap/download/A1/B1-1/x')).text).toBe('hush\r\n');
});

test('HTML is shown without what it should not do', async () => {
  const at = await Stage.set();
  await at.put(
    'INBOX',
    'Content-Type: text/html\n\n<p onclick="alert(1)">Hi<script>alert(2)</script><img src="http://evil.test/x.png"><a href="javascript:alert(3)">x</a>\n',
  );
  const { text: shown, headers } = await at.http('GET', '/mail/show/M1');
  expect(shown).toContain('<p>Hi');
  expect(shown).not.toMatch(/script>|onclick|evil\.test|javascript:/);
  expect(headers.get('Content-Security-Policy')).toMatch(/default-src 'none'.*sandbox/);
  const asked = await at.http('GET', '/mail/show/M1?pictures=outside');
  expect(asked.text).toContain('<img src="http://evil.test/x.png">');
  expect(asked.text).not.toMatch(/script>|onclick|javascript:/);
  expect(asked.headers.get('Content-Security-Policy')).toMatch(
    /img-src data: http: https:;.*sandbox/,
  );
  expect(asked.headers.get('Referrer-Policy')).toBe('no-referrer');
  const { json } = await at.http('GET', '/mail/structure/M1');
  expect(json).toMatchObject({
    root: { type: 'text/html', encoding: '7bit', blobId: 'B1-1' },
    defects: [],
  });
});

test('changes are pushed together after they are durable, with pings between', async () => {
  const at = await Stage.set();
  const seen: string[] = [];
  const client = new HttpClient(at.program);
  const done = deferred<void>();
  const listen = async (): Promise<void> => {
    const url = `${at.base}/jmap/eventsource/?types=Email,Mailbox&closeafter=state&ping=20`;
    const response = await client.request({ url, headers: { Authorization: ALICE } });
    for await (const bytes of response.body) seen.push(new TextDecoder().decode(bytes));
    done.resolve();
  };
  const deliver = async (): Promise<void> => {
    await sleep(at.host.clock, 25_000);
    const { store, mail } = at;
    for (const body of ['one', 'two']) {
      await store.deliver(store.stageBytes(utf8(`Subject: ${body}\r\n\r\n`)), [
        { account: mail.account },
      ]);
    }
    await done.promise;
  };
  await at.run(Promise.all([listen(), deliver()]));
  const all = seen.join('');
  expect(all).toContain('event: ping\ndata: {"interval":20}');
  const states = [...all.matchAll(/event: state\nid: .*\ndata: (.*)\n/g)].map((match) =>
    JSON.parse(match[1] ?? '{}'),
  );
  expect(states).toHaveLength(1);
  expect(states[0]).toMatchObject({
    '@type': 'StateChange',
    changed: { [makeId('A', 1)]: { Email: '3' } },
  });
  expect(text(dig(await at.one('Email/get', { ids: [] }), 'state'))).toBe('3');
});

test('without built pages a page says so', async () => {
  const at = await Stage.set();
  const { status, text: page } = await at.http('GET', '/', undefined, {});
  expect([status, page]).toEqual([503, expect.stringContaining('npm run prepare')]);
  expect((await at.http('GET', '/etc/passwd', undefined, {})).status).toBe(404);
});

test('only so many requests of an account are inside at once', async () => {
  const at = await Stage.set({ limits: { maxConcurrentUpload: 0 } });
  const { status, json } = await at.http('POST', '/jmap/upload/A1/', 'x');
  expect([status, json['limit']]).toEqual([400, 'maxConcurrentUpload']);
});

/** The small links, without a network. */
import { expect, test } from 'vitest';
import { HeaderList } from '../../lib/ordered-headers.ts';
import { realHost } from '../../net/real/index.ts';
import { EMPTY_BODY } from '../incoming-body.ts';
import { ServerRequest } from '../server-request.ts';
import type { Context, Handler, Outcome, Request, Response } from '../types.ts';
import { accessLog, logLine } from './access-log.ts';
import { chain } from './chain.ts';
import { mediaType } from './media-types.ts';
import { editDistance, nearest } from './nearest.ts';
import { ownNames } from './own-names.ts';
import { redirectTo } from './redirect-to.ts';
import { sitePath } from './site-path.ts';
import { virtualHosts } from './virtual-hosts.ts';

const LOCAL = { address: '127.0.0.1', port: 80 };
const finishers: ((outcome: Outcome) => void)[] = [];
const context: Context = {
  host: realHost(),
  local: LOCAL,
  remote: { address: '127.0.0.9', port: 5000 },
  signal: new AbortController().signal,
  onFinished: (f) => void finishers.push(f),
  interim() {},
  note() {},
};

function request(target: string, fields: [string, string][] = [['Host', 'a']]): Request {
  const headers = new HeaderList(fields);
  return new ServerRequest(
    { method: 'GET', target, version: '1.1', headers },
    EMPTY_BODY,
    LOCAL,
    'http',
  );
}

const say =
  (body: string): Handler =>
  () => ({ status: 200, body });

test('links are met in the order of the list', async () => {
  const met: string[] = [];
  const link =
    (name: string) =>
    (next: Handler): Handler =>
    (r, c) => {
      met.push(name);
      return next(r, c);
    };
  await chain(link('a'), link('b'), say('c'))(request('/'), context);
  expect(met).toEqual(['a', 'b']);
});

test.each([
  [[['Host', 'WWW.A.edu:80']], '/', 'a'],
  [[['Host', 'www.a.edu.']], '/', 'a'],
  [[['Host', 'x']], 'http://www.a.edu/', 'a'],
  [[['Host', 'other']], '/', 'all'],
  [[], '/', 'all'],
] as [[string, string][], string, string][])(
  'the site of %j is %s',
  async (fields, target, body) => {
    const site = virtualHosts({ 'www.a.edu': say('a'), '*': say('all') });
    expect(await site(request(target, fields), context)).toMatchObject({ body });
  },
);

test('a site that is not there', async () => {
  const answer = await virtualHosts({ 'www.a.edu': say('a') })(request('/'), context);
  expect(answer).toMatchObject({
    status: 421,
    body: expect.stringContaining('<li>www.a.edu</li>'),
  });
});

test.each([
  ['127.0.0.1:8025', 200],
  ['[::1]', 200],
  ['LocalHost', 200],
  ['Mail.shop.com.:80', 200],
  ['evil.example', 421],
  ['127.0.0.1.evil.example', 421],
  ['mail.shop.com.evil.example', 421],
])('a server for its own names alone, asked as %s', async (host, status) => {
  const handler = chain(ownNames('mail.shop.com'), say('inside'));
  expect(await handler(request('/', [['Host', host]]), context)).toMatchObject({ status });
});

test('a redirection', async () => {
  const handler = redirectTo((r) => `https://a${r.path}?"<`, 308);
  const answer = (await handler(request('/x'), context)) as Response;
  expect(answer.status).toBe(308);
  expect(new HeaderList(answer.headers as [string, string][]).get('Location')).toBe(
    'https://a/x?"<',
  );
  expect(answer.body).toContain('href="https://a/x?&quot;&lt;"');
});

test('the access log', async () => {
  const lines: string[] = [];
  await chain(
    accessLog((line) => lines.push(line)),
    say(''),
  )(request('/'), context);
  finishers[0]?.({ status: 200, bytes: 5, ms: 1, complete: true });
  expect(lines[0]).toMatch(
    /^127\.0\.0\.9 - - \[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000\] "GET \/ HTTP\/1\.1" 200 5 "-" "-"$/,
  );
  const evil = request('/', [['User-Agent', 'a" 200 -\\é']]);
  const outcome = { status: 304, bytes: 0, ms: 1, complete: true };
  expect(logLine(evil, context, outcome, 0)).toBe(
    '127.0.0.9 - - [01/Jan/1970:00:00:00 +0000] "GET / HTTP/1.1" 304 - "-" "a\\" 200 -\\\\\\xe9"',
  );
});

test('names that somebody may have meant', () => {
  expect(editDistance('abcd', 'abdc', 3)).toBe(1);
  expect(editDistance('kitten', 'sitting', 5)).toBe(3);
  expect(editDistance('a', 'abcdef', 2)).toBe(3);
  const names = ['index.html', 'about.html', 'About.txt', 'images', 'x'];
  expect(nearest('abuot.html', names, 3)).toEqual(['about.html']);
  expect(nearest('about.htm', names, 3)).toEqual(['About.txt', 'about.html']);
  expect(nearest('Images', names, 3)).toEqual(['images']);
  expect(nearest('nothing-like-it', names, 3)).toEqual([]);
});

test('paths', () => {
  expect(sitePath('/a%20b/c/', false)).toEqual({
    kind: 'path',
    segments: ['a b', 'c'],
    directory: true,
  });
  expect(sitePath('/', false)).toMatchObject({ segments: [], directory: true });
  expect(sitePath('/.a', true)).toMatchObject({ kind: 'path' });
  expect(sitePath('*', false)).toEqual({ kind: 'none' });
});

test('types', () => {
  expect(mediaType('/a/B.HTML')).toBe('text/html; charset=utf-8');
  expect(mediaType('/a.b/c')).toBe('application/octet-stream');
});

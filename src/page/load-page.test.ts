import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HttpClient, serveHttp, staticFiles } from '../http/index.ts';
import { utf8 } from '../lib/bytes.ts';
import type { Server } from '../net/index.ts';
import { type RealHost, realHost } from '../net/real/index.ts';
import { cssUrls } from './css-urls.ts';
import { htmlUrls } from './html-urls.ts';
import { loadPage, PAGE_MODES } from './load-page.ts';

describe('what a style names', () => {
  test.each([
    ['a { background: url(a.png) }', ['a.png']],
    ['a { background: url( "b c.png" ) }', ['b c.png']],
    ["@import 'x.css'; @import url(y.css);", ['x.css', 'y.css']],
    ['/* url(no.png) */ a { x: "url(no.png)"; y: url(yes.png) }', ['yes.png']],
    ['a { content: "\\"" ; b: url(c\\29 .png) }', ['c).png']],
    ['a { my-url(no) } b { url() } /* open', []],
  ])('%s', (css, urls) => expect(cssUrls(css)).toEqual(urls));
});

describe('what a page names', () => {
  const names = (html: string): readonly string[] =>
    htmlUrls(html, 'http://a/d/p.html').links.map(({ url, kind }) => `${kind} ${url}`);

  test.each<[string, readonly string[]]>([
    ['<img src=a.png><IMG SRC="/b.png#x">', ['image http://a/d/a.png', 'image http://a/b.png']],
    ['<img src=a.png srcset="b.png 1x, c.png 2x">', ['image http://a/d/b.png']],
    ['<img src=a.png loading=lazy>', []],
    ['<!-- <img src=no.png> --><script>"<img src=no.png>"</script>', []],
    ['<link rel="Stylesheet" href=s.css><link rel=next href=n>', ['style http://a/d/s.css']],
    ['<link rel="shortcut icon" href=/i.ico>', ['icon http://a/i.ico']],
    ['<script src="s.js?a=1&amp;b=2"></script>', ['script http://a/d/s.js?a=1&b=2']],
    [
      '<style>a{b:url(c.png)}</style><p style="x:url(d.png)">',
      ['css http://a/d/c.png', 'css http://a/d/d.png'],
    ],
    ['<base href="/e/"><img src=a.png>', ['image http://a/e/a.png']],
    ['<img src=a.png><img src=a.png#b>', ['image http://a/d/a.png']],
    ['<img src="data:image/png;base64,xx"><img src=""><img>', []],
    [
      '<iframe src=f.html></iframe><video poster=p.png>',
      ['frame http://a/d/f.html', 'image http://a/d/p.png'],
    ],
  ])('%s', (html, expected) => expect(names(html)).toEqual(expected));

  test('its title', () => {
    expect(htmlUrls('<title> A &amp; B </title>', 'http://a/').title).toBe('A & B');
  });
});

describe('a page is loaded', () => {
  let host: RealHost;
  let server: Server;
  let base: string;

  beforeAll(async () => {
    host = realHost();
    const { files } = host;
    await files.write(
      '/index.html',
      utf8(
        '<title>Home</title><link rel=stylesheet href=s.css><img src=1.png><img src=2.png><img src=no.png>',
      ),
    );
    await files.write('/s.css', utf8('@import "t.css"; a { b: url(3.png) }'));
    await files.write('/t.css', utf8('@import "s.css";'));
    for (const n of [1, 2, 3]) await files.write(`/${n}.png`, new Uint8Array(1000 * n));
    server = await serveHttp(host, { port: 0, handler: staticFiles() });
    base = `http://127.0.0.1:${server.local.port}`;
  });

  afterAll(async () => {
    await server.close({ graceMs: 0 });
    await host.close();
  });

  test.each(PAGE_MODES)('%s', async (mode) => {
    const client = new HttpClient(host);
    const page = await loadPage(client, `${base}/`, { mode });
    client.close();
    expect(page).toMatchObject({ title: 'Home', ok: false });
    expect(page.page).toMatchObject({ status: 200, type: 'text/html', kind: 'page' });
    expect(
      page.objects.map(({ url, status, bytes }) => [url.slice(base.length), status, bytes]),
    ).toEqual([
      ['/s.css', 200, 36],
      ['/1.png', 200, 1000],
      ['/2.png', 200, 2000],
      ['/no.png', 404, page.objects[3]?.bytes],
      ['/t.css', 200, 16],
      ['/3.png', 200, 3000],
    ]);
    const locals = new Set(page.objects.map((object) => object.timings?.reused));
    if (mode === 'persistent' || mode === 'pipelined') expect([...locals]).toEqual([true]);
    if (mode === 'serial' || mode === 'parallel') expect([...locals]).toEqual([false]);
    expect(page.totalBytes).toBe([page.page, ...page.objects].reduce((sum, o) => sum + o.bytes, 0));
  });

  test('an object that does not come is reported, a page that does not come is thrown', async () => {
    await host.files.write('/far.html', utf8('<img src="http://127.0.0.1:1/x.png">'));
    const client = new HttpClient(host);
    const page = await loadPage(client, `${base}/far.html`);
    expect(page.objects).toMatchObject([
      { status: 0, error: expect.stringContaining('127.0.0.1:1') },
    ]);
    await expect(loadPage(client, 'http://127.0.0.1:1/')).rejects.toMatchObject({
      code: 'NET_REFUSED',
    });
    client.close();
  });
});

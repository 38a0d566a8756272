import { describe, expect, test } from 'vitest';
import { latin1, utf8 } from '../../lib/bytes.ts';
import { seededRandom } from '../../net/index.ts';
import { parseMessage } from '../message.ts';
import { replaceCssUrls } from './css-refs.ts';
import { type Resources, safeHtml } from './safe-html.ts';
import { savePage } from './save-page.ts';
import { showMessage } from './show-message.ts';

const BASE = 'http://www.campus.edu/a/index.html';
const RESOURCES: Resources = {
  dataUrl: (url) =>
    url === 'http://www.campus.edu/a/p.png' ? 'data:image/png;base64,AA==' : undefined,
  sheet: (url) =>
    url === 'http://www.campus.edu/a/s.css'
      ? 'b{background:url(p.png)}</style><script>x()</script>'
      : undefined,
};
const PICTURE = 'data:image/png;base64,AA==';

/** The content of the body of the safe document. */
function body(html: string): string {
  const safe = safeHtml(html, BASE, RESOURCES);
  expect(safe).toContain("default-src 'none'");
  return /<body[^>]*>([\s\S]*)<\/body>/.exec(safe)?.[1] ?? '';
}

describe('safe HTML', () => {
  test.each<[string, string]>([
    ['<p class="a">x', '<p class="a">x</p>'],
    ['<img src=p.png onerror=x()>', `<img src="${PICTURE}">`],
    ['<img src=http://evil/x.png>', '<img>'],
    ['<img src="p.png" srcset="http://evil/2x 2x">', `<img src="${PICTURE}">`],
    ['<a href="javascript:x()">a</a>', '<a target="_blank" rel="noopener noreferrer">a</a>'],
    [
      '<a href="../b">a</a>',
      '<a href="http://www.campus.edu/b" target="_blank" rel="noopener noreferrer">a</a>',
    ],
    ['<a href="#b">a</a>', '<a href="#b">a</a>'],
    ['<p>a<script>x()</script>b', '<p>ab</p>'],
    ['<svg><script>x()</script></svg>b', 'b'],
    ['<math><mi><style><img src=x onerror=x()></style></mi></math>b', 'b'],
    ['<noscript><img src=p.png></noscript>', `<img src="${PICTURE}">`],
    ['<iframe src=http://evil></iframe><object data=x></object><embed src=x>b', 'b'],
    ['<form action=http://evil><input name=a>b</form>', 'b'],
    [
      '<p style="background:url(p.png);color:red">',
      `<p style="background:url(&quot;${PICTURE}&quot;);color:red"></p>`,
    ],
    ['<p style="background:url(http://evil)">', '<p style="background:url(&quot;&quot;)"></p>'],
    ['<table background=p.png>', `<table background="${PICTURE}"></table>`],
    ['<img src="data:image/gif;base64,AA">', '<img src="data:image/gif;base64,AA">'],
    ['<img src="data:text/html,x">', '<img>'],
    ['<!-- c --><p>x', '<p>x</p>'],
    ['<base href="http://www.campus.edu/"><img src="a/p.png">', `<img src="${PICTURE}">`],
    ['<meta http-equiv=refresh content="0;url=http://evil">b', 'b'],
  ])('%s', (html, expected) => expect(body(html)).toBe(expected));

  test.each<[string, string]>([
    ['<img src=http://a.test/x.png>', '<img src="http://a.test/x.png">'],
    ['<img src="//a.test/x.png">', '<img src="http://a.test/x.png">'],
    ['<img src=p.png>', `<img src="${PICTURE}">`],
    ['<img src=other.png>', '<img src="http://www.campus.edu/a/other.png">'],
    ['<img src=x srcset="http://a.test/2x 2x">', '<img src="http://www.campus.edu/a/x">'],
    ['<img src="javascript:x()">', '<img>'],
    ['<img src="file:///etc/passwd">', '<img>'],
    ['<img src="cid:none@here">', '<img>'],
    ['<table background="https://a.test/b">', '<table></table>'],
    ['<p style="background:url(http://a.test/b)">', '<p style="background:url(&quot;&quot;)"></p>'],
    ['<style>@import "http://a.test/s.css";</style>', '<style></style>'],
    ['<video src=http://a.test/v>', '<video></video>'],
    ['<audio src=http://a.test/v>', '<audio></audio>'],
    ['<iframe src=http://a.test></iframe><script src=http://a.test></script>b', 'b'],
  ])('with pictures: %s', (html, expected) => {
    const safe = safeHtml(html, BASE, RESOURCES, { pictures: true });
    expect(safe).toContain("default-src 'none'; img-src data: http: https:; media-src data:;");
    expect(safe).toContain('<meta name="referrer" content="no-referrer">');
    expect(/<body[^>]*>([\s\S]*)<\/body>/.exec(safe)?.[1] || safe).toContain(expected);
  });

  test('style sheets are put in, and cannot end their element', () => {
    const safe = safeHtml(
      '<link rel=stylesheet href=s.css><style>@import "s.css";i{}</style>',
      BASE,
      RESOURCES,
    );
    expect(safe.match(/<style>/g)).toHaveLength(2);
    expect(safe).toContain(`b{background:url("${PICTURE}")}<\\/style>`);
    expect(safe).not.toContain('</style><script');
    expect(safe).not.toContain('<link');
  });

  test('deep nesting is no crash', () => {
    expect(() => safeHtml('<div>'.repeat(400), BASE)).not.toThrow();
  });
});

test.each<[string, string]>([
  ['a{b:url(x)}', 'a{b:url("[x]")}'],
  ['a{b:url( "x" ) url(\'y\')}', 'a{b:url("[x]") url("[y]")}'],
  ['@import "x" screen;a{}', '<x>a{}'],
  ['@import url(x);a{}', '<x>a{}'],
  ['/* url(x) */a{}', '/* url(x) */a{}'],
  ['a{content:"url(x)"}', 'a{content:"url(x)"}'],
  ['a{b:url(x', 'a{b:url("[x]")'],
  ['a{b:URL("x', 'a{b:url("[x]")'],
])('CSS %s', (css, expected) => {
  expect(
    replaceCssUrls(
      css,
      (url) => `[${url}]`,
      (url) => `<${url}>`,
    ),
  ).toBe(expected);
});

describe('MHTML (RFC 2557)', () => {
  const page = {
    title: 'Campus ä',
    objects: [
      {
        url: BASE,
        type: 'text/html; charset=utf-8',
        bytes: utf8('<title>Campus</title><link rel=stylesheet href=/s.css><img src=p.png>ä\n'),
      },
      { url: 'http://www.campus.edu/a/p.png', type: 'image/png', bytes: Uint8Array.of(1, 2, 3) },
      {
        url: 'http://www.campus.edu/s.css',
        type: 'text/css',
        bytes: utf8('p{background:url(a/p.png)}'),
      },
    ],
  };
  const saved = savePage(page, { now: 0, luck: seededRandom(1) });

  test('every object is a part with its place, exactly as it came', () => {
    const message = parseMessage(saved);
    expect(message.inspect()).toEqual([]);
    expect(message.subject).toBe('Campus ä');
    const objects = message.root.children.map((part) => ({
      url: part.fields.get('Content-Location'),
      bytes: message.content(part),
    }));
    expect(objects).toEqual(page.objects.map(({ url, bytes }) => ({ url, bytes })));
  });

  test('it is shown again with its pictures', () => {
    const shown = showMessage(parseMessage(saved));
    expect(shown).toContain('<img src="data:image/png;base64,AQID">ä');
    expect(shown).toContain('p{background:url("data:image/png;base64,AQID")}');
  });

  test.each<[string, string, string]>([
    ['cid: (RFC 2392)', 'Content-ID: <p%@x>', 'cid:p%25@x'],
    ['a relative place', 'Content-Location: p.png', 'p.png'],
    ['a place relative to the whole', 'Content-Location: http://a.b/c/p.png', 'p.png'],
  ])('by %s', (_, field, url) => {
    const message = `Content-Location: http://a.b/c/\r\nContent-Type: multipart/related; boundary=b; start="<r@x>"\r\n\r\n--b\r\nContent-Type: image/png\r\n${field}\r\n\r\nabc\r\n--b\r\nContent-Type: text/html\r\nContent-ID: <r@x>\r\n\r\n<img src="${url}">\r\n--b--`;
    expect(showMessage(parseMessage(latin1(message)))).toContain(
      '<img src="data:image/png;base64,YWJj">',
    );
  });

  test('nothing to show, nothing to save', () => {
    expect(() => showMessage(parseMessage(latin1('\r\nx')))).toThrow(
      expect.objectContaining({ code: 'MIME_NO_PART' }),
    );
    expect(() => savePage({ title: '', objects: [] }, { now: 0, luck: seededRandom(1) })).toThrow(
      expect.objectContaining({ code: 'MIME_NOT_MHTML' }),
    );
  });
});

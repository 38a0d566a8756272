import { describe, expect, it } from 'vitest';
import { httpDissector } from '../../../src/http/dissect.ts';
import type { ByHandView } from '../../../src/internet/dashboard/api-web.ts';
import { base64 } from '../../../src/lib/base64.ts';
import { utf8 } from '../../../src/lib/bytes.ts';
import { EXAMPLES, exampleText } from './examples.ts';
import { questionsOf } from './questions.ts';
import { type Reply, repliesOf, textOf } from './reply.ts';

function replies(answer: string, method = 'GET'): readonly Reply[] {
  const stream = httpDissector.stream?.();
  stream?.push('client', utf8(`${method} / HTTP/1.1\r\nHost: a\r\n\r\n`));
  const bytes = utf8(answer);
  const found = [...(stream?.push('server', bytes) ?? []), ...(stream?.end('server') ?? [])];
  let start = 0;
  const view = found.map(({ length, summary, fields }) => {
    start += length;
    return { start: start - length, length, summary, fields: fields() };
  });
  const whole: Pick<ByHandView, 'bytes' | 'replies'> = { bytes: base64(bytes), replies: view };
  return repliesOf(whole as ByHandView);
}

function read(answer: string, { head = false, end = 'open' as ByHandView['end'] } = {}): string[] {
  const [reply] = replies(answer, head ? 'HEAD' : 'GET');
  return questionsOf(reply as Reply, end, head).map((one) => one.answer);
}

const PLAIN = [
  'HTTP/1.1 200 OK',
  'Date: Wed, 25 Nov 2026 10:00:00 GMT',
  'Last-Modified: Tue, 24 Nov 2026 09:00:00 GMT',
  'Content-Type: text/plain',
  'Content-Length: 12',
  '',
  'Hello, world',
].join('\r\n');

describe('an answer', () => {
  it('has lines, fields and a body', () => {
    const [reply] = replies(PLAIN);
    expect(reply).toMatchObject({ status: 200, reason: 'OK', bodyLength: 12, chunked: false });
    expect(reply?.lines.map(({ name }) => name)).toEqual([
      'Status line',
      'Date',
      'Last-Modified',
      'Content-Type',
      'Content-Length',
    ]);
    expect(textOf(reply as Reply)).toBe('Hello, world');
  });

  it('in chunks has the body without the framing', () => {
    const [reply] = replies(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain\r\n\r\n5\r\nHello\r\n3\r\n, a\r\n0\r\nX: 1\r\n\r\n',
    );
    expect(textOf(reply as Reply)).toBe('Hello, a');
    expect(reply).toMatchObject({ bodyLength: 8, chunked: true });
  });

  it('of two requests is two', () => {
    const [first, second] = replies(
      `${PLAIN}HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno`,
    );
    expect([first?.status, second?.status]).toEqual([200, 404]);
    expect(textOf(second as Reply)).toBe('no');
  });

  it('compressed, or of another type, is no text', () => {
    const [image] = replies(
      'HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 1\r\n\r\na',
    );
    const [coded] = replies(
      'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\na',
    );
    expect([textOf(image as Reply), textOf(coded as Reply)]).toEqual([undefined, undefined]);
  });
});

describe('what the course asks', () => {
  it('of a plain answer', () => {
    expect(read(PLAIN)).toEqual([
      'Yes: 200 OK.',
      'Wed, 25 Nov 2026 10:00:00 GMT',
      'Tue, 24 Nov 2026 09:00:00 GMT',
      '12, as Content-Length says.',
      'Hello, in hexadecimal 48 65 6c 6c 6f.',
      expect.stringMatching(/^Yes: in HTTP\/1\.1 .* The server left it open\.$/),
    ]);
  });

  it.each([
    ['HTTP/1.1 304 Not Modified\r\n\r\n', 0, /^Yes: 304/],
    ['HTTP/1.1 206 Partial Content\r\nContent-Length: 1\r\n\r\na', 0, /^Yes: .* part/],
    ['HTTP/1.1 301 Moved Permanently\r\nContent-Length: 0\r\n\r\n', 0, /^Not here: 301/],
    ['HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n', 0, /^No: 400 .* request/],
    ['HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n', 0, /^No: 503 .* server/],
    ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', 1, /^It does not say: there is no Date/],
    ['HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n', 3, /^None/],
    [
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
      3,
      /^1: no length/,
    ],
    ['HTTP/1.1 200 OK\r\n\r\nabc', 3, /^3: no length is told; the end/],
    [
      'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
      5,
      /^No: “Connection: close”/,
    ],
    ['HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', 5, /^No: before HTTP\/1\.1/],
    [
      'HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n',
      5,
      /^Yes: .*keep-alive/,
    ],
  ])('%j, question %d', (answer, index, expected) => {
    expect(read(answer)[index]).toMatch(expected);
  });

  it('of an answer to HEAD: what GET would give', () => {
    const [, , , length, first] = read('HTTP/1.1 200 OK\r\nContent-Length: 1200\r\n\r\n', {
      head: true,
    });
    expect([length, first]).toEqual([
      'None came, as HEAD asks; GET would give 1,200.',
      'None: this answer has no content.',
    ]);
  });
});

describe('requests to begin with', () => {
  const setting = { site: 'www.shop.com', proxied: false, etag: '"a"' };

  it.each(EXAMPLES)('%s ends its head with an empty line', (example) => {
    expect(exampleText(example, setting)).toMatch(/^[A-Z]+ \/ HTTP\/1\.[01]\n(.+\n)*\n/);
  });

  it('take the last ETag, and tell a proxy the whole URL', () => {
    expect(exampleText('conditional', setting)).toContain('\nIf-None-Match: "a"\n\n');
    expect(exampleText('get', { ...setting, proxied: true })).toBe(
      'GET http://www.shop.com/ HTTP/1.1\nHost: www.shop.com\n\n',
    );
  });
});

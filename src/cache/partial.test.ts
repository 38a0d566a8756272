/** Parts of representations: asked for, stored, joined and made whole (RFC 9111 §3.3, §3.4). */
import { describe, expect, test } from 'vitest';
import { Reader, type Reply, Stage } from '../../test/cache/stage.ts';
import { utf8 } from '../lib/bytes.ts';
import { NetworkError } from '../lib/errors.ts';

const TEXT = '0123456789';
const FRESH = { 'Cache-Control': 'max-age=100' };

/** An origin that knows ranges and, if told to, entity tags. */
function origin(tag?: string): Stage['reply'] {
  return ({ headers }) => {
    const etag = tag === undefined ? {} : { ETag: tag };
    const match = /^bytes=(\d*)-(\d*)$/.exec(headers.get('Range') ?? '');
    const condition = headers.get('If-Range');
    if (!match || (condition !== undefined && condition !== tag)) {
      return { headers: { ...FRESH, ...etag }, body: TEXT };
    }
    const start = match[1] === '' ? TEXT.length - Number(match[2]) : Number(match[1]);
    const end = match[1] === '' || match[2] === '' ? TEXT.length : Number(match[2]) + 1;
    return part(start, end, etag);
  };
}

function part(start: number, end: number, headers: Record<string, string> = {}): Reply {
  const range = `bytes ${start}-${end - 1}/${TEXT.length}`;
  return {
    status: 206,
    headers: { ...FRESH, ...headers, 'Content-Range': range },
    body: TEXT.slice(start, end),
  };
}

async function stageWith(reply: Stage['reply']): Promise<Stage> {
  const stage = new Stage();
  stage.reply = reply;
  return stage;
}

describe('ranges of a whole stored response', () => {
  const cases: readonly (readonly [string, number, string, string | undefined])[] = [
    ['bytes=0-1', 206, '01', 'bytes 0-1/10'],
    ['bytes=1-', 206, '123456789', 'bytes 1-9/10'],
    ['bytes=-1', 206, '9', 'bytes 9-9/10'],
    ['bytes=8-99', 206, '89', 'bytes 8-9/10'],
    ['bytes=3-2', 200, TEXT, undefined],
    ['lines=1-2', 200, TEXT, undefined],
  ];
  test.each(cases)('%s', async (range, status, text, contentRange) => {
    const stage = await stageWith(origin());
    await stage.get('/');
    const answer = await stage.get('/', { Range: range });
    expect([answer.status, answer.text, answer.headers.get('Content-Range')]).toEqual([
      status,
      text,
      contentRange,
    ]);
    expect(stage.asked).toHaveLength(1);
  });

  test('beyond its end: 416', async () => {
    const stage = await stageWith(origin());
    await stage.get('/');
    const { status, headers } = await stage.get('/', { Range: 'bytes=10-' });
    expect([status, headers.get('Content-Range')]).toEqual([416, 'bytes */10']);
  });

  test('several', async () => {
    const stage = await stageWith(origin());
    await stage.get('/');
    const { status, text, headers } = await stage.get('/', { Range: 'bytes=0-1,-2' });
    expect(status).toBe(206);
    expect(headers.get('Content-Type')).toMatch(/^multipart\/byteranges; boundary=/);
    expect(text).toMatch(
      /Content-Range: bytes 0-1\/10\r\n\r\n01\r\n--.*\r\nContent-Range: bytes 8-9\/10\r\n\r\n89\r\n--/,
    );
  });

  test('If-Range of another version gets all of it', async () => {
    const stage = await stageWith(origin('"a"'));
    await stage.get('/');
    const ask = async (tag: string) =>
      (await stage.get('/', { Range: 'bytes=0-1', 'If-Range': tag })).status;
    expect([await ask('"a"'), await ask('"b"'), await ask('W/"a"')]).toEqual([206, 200, 200]);
  });
});

test('a date in If-Range counts once its second was over (RFC 9110 §8.8.2.2)', async () => {
  for (const [seconds, status] of [
    [-5, 206],
    [0, 200],
  ] as const) {
    const stage = new Stage();
    const modified = stage.date(seconds);
    stage.reply = () => ({ headers: { ...FRESH, 'Last-Modified': modified }, body: TEXT });
    await stage.get('/');
    const answer = await stage.get('/', { Range: 'bytes=0-1', 'If-Range': modified });
    expect(answer.status).toBe(status);
  }
});

describe('stored parts', () => {
  test('answer what lies within them, and nothing else', async () => {
    const stage = await stageWith(origin());
    expect((await stage.get('/', { Range: 'bytes=-5' })).text).toBe('56789');
    const ask = async (range: string) => (await stage.get('/', { Range: range })).text;
    expect([await ask('bytes=6-8'), await ask('bytes=6-'), await ask('bytes=-1')]).toEqual([
      '678',
      '6789',
      '9',
    ]);
    expect(stage.asked).toHaveLength(1);
    const { why, text } = await stage.get('/', { Range: 'bytes=4-6' });
    expect([text, why]).toEqual(['456', 'fwd=partial; fwd-status=206; ttl=100; stored']);
  });

  test('are joined under one strong validator', async () => {
    const stage = await stageWith(origin('"a"'));
    await stage.get('/', { Range: 'bytes=0-3' });
    await stage.get('/', { Range: 'bytes=4-6' });
    expect((await stage.get('/', { Range: 'bytes=2-5' })).why).toMatch(/^hit/);
    await stage.get('/', { Range: 'bytes=7-9' });
    expect((await stage.get('/')).text).toBe(TEXT);
    expect(stage.asked).toHaveLength(3);
  });

  test.each([undefined, 'W/"a"'])('but not under %s: the newest stays', async (tag) => {
    const stage = await stageWith(origin(tag));
    await stage.get('/', { Range: 'bytes=0-3' });
    await stage.get('/', { Range: 'bytes=4-6' });
    expect((await stage.get('/', { Range: 'bytes=4-5' })).why).toMatch(/^hit/);
    expect((await stage.get('/', { Range: 'bytes=0-1' })).why).toMatch(/^fwd=partial/);
  });

  test.each([
    ['bytes=0-3', 'bytes=4-'],
    ['bytes=6-9', 'bytes=0-5'],
  ])('%s is made whole by %s', async (had, missing) => {
    const stage = await stageWith(origin('"a"'));
    await stage.get('/', { Range: had });
    const { status, text, why, headers } = await stage.get('/');
    expect([status, text, headers.has('Content-Range')]).toEqual([200, TEXT, false]);
    expect(why).toBe('fwd=partial; fwd-status=206; ttl=100; stored');
    expect(stage.asked[1]?.headers.get('Range')).toBe(missing);
    expect(stage.asked[1]?.headers.get('If-Range')).toBe('"a"');
    expect((await stage.get('/')).why).toMatch(/^hit/);
  });

  test('of what has changed since are replaced', async () => {
    let tag = '"a"';
    const stage = await stageWith((head, count) => origin(tag)(head, count));
    await stage.get('/', { Range: 'bytes=0-3' });
    tag = '"b"';
    expect((await stage.get('/')).text).toBe(TEXT);
    expect((await stage.get('/')).headers.get('ETag')).toBe('"b"');
  });

  test('an origin that ignores If-Range is asked again for all of it', async () => {
    const stage = await stageWith(({ headers }) => {
      if (!headers.has('Range')) return { headers: FRESH, body: 'abcdefghij' };
      return headers.has('If-Range') ? part(4, 10, { ETag: '"b"' }) : part(0, 4, { ETag: '"a"' });
    });
    await stage.get('/', { Range: 'bytes=0-3' });
    expect((await stage.get('/')).text).toBe('abcdefghij');
    expect(stage.asked).toHaveLength(3);
  });

  test('whose length is not that of their range are passed on only', async () => {
    const stage = await stageWith(() => ({ ...part(4, 10), body: '01234' }));
    const { status, text, why } = await stage.get('/', { Range: 'bytes=-5' });
    expect([status, text]).toEqual([206, '01234']);
    expect(why).toContain('detail=content-range');
  });
});

describe('a body that broke off (§3.3)', () => {
  async function broken(headers: Record<string, string>): Promise<Stage> {
    const stage = await stageWith((head, count) =>
      count === 1
        ? { headers: { ...FRESH, ...headers }, stream: true, length: 10 }
        : origin('"a"')(head, count),
    );
    const reader = new Reader().read(await stage.open('/'));
    stage.streams[0]?.push(utf8('0123'));
    stage.streams[0]?.fail(new NetworkError('reset', 'gone'));
    expect(await reader.over).toBe(false);
    return stage;
  }

  test('is kept as a part under a strong validator, and completed', async () => {
    const stage = await broken({ ETag: '"a"' });
    expect((await stage.get('/', { Range: 'bytes=1-2' })).text).toBe('12');
    expect((await stage.get('/')).text).toBe(TEXT);
    expect(stage.asked[1]?.headers.get('Range')).toBe('bytes=4-');
  });

  test('and is lost without one', async () => {
    const stage = await broken({ ETag: 'W/"a"' });
    expect(stage.statistics.entries).toBe(0);
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toplayer } from '../../../../test/run.ts';
import { serveHttp, staticFiles } from '../../../http/index.ts';
import { utf8 } from '../../../lib/bytes.ts';
import type { Server } from '../../../net/index.ts';
import { type RealHost, realHost } from '../../../net/real/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'toplayer-mime-'));
const letter = join(folder, 'letter.eml');
let host: RealHost;
let server: Server;

beforeAll(async () => {
  const type = 'Content-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64';
  const head = 'From: =?utf-8?q?J=C3=B6rg?= <j@x.org>\r\nSubject: a\u009bb\r\n';
  writeFileSync(
    letter,
    `${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nplain\r\n--b\r\n${type}\r\n\r\nAA!A=\r\n`,
  );
  host = realHost();
  await host.files.write('/index.html', utf8('<title>Campus</title><img src=a.png onload=x()>'));
  await host.files.write('/a.png', Uint8Array.of(1, 2, 3));
  server = await serveHttp(host, { port: 0, handler: staticFiles() });
});
afterAll(async () => {
  await server.close({ graceMs: 0 });
  await host.close();
  rmSync(folder, { recursive: true });
});

describe('mime', () => {
  test('shows the tree and the defects, and steers no terminal', async () => {
    const { out, status } = await toplayer('mime', 'show', letter);
    expect(status).toBe(0);
    expect(out).toBe(
      'From: Jörg <j@x.org>\nSubject: a\ufffdb\n' +
        '-      multipart/mixed  7bit  100 B\n' +
        '  1      text/plain; charset=us-ascii  7bit  5 B\n' +
        '  2      image/png  base64  2 B  "a.png"\n' +
        'MIME_UTF8_HEADER at 39: UTF-8 in a header: only for internationalized mail (RFC 6532 §3.2)\n' +
        'MIME_BASE64_JUNK at 194 in part 2: characters that are not base64 (RFC 2045 §6.8)\n' +
        'MIME_NOT_CLOSED at 199: a multipart without its last boundary (RFC 2046 §5.1.1)\n',
    );
  });

  test('as JSON', async () => {
    const { out } = await toplayer('mime', 'show', letter, '--json');
    expect(JSON.parse(out)).toMatchObject({
      from: 'Jörg <j@x.org>',
      root: {
        parts: [
          { part: '1', bytes: 5 },
          { part: '2', fileName: 'a.png' },
        ],
      },
    });
  });

  test('extracts a part, and names those there are', async () => {
    expect(await toplayer('mime', 'extract', letter, '1')).toMatchObject({
      out: 'plain',
      status: 0,
    });
    const file = join(folder, 'a.png');
    await toplayer('mime', 'extract', letter, '2', '-o', file);
    expect([...readFileSync(file)]).toEqual([0, 0]);
    const none = await toplayer('mime', 'extract', letter, '3');
    expect(none.status).toBe(1);
    expect(none.err).toContain('has no part 3; it has "", 1, 2');
    const missing = await toplayer('mime', 'show', join(folder, 'none'));
    expect(missing).toMatchObject({ status: 2, err: expect.stringContaining('ENOENT') });
  });

  test('a page is saved with its pictures, its parts are listed, and it is shown again', async () => {
    const file = join(folder, 'campus.mhtml');
    const url = `http://127.0.0.1:${server.local.port}/`;
    const saved = await toplayer('page', url, '--mhtml', file);
    expect(saved).toMatchObject({ status: 0, err: `${file}: 2 parts\n` });
    const { out } = await toplayer('mime', 'show', file);
    expect(out).toContain(`text/html`);
    expect(out).toContain(`image/png  base64  3 B  ${url}a.png\nno defects\n`);
    const shown = await toplayer('mime', 'html', file);
    expect(shown.out).toContain('<img src="data:image/png;base64,AQID">');
  });
});

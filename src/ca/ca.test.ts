import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Authority, newAuthority } from './authority.ts';
import { CERTIFICATE_FILE, keptAuthority, renewAuthority } from './folder.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 25);

/** The certificates of a chain, by a reader that is not ours. */
function read(chain: string): X509Certificate[] {
  const parts = chain.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  return parts.map((part) => new X509Certificate(part));
}

describe('certificates', () => {
  let authority: Authority;
  let now = NOW;

  beforeAll(async () => {
    authority = await Authority.open(await newAuthority('A test', NOW), () => now);
  });

  test('the root signs certificates, and nothing else', () => {
    const [root] = read(authority.certificate);
    expect(root?.ca).toBe(true);
    expect(root?.subject).toContain('CN=A test');
    expect(root?.checkIssued(root)).toBe(true);
  });

  test('a certificate for names and addresses', async () => {
    const { chain } = await authority.issue(['www.shop.com', '*.shop.com', '127.0.0.1', '::1']);
    const [leaf, root] = read(chain) as [X509Certificate, X509Certificate];
    expect(leaf.verify(root.publicKey)).toBe(true);
    expect(leaf.ca).toBe(false);
    for (const name of ['www.shop.com', 'a.shop.com']) expect(leaf.checkHost(name)).toBeDefined();
    for (const address of ['127.0.0.1', '::1']) expect(leaf.checkIP(address)).toBe(address);
    for (const name of ['shop.com', 'a.b.shop.com', 'www.news.org']) {
      expect(leaf.checkHost(name)).toBeUndefined();
    }
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(leaf.serialNumber).toMatch(/^[0-7][0-9A-F]{31}$/);
    expect(new Date(leaf.validFrom).getTime()).toBe(NOW - DAY);
    expect(new Date(leaf.validTo).getTime()).toBe(NOW + 90 * DAY);
  });

  test('kept for the same names, and made anew a month before its end', async () => {
    const first = await authority.issue(['a.test']);
    now = NOW + 59 * DAY;
    expect(await authority.issue(['a.test'])).toBe(first);
    now = NOW + 61 * DAY;
    const second = await authority.issue(['a.test']);
    expect(second).not.toBe(first);
    expect(read(second.chain)[0]?.serialNumber).not.toBe(read(first.chain)[0]?.serialNumber);
    now = NOW;
  });

  test.each(['', 'a b', 'a..b', '-a', 'http://a', `${'a'.repeat(64)}.com`, '*'])(
    'no certificate for %j',
    async (name) => {
      await expect(authority.issue([name])).rejects.toMatchObject({ code: 'USAGE' });
    },
  );

  test('what is not an authority is refused', async () => {
    const keys = { certificate: 'no', key: 'no' };
    await expect(Authority.open(keys, () => NOW)).rejects.toMatchObject({ code: 'USAGE' });
  });
});

describe('an authority in a folder', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'toplayer-ca-'));
  });

  afterAll(() => rm(folder, { recursive: true }));

  test('is made once, its key for its owner alone, and made anew on demand', async () => {
    const place = join(folder, 'ca');
    const first = await keptAuthority(place);
    const again = await keptAuthority(place);
    expect(again.certificate).toBe(first.certificate);
    expect((await stat(join(place, 'authority-key.pem'))).mode & 0o777).toBe(0o600);
    const renewed = await renewAuthority(place);
    expect(renewed.certificate).not.toBe(first.certificate);
    expect(await readFile(join(place, CERTIFICATE_FILE), 'utf8')).toBe(renewed.certificate);
  });

  test('made by many at once, it is one', async () => {
    const place = join(folder, 'many');
    const all = await Promise.all(Array.from({ length: 8 }, () => keptAuthority(place)));
    expect(new Set(all.map(({ certificate }) => certificate)).size).toBe(1);
    const told = await readFile(join(place, CERTIFICATE_FILE), 'utf8');
    expect(told).toBe((await keptAuthority(place)).certificate);
  });

  test('a broken file is told, not overwritten', async () => {
    const place = join(folder, 'broken');
    await keptAuthority(place);
    await writeFile(join(place, 'authority-key.pem'), 'x');
    await expect(keptAuthority(place)).rejects.toThrow(/broken.* is no authority: .*ca renew/);
    await renewAuthority(place);
    expect((await keptAuthority(place)).subject.name).toMatch(/^toplayer/);
  });
});

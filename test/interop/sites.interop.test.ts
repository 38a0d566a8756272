/** The demonstration sites in an internet started as users start it, visited with curl and its jar. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { totp } from '../../src/auth/index.ts';
import { fromBase32 } from '../../src/lib/base32.ts';
import { DEMO_USERS } from '../../src/sites/index.ts';
import { describeWith } from '../peer.ts';
import { run, start } from '../run.ts';

interface Ready {
  readonly hosts: readonly {
    readonly name: string;
    readonly address: string;
    readonly services: readonly { readonly name: string; readonly port: number }[];
  }[];
}

describeWith(['curl'], 'curl at the sites', () => {
  const folder = mkdtempSync(join(tmpdir(), 'toplayer-curl-'));
  const jar = join(folder, 'cookies.txt');
  let internet: Awaited<ReturnType<typeof start>>;
  let data: Ready;

  const open = async () => {
    internet = await start('up', '--json', '--data', join(folder, 'data'));
    data = JSON.parse(internet.line) as Ready;
  };
  const close = async () => {
    internet.child.kill('SIGINT');
    expect((await internet.ended).status).toBe(0);
  };
  beforeAll(open);
  afterAll(async () => {
    await close();
    rmSync(folder, { recursive: true });
  });

  /** With the jar, told where the sites are. */
  async function curl(url: string, ...words: string[]): Promise<string> {
    const ways = data.hosts.flatMap(({ name, address, services }) => {
      const port = services.find((service) => service.name === 'http')?.port;
      const site = name === 'www.news' ? 'www.news.org' : `${name}.com`;
      return port === undefined ? [] : ['--connect-to', `${site}:80:${address}:${port}`];
    });
    const options = ['-sS', '--max-time', '10', '--noproxy', '*', '-b', jar, '-c', jar, ...ways];
    const { out, err } = await run('curl', [...options, ...words, url]);
    expect(err).toBe('');
    return out;
  }
  const token = (page: string) => /name="token" value="(\w+)"/.exec(page)?.[1] ?? '';

  it('is known by its jar, also after the shop was started anew', async () => {
    expect(await curl('http://www.shop.com/')).toContain('given you a number');
    const page = await curl('http://www.shop.com/goods/clock');
    const form = `good=clock&token=${token(page)}`;
    expect(await curl('http://www.shop.com/basket/add', '-L', '-d', form)).toContain('Clock</a>');
    const id = /\tid\t(\w+)$/m.exec(readFileSync(jar, 'utf8'))?.[1] ?? 'none';
    await close();
    await open();
    const known = await curl('http://www.shop.com/about-you');
    expect(known).toContain(`Cookie: id=${id}`);
    expect(known).toContain('{&quot;clock&quot;:1}');
  });

  it('signs in by Digest and a code', async () => {
    const [alice] = DEMO_USERS;
    const user = `alice:${alice?.password}`;
    const page = await curl('http://www.shop.com/account/digest', '--digest', '-u', user, '-L');
    expect(page).toContain('One more step');
    const code = totp(fromBase32(alice?.secret ?? '') ?? new Uint8Array(), Date.now());
    const form = `code=${code}&token=${token(page)}`;
    expect(await curl('http://www.shop.com/account/code', '-L', '-d', form)).toContain(
      'Hello, alice',
    );
    expect(await curl('http://www.shop.com/basket')).toContain('Clock</a>');
  });

  it('is followed by the advertiser from page to page, since it keeps every cookie', async () => {
    for (const page of ['www.news.org/cable-ship.html', 'www.shop.com/goods/mug']) {
      const text = await curl(`http://${page}`);
      const banner = /src="(\/\/www\.ads\.com\/banner\.svg[^"]+)"/.exec(text)?.[1];
      expect(await curl(`http:${banner}`)).toContain('<svg');
    }
    const profile = await curl('http://www.ads.com/profile');
    expect(profile).toContain('www.shop.com and www.news.org');
  });
});

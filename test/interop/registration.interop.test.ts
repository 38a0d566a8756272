/** Names are registered in an internet started as users start it, and found by real programs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readScenario } from '../../src/cli/scenario-file.ts';
import { SimulatedInternet } from '../../src/internet/index.ts';
import { type DomainView, RegistrationClient } from '../../src/registration/index.ts';
import { pcapng } from '../../src/trace/index.ts';
import { whois } from '../../src/whois/index.ts';
import { describeWith } from '../peer.ts';
import { run, start, toplayer } from '../run.ts';

interface Ready {
  readonly hosts: readonly {
    readonly name: string;
    readonly address: string;
    readonly services: readonly { readonly name: string; readonly port: number }[];
  }[];
}

describeWith(['tshark'], 'a capture of a registration', () => {
  it('is read by tshark: the commands, and WHOIS', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'toplayer-registration-'));
    const simulated = new SimulatedInternet(await readScenario('default'), '1');
    await simulated.play(async (internet) => {
      const { client, host, lookup } = internet.user('alice');
      const door = new RegistrationClient(client, { url: 'http://www.registrar.com/api' });
      await door.send({ command: 'create', name: 'books.com', registrant: { name: 'Ann' } });
      await whois(host, lookup, 'books.com', 'whois.root-servers.net');
      await client.get('http://rdap.nic.com/domain/books.com');
    });
    const file = join(folder, 'run.pcapng');
    writeFileSync(file, pcapng(simulated.internet.recorder.recording()));
    const tshark = async (filter: string, ...fields: string[]) => {
      const shown = fields.flatMap((field) => ['-e', field]);
      const { out } = await run('tshark', [
        '-n',
        '-r',
        file,
        '-Y',
        filter,
        '-T',
        'fields',
        ...shown,
      ]);
      return out.split('\n').filter((line) => line !== '');
    };
    expect(await tshark('_ws.malformed', 'frame.number')).toEqual([]);
    expect(await tshark('whois.query', 'whois.query')).toEqual([
      'books.com\\r\\n',
      'books.com\\r\\n',
    ]);
    expect(await tshark('http.request.method == POST', 'http.request.uri')).toEqual([
      '/api',
      '/provisioning',
    ]);
    rmSync(folder, { recursive: true });
  });
});

describeWith(['dig', 'whois', 'curl'], 'registration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'toplayer-registration-'));
  const data = join(folder, 'data');
  let internet: Awaited<ReturnType<typeof start>>;
  let ready: Ready;

  const open = async (...more: string[]) => {
    internet = await start('up', '--json', '--data', data, ...more);
    ready = JSON.parse(internet.line) as Ready;
  };
  const close = async () => {
    internet.child.kill('SIGINT');
    expect((await internet.ended).status).toBe(0);
  };
  beforeAll(async () => {
    // Of the internets that run here, ours is the one that our commands find.
    process.env['XDG_RUNTIME_DIR'] = folder;
    await open();
  });
  afterAll(async () => {
    await close();
    rmSync(folder, { recursive: true });
  });

  /** Where a service is: `at('a.com', 'whois')`. */
  function at(host: string, service: string): { address: string; port: string } {
    const found = ready.hosts.find(({ name }) => name === host);
    const port = found?.services.find(({ name }) => name === service)?.port;
    return { address: found?.address ?? '', port: String(port) };
  }

  async function dig(name: string, ...words: string[]): Promise<string> {
    const { address, port } = at('dns.campus', 'resolver');
    return (await run('dig', [`@${address}`, '-p', port, name, ...words])).out;
  }

  async function askWhois(host: string, ...words: string[]): Promise<string> {
    const { address, port } = at(host, 'whois');
    return (await run('whois', ['-h', address, '-p', port, ...words])).out;
  }

  /** curl, told where the site is instead of asking a resolver. */
  async function curl(
    site: string,
    host: string,
    service: string,
    path: string,
    ...more: string[]
  ) {
    const { address, port } = at(host, service);
    const to = ['--connect-to', `${site}:80:${address}:${port}`];
    return (await run('curl', ['-s', ...to, ...more, `http://${site}${path}`])).out;
  }

  it('a name that was asked for in vain resolves a second after its registration', async () => {
    expect(await dig('www.books.com')).toContain('NXDOMAIN');
    const address = at('www.shop', 'http').address;
    const made = await toplayer(
      'dns',
      'register',
      'books.com',
      '--owner',
      'Ann Author',
      '--address',
      address,
    );
    expect(made).toMatchObject({ status: 0, err: '' });
    await pause(1000);
    expect((await dig('www.books.com', '+short')).trim()).toBe(address);
    expect((await dig('books.com', 'NS', '+short')).trim()).toBe('ns.registrar.com.');
  });

  it('the whois of Debian asks the registry, and the root who the registry is', async () => {
    const text = await askWhois('a.com', 'books.com');
    expect(text).toMatch(/^Domain Name: BOOKS\.COM$/m);
    expect(text).toMatch(/^Registrar: The Registrar$/m);
    expect(text).toMatch(/^Registrant Name: Ann Author$/m);
    expect(text).toMatch(/^Name Server: NS\.REGISTRAR\.COM$/m);
    expect(await askWhois('a.com', 'nothing.com')).toContain('No match for "NOTHING.COM"');
    expect(await askWhois('a.edu', 'campus.edu')).toMatch(/^Registrant Organization: The campus$/m);
    expect(await askWhois('a.root', 'books.com')).toMatch(/^whois: whois\.nic\.com$/m);
  });

  it('our own whois walks from the root to the registry', async () => {
    const { out, status } = await toplayer('whois', 'books.com');
    expect(status).toBe(0);
    expect(out).toMatch(
      /% whois\.root-servers\.net[\s\S]*% whois\.nic\.com\nDomain Name: BOOKS\.COM/,
    );
    const { address, port } = at('a.com', 'whois');
    const direct = await toplayer(
      'whois',
      'nameserver',
      'ns.shop.com',
      '--server',
      `${address}:${port}`,
    );
    expect(direct.out).toContain('Server Name: NS.SHOP.COM');
  });

  it('curl reads RDAP, with the type that it should have', async () => {
    const text = await curl('rdap.nic.com', 'a.com', 'registry', '/domain/books.com', '-i');
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*Content-Type: application\/rdap\+json\r\n/);
    const domain = JSON.parse(text.slice(text.indexOf('\r\n\r\n'))) as {
      entities: { roles: string[]; vcardArray: [string, [string, object, string, string][]] }[];
      events: { eventAction: string }[];
    };
    const owner = domain.entities.find(({ roles }) => roles.includes('registrant'));
    expect(owner?.vcardArray[1].find(([property]) => property === 'fn')?.[3]).toBe('Ann Author');
    expect(domain.events.map(({ eventAction }) => eventAction)).toContain('expiration');
    const bootstrap = await curl('rdap.root-servers.net', 'a.root', 'bootstrap', '/rdap/dns.json');
    expect(JSON.parse(bootstrap)).toMatchObject({ version: '1.0' });
  });

  it('a delegation with glue, shown by dig, is changed and deleted', async () => {
    const glue = `${at('dns.campus', 'resolver').address}`;
    await toplayer(
      'dns',
      'register',
      'maps.org',
      '--ns',
      `ns.maps.org=${glue}`,
      '--ns',
      'ns.campus.edu',
    );
    const { address, port } = at('a.org', 'dns');
    const referral = await run('dig', [`@${address}`, '-p', port, 'www.maps.org', '+norecurse']);
    expect(referral.out).toMatch(/maps\.org\.\s+60\s+IN\s+NS\s+ns\.maps\.org\./);
    expect(referral.out).toMatch(/ns\.maps\.org\.\s+60\s+IN\s+A\s+127\./);
    await toplayer('dns', 'change', 'maps.org', '--ns', 'ns.campus.edu');
    expect(await askWhois('a.org', 'maps.org')).not.toContain('NS.MAPS.ORG');
    expect((await toplayer('dns', 'delete', 'maps.org')).out).toContain('maps.org is free');
    const gone = await run('dig', [`@${address}`, '-p', port, 'maps.org', 'NS', '+norecurse']);
    expect(gone.out).toContain('NXDOMAIN');
  });

  it('a name moves to another registrar with its code', async () => {
    const { out } = await toplayer('dns', 'list', '--json');
    const { domains } = JSON.parse(out) as { domains: DomainView[] };
    const code = domains.find(({ name }) => name === 'books.com')?.code ?? '';
    const transfer = (with_: string) =>
      toplayer('dns', 'transfer', 'books.com', '--code', with_, '--registrar', 'www.names.net');
    const refused = await transfer('guess');
    expect(refused.status).toBe(1);
    expect(refused.err).toContain('this is not the code of books.com');
    expect((await transfer(code)).out).toContain('names');
    expect(await askWhois('a.com', 'books.com')).toContain('Registrar: Names Network');
    expect((await toplayer('dns', 'renew', 'books.com')).err).toContain('another registrar');
  });

  it('curl fills in the form on the page', async () => {
    const jar = ['-b', join(folder, 'cookies'), '-c', join(folder, 'cookies')];
    const site = (path: string, ...more: string[]) =>
      curl('www.registrar.com', 'www.registrar', 'registrar', path, ...jar, ...more);
    const html = await site('/search?name=poems.net');
    const token = /name="token" value="(\w+)"/.exec(html)?.[1] ?? '';
    const fields = {
      token,
      name: 'poems.net',
      owner: 'Bob',
      addresses: at('www.news', 'http').address,
    };
    const form = Object.entries(fields).flatMap(([name, value]) => [
      '--data-urlencode',
      `${name}=${value}`,
    ]);
    expect(await site('/register', '-L', ...form)).toContain('It is yours');
    expect((await dig('poems.net', '+short')).trim()).toBe(at('www.news', 'http').address);
    expect(await site('/', ...form)).toContain('Not found');
  });

  it('a name that is taken, or wrong, is refused in words', async () => {
    const taken = await toplayer('dns', 'register', 'shop.com', '--owner', 'Eve');
    expect(taken).toMatchObject({ status: 1, err: 'toplayer: shop.com: registered\n' });
    const wrong = await toplayer('dns', 'register', 'sh_op.com');
    expect(wrong.err).toMatch(/only letters, digits and hyphens \(RFC 1035 §2\.3\.1\)/);
    expect((await toplayer('dns', 'available', 'shop.com')).status).toBe(1);
  });

  it('all of it is there again after a restart, in another network', async () => {
    await close();
    await open('--network', '127.66.0.0/16');
    expect(await askWhois('a.com', 'books.com')).toContain('Registrar: Names Network');
    expect((await dig('www.books.com', '+short')).trim()).toBe(at('www.shop', 'http').address);
    expect((await dig('www.poems.net', '+short')).trim()).toBe(at('www.news', 'http').address);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { parseZoneFile } from '../dns/index.ts';
import { HttpClient, serveHttp } from '../http/index.ts';
import { sleep } from '../net/index.ts';
import { World } from '../net/sim/index.ts';
import { bootstrapFile, Registry, rdap, referralAnswer, whoisAnswer } from './index.ts';
import { answer } from './rdap.ts';

const EPOCH = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;
const world = new World({ seed: 1, epoch: EPOCH });
const host = world.host('a.com');
let registry: Registry;

beforeAll(async () => {
  const zone = '$TTL 60\n@ SOA a.nic h.nic 1 2 3 4 1\n NS a.nic\na.nic A 127.0.0.1\n';
  const play = async () => {
    registry = await Registry.open(host, {
      zone: 'com.',
      base: parseZoneFile(zone, { origin: 'com.' }),
      registrars: [{ id: 'course', name: 'The Registrar', secret: 'x', url: 'http://a.com/' }],
      onZone: () => {},
    });
    await registry.execute(
      {
        command: 'create',
        name: 'xn--bcher-kva.com',
        registrant: { name: 'Ann "B"', organisation: 'Büro', email: 'ann@b.com' },
        nameServers: [
          { name: 'ns.xn--bcher-kva.com', addresses: ['127.0.0.9', '::1'] },
          { name: 'ns.college.edu', addresses: [] },
        ],
      },
      'course',
    );
    const old = { command: 'create', name: 'old.com', registrant: { name: 'Bob' } } as const;
    await registry.execute(old, 'course');
    await sleep(host.clock, 10 * DAY);
    const lock = ['clientTransferProhibited'] as const;
    await registry.execute({ command: 'update', name: 'old.com', lock }, 'course');
    await registry.execute({ command: 'delete', name: 'old.com' }, 'course');
  };
  await world.run(play());
});

interface Told {
  readonly status: number;
  readonly type: unknown;
  readonly object: Record<string, unknown>;
}

function ask(path: string): Told {
  const place = { registry, base: 'http://rdap.nic.com', port43: 'whois.nic.com' };
  const { status, headers, body } = answer(place, path);
  const fields = headers as Record<string, string>;
  return { status, type: fields['Content-Type'], object: JSON.parse(String(body)) };
}

const link = (path: string) => {
  const href = `http://rdap.nic.com/${path}`;
  return [{ value: href, rel: 'self', href, type: 'application/rdap+json' }];
};

describe('a domain', () => {
  it('has all that RFC 9083 §5.3 asks for', () => {
    const { status, type, object } = ask('/domain/XN--bcher-kva.com.');
    expect([status, type]).toEqual([200, 'application/rdap+json']);
    const registrar = { objectClassName: 'entity', handle: 'course', roles: ['registrar'] };
    expect(object).toMatchObject({
      rdapConformance: ['rdap_level_0'],
      objectClassName: 'domain',
      handle: 'D2-COM',
      ldhName: 'xn--bcher-kva.com',
      unicodeName: 'bücher.com',
      status: ['active'],
      port43: 'whois.nic.com',
      links: link('domain/xn--bcher-kva.com'),
      secureDNS: { delegationSigned: false },
      nameservers: [
        {
          objectClassName: 'nameserver',
          ldhName: 'ns.xn--bcher-kva.com',
          ipAddresses: { v4: ['127.0.0.9'], v6: ['::1'] },
        },
        { ldhName: 'ns.college.edu', links: link('nameserver/ns.college.edu') },
      ],
      entities: [{ handle: 'C2-COM', roles: ['registrant'] }, registrar],
      events: [
        { eventAction: 'registration', eventDate: '2026-01-01T00:00:00Z' },
        { eventAction: 'expiration', eventDate: '2027-01-01T00:00:00Z' },
        { eventAction: 'last update of RDAP database', eventDate: '2026-01-11T00:00:00Z' },
      ],
    });
    expect(object['notices']).toHaveLength(1);
  });

  it('tells its states in the words of RFC 8056', () => {
    const { object } = ask('/domain/old.com');
    expect(object['status']).toEqual([
      'client transfer prohibited',
      'pending delete',
      'inactive',
      'redemption period',
    ]);
  });
});

it('an owner is a jCard (RFC 7095)', () => {
  expect(ask('/entity/C2-COM').object).toMatchObject({
    objectClassName: 'entity',
    handle: 'C2-COM',
    roles: ['registrant'],
    vcardArray: [
      'vcard',
      [
        ['version', {}, 'text', '4.0'],
        ['fn', {}, 'text', 'Ann "B"'],
        ['kind', {}, 'text', 'org'],
        ['org', {}, 'text', 'Büro'],
        ['email', {}, 'text', 'ann@b.com'],
      ],
    ],
  });
  expect(ask('/entity/course').object).toMatchObject({ roles: ['registrar'] });
});

it.each([
  ['/help', 200],
  ['/nameserver/ns.college.edu', 200],
  ['/nameserver/ns2.college.edu', 404],
  ['/domain/none.com', 404],
  ['/domain/old.org', 404],
  ['/entity/C99-COM', 404],
  ['/entity/%ff', 400],
  ['/domain/', 400],
  ['/domain/a_b.com', 400],
  ['/', 400],
  ['/nothing/x', 400],
  ['/ip/127.0.0.1', 501],
  ['/autnum/1', 501],
  ['/domains?name=a*', 400],
  ['/domains', 501],
])('%s is answered with %i', (path, status) => {
  const told = ask(path);
  expect(told.status).toBe(status);
  expect(told.object['errorCode']).toBe(status === 200 ? undefined : status);
});

it('goes over HTTP: GET and HEAD for pages of any site, nothing else', async () => {
  const play = async () => {
    const server = await serveHttp(host, { port: 0, handler: rdap(registry) });
    const client = new HttpClient(host, { connect: server.local });
    const url = 'http://rdap.nic.com/domain/old.com';
    const found = await client.get(url);
    expect(found.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(JSON.parse(await found.body.text())).toMatchObject({ links: link('domain/old.com') });
    const head = await client.request({ url, method: 'HEAD' });
    expect([head.status, await head.body.text()]).toEqual([200, '']);
    expect((await client.request({ url, method: 'POST', body: 'x' })).status).toBe(405);
    client.close();
    await server.close();
  };
  await world.run(play());
});

describe('WHOIS', () => {
  it('tells owner, states and servers of a name, and of names below it', () => {
    const text = whoisAnswer(registry, 'www.XN--bcher-kva.com.');
    expect(text).toContain(`Domain Name: XN--BCHER-KVA.COM
Registry Domain ID: D2-COM
Registrar URL: http://a.com/
Updated Date: 2026-01-01T00:00:00Z
Creation Date: 2026-01-01T00:00:00Z
Registry Expiry Date: 2027-01-01T00:00:00Z
Registrar: The Registrar
Registrar ID: course
Domain Status: ok https://icann.org/epp#ok
Registrant Name: Ann "B"
Registrant Organization: Büro
Registrant Email: ann@b.com
Name Server: NS.XN--BCHER-KVA.COM 127.0.0.9 ::1
Name Server: NS.COLLEGE.EDU
DNSSEC: unsigned
`);
  });

  it.each([
    ['=old.com', 'Domain Status: pendingDelete https://icann.org/epp#pendingDelete'],
    ['domain old.com', 'Registrant Name: Bob'],
    ['nameserver ns.college.edu', 'Server Name: NS.COLLEGE.EDU'],
    ['ns.xn--bcher-kva.com', 'IP Address: ::1'],
    ['registrar the registrar', 'Registrar ID: course'],
    ['registrar nobody', 'No match for "NOBODY".'],
    ['none.com', 'No match for "NONE.COM".'],
    ['', 'No match for "".'],
  ])('%j: %s', (query, line) => {
    expect(whoisAnswer(registry, query)).toContain(`${line}\n`);
  });

  it('of the root refers to the registry', () => {
    const com = { zone: 'com', whois: 'whois.nic.com', rdap: 'http://rdap.nic.com/' };
    expect(referralAnswer([com], 'A.com.')).toContain('whois: whois.nic.com\n');
    expect(referralAnswer([com], 'a.org')).toBe('% No registry is known for "A.ORG".\n');
    expect(JSON.parse(bootstrapFile([com], 'now'))).toMatchObject({
      version: '1.0',
      services: [[['com'], ['http://rdap.nic.com/']]],
    });
  });
});

/** BIND, Unbound and NSD as neighbours both ways; kdig, drill, host and dnsperf on our servers. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  authoritative,
  chain,
  cookies,
  formatRdata,
  HARDENED,
  type Link,
  MemoryZone,
  MemoryZones,
  notified,
  notifySecondaries,
  parseZoneFile,
  type QueryType,
  queryDns,
  question,
  Resolver,
  Secondary,
  serveDns,
  transfers,
  transferZone,
  writeZoneFile,
} from '../../src/dns/index.ts';
import type { Server } from '../../src/net/index.ts';
import { mappedPlan, type RealHost, realHost } from '../../src/net/real/index.ts';
import { describeWith } from '../peer.ts';
import { freePort } from '../port.ts';
import { mayBind53, type NameServer, startBind, startNsd, startUnbound } from './dns-peers.ts';

const run = promisify(execFile);
const TIMES = '3600 900 604800 60';
const HINTS = '. 3600 NS a.root.\na.root. 3600 A 127.251.0.1\n';
const ROOT = `$TTL 300
. SOA a.root. admin. 1 ${TIMES}
. NS a.root.
a.root. A 127.251.0.1
edu. NS a.edu.
a.edu. A 127.251.0.2
`;
const EDU = `$TTL 300
@ SOA a admin 1 ${TIMES}
@ NS a
a A 127.251.0.2
campus NS ns.campus
ns.campus A 127.251.0.3
bind NS ns.bind
ns.bind A 127.251.0.4
nsd NS ns.nsd
ns.nsd A 127.251.0.5
`;
const campusText = (serial: number, more = '') => `$TTL 300
@ SOA ns admin ${serial} ${TIMES}
@ NS ns
ns A 127.251.0.3
www CNAME web
web 60 A 127.251.0.80
*.wild TXT "a wildcard"
deep.a.b.c A 127.251.0.81
old DNAME new
www.new A 127.251.0.82
$GENERATE 1-100 many A 127.252.0.$
${more}`;

/** One of each type, as zone files write it. */
const TYPES = `mx MX 10 web
txt TXT "one" "two \\"quoted\\""
srv SRV 0 5 5060 web
caa CAA 128 issue "ca.example; policy=a"
naptr NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:info@example.com!" .
svcb SVCB 1 web alpn="h2,h3" port=8443 ipv4hint=127.0.0.1 ipv6hint=2001:db8::1 key667="hi"
https HTTPS 0 web
dname DNAME web
ds DS 60485 8 2 D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A
ds NS web
dnskey DNSKEY 257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ==
tlsa TLSA 3 1 1 D2ABDE240D7CD3EE6B4B28C54DF034B9
hinfo HINFO "VAX" "UNIX V"
rp RP admin web
sshfp SSHFP 4 2 123456789ABCDEF67890123456789ABCDEF67890123456789ABCDEF678901234
aaaa AAAA 2001:db8::1:0:0:1
ptr PTR web
unknown TYPE4711 \\# 3 ABCDEF
`;

const otherText = (zone: string, serial: number, address: string) => `$TTL 300
@ SOA ns.${zone}. admin.${zone}. ${serial} 3600 900 604800 60
@ NS ns.${zone}.
ns A ${address}
www CNAME web
web A ${address}
web AAAA ::1
*.wild TXT "a wildcard"
deep.a.b.c A ${address}
$GENERATE 1-100 many A 127.252.0.$
`;

const zoneOf = (origin: string, text: string) =>
  new MemoryZone(origin, parseZoneFile(text, { origin }));

const PEERS = ['dig', 'kdig', 'drill', 'host', 'named', 'unbound', 'nsd', 'dnsperf'];

describeWith(PEERS, 'neighbours', () => {
  describe.skipIf(!mayBind53)('on port 53 of the loopback (needs its right)', () => {
    const hosts: RealHost[] = [];
    const servers: Server[] = [];
    const peers: NameServer[] = [];
    const campus = new MemoryZones([zoneOf('campus.edu.', campusText(1, TYPES))]);
    let bind = 0;
    let unbound = 0;
    let authorityPort = 0;
    // BIND listens at addresses of interfaces only: its zone is carried by a port of 127.0.0.1.
    const plan = mappedPlan();

    const host = (address: string): RealHost => {
      const made = realHost({ address, ports: plan });
      hosts.push(made);
      return made;
    };

    async function serve(address: string, zones: MemoryZones, ...links: Link[]): Promise<RealHost> {
      const made = host(address);
      const handler = chain(cookies(made), transfers(zones), ...links, authoritative(zones));
      servers.push(await serveDns(made, { handler }));
      return made;
    }

    beforeAll(async () => {
      authorityPort = await freePort();
      const carried = { address: '127.0.0.1', port: authorityPort };
      for (const transport of ['udp', 'tcp'] as const) {
        plan.learn({ address: '127.251.0.4', port: 53 }, carried, transport);
      }
      await serve('127.251.0.1', new MemoryZones([zoneOf('.', ROOT)]));
      await serve('127.251.0.2', new MemoryZones([zoneOf('edu.', EDU)]));
      const primary = await serve('127.251.0.3', campus);
      notifySecondaries(primary, campus, { also: [{ address: '127.251.0.4', port: 53 }] });
      bind = await freePort();
      const hint = 'zone "." { type hint; file "hints"; };';
      peers.push(await startBind({ address: '127.0.0.1', port: bind }, hint, { hints: HINTS }));
      unbound = await freePort();
      peers.push(await startUnbound(unbound, HINTS));
      const nsdText = otherText('nsd.edu', 1, '127.251.0.5');
      // NSD knows no $GENERATE.
      peers.push(
        await startNsd(
          '127.251.0.5',
          'nsd.edu',
          writeZoneFile('nsd.edu.', parseZoneFile(nsdText, { origin: 'nsd.edu.' })),
        ),
      );
    }, 60_000);

    afterAll(async () => {
      await Promise.all(peers.map((peer) => peer.stop()));
      await Promise.all(servers.map((server) => server.close({ graceMs: 0 })));
      await Promise.all(hosts.map((one) => one.close()));
    });

    async function dig(...words: string[]): Promise<string> {
      const { stdout } = await run('dig', ['+tries=1', '+time=5', ...words]);
      return stdout.replaceAll(/[\t ]+/g, ' ').trim();
    }

    test.each(['BIND', 'Unbound'])('%s resolves through our servers', async (name) => {
      const at = ['@127.0.0.1', '-p', String(name === 'BIND' ? bind : unbound)];
      const short = (...words: string[]) => dig(...at, '+short', ...words);
      expect(await short('web.campus.edu')).toBe('127.251.0.80');
      expect(await short('www.campus.edu')).toBe('web.campus.edu.\n127.251.0.80');
      expect(await short('any.wild.campus.edu', 'TXT')).toBe('"a wildcard"');
      expect(await short('deep.a.b.c.campus.edu')).toBe('127.251.0.81');
      // Unbound mixes the case of names.
      const redirected = (await short('www.old.campus.edu')).toLowerCase();
      expect(redirected).toContain('www.new.campus.edu.\n127.251.0.82');
      expect((await short('many.campus.edu')).split('\n')).toHaveLength(100);
      expect(await dig(...at, 'no.campus.edu')).toContain('status: NXDOMAIN');
      expect(await dig(...at, 'b.c.campus.edu')).toMatch(/NOERROR[\s\S]*ANSWER: 0/);
      expect(await short('srv.campus.edu', 'SRV')).toBe('0 5 5060 web.campus.edu.');
    });

    test.each(['bind.edu', 'nsd.edu'])('our resolver resolves %s', async (zone) => {
      if (zone === 'bind.edu') await startAuthority();
      for (const options of [{}, HARDENED]) {
        const hints = [{ name: 'a.root.', address: '127.251.0.1' }];
        const resolver = new Resolver(host('127.0.0.1'), { hints, ...options });
        const ask = async (name: string, type: QueryType = 'A') => {
          const found = await resolver.query(question(`${name}.${zone}.`, type));
          return [found.rcode, ...found.answers.map(formatRdata)];
        };
        const address = zone === 'bind.edu' ? '127.251.0.4' : '127.251.0.5';
        expect(await ask('www')).toEqual(['NOERROR', `web.${zone}.`, address]);
        expect(await ask('web', 'AAAA')).toEqual(['NOERROR', '::1']);
        expect(await ask('x.wild', 'TXT')).toEqual(['NOERROR', '"a wildcard"']);
        expect(await ask('deep.a.b.c')).toEqual(['NOERROR', address]);
        expect(await ask('b.c')).toEqual(['NOERROR']);
        expect(await ask('no')).toEqual(['NXDOMAIN']);
        expect(await ask('many')).toHaveLength(101);
      }
    });

    let authority: NameServer | undefined;
    const authorityAt = () => ['@127.0.0.1', '-p', String(authorityPort)];

    /** BIND with a zone of its own, and a copy of ours. */
    async function startAuthority(): Promise<NameServer> {
      if (authority) return authority;
      const zones = `zone "bind.edu" { type primary; file "bind.zone"; also-notify { 127.251.0.6; }; };
zone "campus.edu" { type secondary; file "campus.copy"; masterfile-format text;
  primaries { 127.251.0.3; }; };`;
      const text = otherText('bind.edu', 1, '127.251.0.4');
      const files = { 'bind.zone': text };
      authority = await startBind({ address: '127.0.0.1', port: authorityPort }, zones, files);
      peers.push(authority);
      return authority;
    }

    /** Asks until the answer is as it should be; time-outs are the test's. */
    async function until(ask: () => Promise<boolean>): Promise<void> {
      while (!(await ask())) await new Promise((resolve) => setTimeout(resolve, 50));
    }

    test('BIND copies our zone, and follows NOTIFY', async () => {
      await startAuthority();
      const serial = async () =>
        (await dig(...authorityAt(), 'campus.edu', 'SOA', '+short')).split(' ')[2];
      await until(async () => (await serial()) === '1');
      campus.set(zoneOf('campus.edu.', campusText(2, `${TYPES}news A 127.251.0.99\n`)));
      await until(async () => (await serial()) === '2');
      expect(await dig(...authorityAt(), 'news.campus.edu', '+short')).toBe('127.251.0.99');
      expect(await dig(...authorityAt(), 'caa.campus.edu', 'CAA', '+short')).toContain(
        'ca.example',
      );
    });

    test('our secondary copies a zone of BIND, and follows its NOTIFY', async () => {
      const { folder, child } = await startAuthority();
      const primary = { address: '127.251.0.4', port: 53 };
      // The word of changes comes from where it really is.
      const primaries = [primary, { address: '127.0.0.1', port: 53 }];
      const local = host('127.251.0.6');
      const copies = new MemoryZones();
      const secondary = new Secondary(local, copies, { origin: 'bind.edu.', primaries });
      const handler = chain(notified([secondary]), authoritative(copies));
      servers.push(await serveDns(local, { handler }));
      await secondary.refresh();
      expect(secondary.serial).toBe(1);
      const records = await transferZone(local, primary, 'bind.edu.');
      expect(records).toHaveLength(
        parseZoneFile(otherText('bind.edu', 1, '127.251.0.4'), { origin: 'bind.edu.' }).length,
      );
      writeFileSync(join(folder, 'bind.zone'), otherText('bind.edu', 2, '127.251.0.44'));
      child.kill('SIGHUP');
      await until(async () => secondary.serial === 2);
      const { message } = await queryDns(
        local,
        { address: '127.251.0.6', port: 53 },
        question('web.bind.edu.', 'A'),
      );
      expect(message.answers).toMatchObject([{ address: '127.251.0.44' }]);
      secondary.close();
    });

    test('dig shows every type as we write it', async () => {
      const plain = (text: string) =>
        text.toUpperCase().replaceAll(/(?<=[0-9A-F]{8}) (?=[0-9A-F])/g, '');
      for (const record of parseZoneFile(`$TTL 300\n${TYPES}`, { origin: 'campus.edu.' })) {
        if (record.type === 'NS') continue;
        const { name, type } = record;
        const shown = await dig('@127.251.0.3', name, type, '+short', '+nosplit');
        expect(plain(shown), `${name} ${type}`).toBe(plain(formatRdata(record)));
      }
    });

    test('kdig, drill, host and nslookup read our answers', async () => {
      const out = async (program: string, ...words: string[]) =>
        (await run(program, words)).stdout.replaceAll(/[\t ]+/g, ' ');
      const kdig = await out('kdig', '@127.251.0.3', 'www.campus.edu', '+cookie', '+nsid');
      expect(kdig).toContain('www.campus.edu. 300 IN CNAME web.campus.edu.');
      expect(kdig).toMatch(/COOKIE: [0-9A-F]{48}/i);
      const axfr = await out('kdig', '@127.251.0.3', 'campus.edu', 'AXFR');
      expect(axfr).toContain('web.campus.edu. 60 IN A 127.251.0.80');
      expect(axfr.match(/IN SOA/g)).toHaveLength(2);
      expect(await out('kdig', '@127.251.0.3', 'https.campus.edu', 'HTTPS', '+short')).toBe(
        '0 web.campus.edu.\n',
      );
      expect(await out('drill', '@127.251.0.3', 'any.wild.campus.edu', 'TXT')).toContain(
        '"a wildcard"',
      );
      expect(await out('drill', '@127.251.0.3', '-t', 'many.campus.edu')).toContain('ANSWER: 100');
      expect(await out('host', 'www.campus.edu', '127.251.0.3')).toContain(
        'web.campus.edu has address 127.251.0.80',
      );
      expect(await out('host', '-l', 'campus.edu', '127.251.0.3')).toContain(
        'web.campus.edu has address',
      );
      expect(await out('nslookup', '-type=mx', 'mx.campus.edu', '127.251.0.3')).toContain(
        'mail exchanger = 10 web.campus.edu.',
      );
    });

    test('dig knows our cookies, and why we refuse', async () => {
      const first = await dig('@127.251.0.3', 'web.campus.edu', '+cookie=0102030405060708');
      expect(first).toMatch(/; COOKIE: 0102030405060708[0-9a-f]{32} \(good\)/);
      expect(await dig('@127.251.0.3', 'far.org')).toMatch(/EDE: 20 \(Not Authoritative\)/);
    });

    test('dnsperf loses nothing', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'dnsperf-'));
      const file = join(folder, 'queries');
      writeFileSync(file, 'web.campus.edu A\nwww.campus.edu A\nno.campus.edu A\n');
      const { stdout } = await run('dnsperf', [
        '-s',
        '127.251.0.3',
        '-d',
        file,
        '-l',
        '1',
        '-q',
        '20',
      ]);
      rmSync(folder, { recursive: true });
      expect(stdout).toMatch(/Queries lost:\s+0 /);
      expect(Number(/Queries completed:\s+(\d+)/.exec(stdout)?.[1])).toBeGreaterThan(500);
    });

    test('named-checkzone reads the zone files that we write', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'checkzone-'));
      const file = join(folder, 'zone');
      const zone = campus.get('campus.edu.') as MemoryZone;
      writeFileSync(file, writeZoneFile('campus.edu.', zone.records()));
      const { stdout } = await run('named-checkzone', ['campus.edu', file]);
      rmSync(folder, { recursive: true });
      expect(stdout).toMatch(/loaded serial \d+[\s\S]*OK/);
    });
  });
});

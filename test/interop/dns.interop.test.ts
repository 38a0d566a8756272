/** Real programs on our servers: dig, nslookup and host of BIND. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  authoritative,
  chain,
  MemoryZone,
  MemoryZones,
  parseZoneFile,
  Resolver,
  recursive,
  serveDns,
} from '../../src/dns/index.ts';
import type { Server } from '../../src/net/index.ts';
import { mappedPlan, type RealHost, realHost } from '../../src/net/real/index.ts';

const run = promisify(execFile);
const BIN = '/usr/bin/dig';
const missing = !existsSync(BIN) && process.env['CI'] === undefined;

const ROOT = `$TTL 300
. SOA a.root. admin. 1 3600 900 604800 60
. NS a.root.
a.root. A 127.21.0.1
edu. NS a.edu.
a.edu. A 127.21.0.2
127.in-addr.arpa. NS a.edu.
`;
const EDU = `$TTL 300
@ SOA a admin 1 3600 900 604800 60
@ NS a
a A 127.21.0.2
campus NS ns.campus
ns.campus A 127.21.0.3
`;
const CAMPUS = `$TTL 300
@ SOA ns admin 1 3600 900 604800 60
@ NS ns
@ MX 10 mail
@ TXT "v=spf1 -all" "second \\"string\\" \\009"
ns A 127.21.0.3
mail A 127.21.0.9
mail AAAA ::1
www CNAME web
web 60 A 127.21.0.80
odd\\.dot A 127.21.0.81
*.wild TXT "a wildcard"
x TYPE4711 \\# 4 7f000001
$GENERATE 1-100 many A 127.22.0.$
`;
const REVERSE = `$TTL 300
@ SOA a.edu. admin.edu. 1 3600 900 604800 60
@ NS a.edu.
80.0.21 PTR web.campus.edu.
`;

describe.skipIf(missing)('dig, nslookup and host', () => {
  // Every host has its own address on port 53, carried by whatever ports this machine lets us use.
  const ports = mappedPlan(() => ({ address: '127.0.0.1', port: 0 }));
  const hosts: RealHost[] = [];
  const servers: Server[] = [];
  let campus = 0;
  let resolver = 0;

  const host = (address: string): RealHost => {
    const made = realHost({ address, ports });
    hosts.push(made);
    return made;
  };

  /** A server whose UDP and TCP are carried by one real port, as dig expects. */
  async function peerPort(address: string, handler: Parameters<typeof serveDns>[1]['handler']) {
    const own = realHost({ address: '127.0.0.1' });
    hosts.push(own);
    const server = await serveDns(own, { handler, port: 0 });
    servers.push(server);
    const inside = await serveDns(host(address), { handler });
    servers.push(inside);
    return server.local.port;
  }

  beforeAll(async () => {
    const zones = (list: Record<string, string>) =>
      chain(
        authoritative(
          new MemoryZones(
            Object.entries(list).map(
              ([origin, text]) => new MemoryZone(origin, parseZoneFile(text, { origin })),
            ),
          ),
        ),
      );
    await peerPort('127.21.0.1', zones({ '.': ROOT }));
    await peerPort('127.21.0.2', zones({ 'edu.': EDU, '127.in-addr.arpa.': REVERSE }));
    campus = await peerPort('127.21.0.3', zones({ 'campus.edu.': CAMPUS }));
    const local = host('127.21.0.53');
    const ours = new Resolver(local, { hints: [{ name: 'a.root.', address: '127.21.0.1' }] });
    resolver = await peerPort('127.21.0.54', chain(recursive(ours)));
  });

  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close({ graceMs: 0 })));
    await Promise.all(hosts.map((one) => one.close()));
  });

  async function dig(port: number, ...words: string[]): Promise<string> {
    const { stdout } = await run(BIN, ['@127.0.0.1', '-p', String(port), '+tries=1', ...words]);
    return stdout.replaceAll(/[\t ]+/g, ' ');
  }

  test('an address, an alias, mail, text', async () => {
    expect(await dig(campus, 'web.campus.edu')).toContain('web.campus.edu. 60 IN A 127.21.0.80');
    const alias = await dig(campus, 'www.campus.edu');
    expect(alias).toContain('flags: qr aa rd;');
    expect(alias).toContain('www.campus.edu. 300 IN CNAME web.campus.edu.');
    expect(alias).toContain('ANSWER: 2');
    const mx = await dig(campus, 'campus.edu', 'MX');
    expect(mx).toContain('campus.edu. 300 IN MX 10 mail.campus.edu.');
    expect(mx).toContain('mail.campus.edu. 300 IN AAAA ::1');
    expect(await dig(campus, 'campus.edu', 'TXT', '+short')).toBe(
      '"v=spf1 -all" "second \\"string\\" \\009"\n',
    );
  });

  test('odd names, wildcards, unknown types', async () => {
    expect(await dig(campus, 'odd\\.dot.campus.edu', '+short')).toBe('127.21.0.81\n');
    expect(await dig(campus, 'any.wild.campus.edu', 'TXT', '+short')).toBe('"a wildcard"\n');
    expect(await dig(campus, 'x.campus.edu', 'TYPE4711', '+short')).toBe('\\# 4 7F000001\n');
    expect(await dig(campus, 'WEB.Campus.EDU')).toContain('WEB.Campus.EDU. 60 IN A');
  });

  test('denials and refusals', async () => {
    const nothing = await dig(campus, 'no.campus.edu');
    expect(nothing).toContain('status: NXDOMAIN');
    expect(nothing).toContain('campus.edu. 60 IN SOA ns.campus.edu.');
    expect(await dig(campus, 'web.campus.edu', 'MX')).toMatch(
      /NOERROR[\s\S]*ANSWER: 0, AUTHORITY: 1/,
    );
    expect(await dig(campus, 'far.org')).toContain('status: REFUSED');
    expect(await dig(campus, 'campus.edu', '+opcode=NOTIFY', 'SOA')).toContain('NOTIMP');
  });

  test('truncation, and TCP after it', async () => {
    const short = await dig(campus, 'many.campus.edu', '+bufsize=512', '+ignore');
    expect(short).toContain('flags: qr aa tc rd;');
    const whole = await dig(campus, 'many.campus.edu', '+bufsize=512');
    expect(whole).toContain('ANSWER: 100');
    expect(whole).toContain('(TCP)');
    expect(await dig(campus, 'many.campus.edu', '+noedns')).toContain('ANSWER: 100');
    expect(await dig(campus, 'web.campus.edu', '+tcp', '+short')).toBe('127.21.0.80\n');
  });

  test('several queries on one TCP connection', async () => {
    const both = await dig(
      campus,
      '+tcp',
      '+keepopen',
      '+short',
      'web.campus.edu',
      'mail.campus.edu',
    );
    expect(both).toBe('127.21.0.80\n127.21.0.9\n');
  });

  test('EDNS: DO, cookies, unknown options and versions', async () => {
    expect(await dig(campus, 'web.campus.edu', '+dnssec')).toContain('flags: do; udp: 1232');
    expect(await dig(campus, 'web.campus.edu', '+cookie', '+ednsopt=65001:abcd')).toContain(
      'NOERROR',
    );
    expect(await dig(campus, 'web.campus.edu', '+edns=1', '+noednsneg')).toContain('BADVERS');
    expect(await dig(campus, 'web.campus.edu', '+noedns')).not.toContain('OPT PSEUDOSECTION');
  });

  test('referrals, step by step', async () => {
    const rootPort = servers[0]?.local.port ?? 0;
    const referral = await dig(rootPort, 'www.campus.edu', '+norecurse');
    expect(referral).toContain('edu. 300 IN NS a.edu.');
    expect(referral).toContain('a.edu. 300 IN A 127.21.0.2');
    expect(referral).toMatch(/flags: qr;.*ANSWER: 0/);
  });

  test('the resolver: whole chain, cache, reverse, denial', async () => {
    const first = await dig(resolver, 'www.campus.edu');
    expect(first).toContain('flags: qr rd ra;');
    expect(first).toContain('web.campus.edu. 60 IN A 127.21.0.80');
    expect(await dig(resolver, '-x', '127.21.0.80', '+short')).toBe('web.campus.edu.\n');
    expect(await dig(resolver, 'no.campus.edu')).toContain('status: NXDOMAIN');
    expect(await dig(resolver, 'many.campus.edu', '+tcp')).toContain('ANSWER: 100');
    expect(await dig(resolver, 'web.campus.edu', '+norecurse')).toContain('ANSWER: 1');
    expect(await dig(resolver, 'mail.campus.edu', '+norecurse')).toContain('AUTHORITY: 1');
    expect(await dig(resolver, 'far.org', '+norecurse')).toContain('REFUSED');
  });

  test('nslookup and host', async () => {
    const nslookup = await run('/usr/bin/nslookup', [
      `-port=${resolver}`,
      'www.campus.edu',
      '127.0.0.1',
    ]);
    expect(nslookup.stdout).toContain('Non-authoritative answer:');
    expect(nslookup.stdout).toContain('canonical name = web.campus.edu.');
    expect(nslookup.stdout).toContain('Address: 127.21.0.80');
    const host = await run('/usr/bin/host', [
      '-p',
      String(resolver),
      'www.campus.edu',
      '127.0.0.1',
    ]);
    expect(host.stdout).toContain('web.campus.edu has address 127.21.0.80');
  });
});

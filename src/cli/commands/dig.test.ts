import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import {
  authoritative,
  chain,
  cookies,
  identify,
  MemoryZone,
  MemoryZones,
  parseZoneFile,
  Resolver,
  recursive,
  serveDns,
  stubLookup,
} from '../../dns/index.ts';
import { World } from '../../net/sim/index.ts';
import type { CliTools } from '../tools.ts';
import { registerDig } from './dig.ts';
import { parseDigWords } from './dig-words.ts';

describe('parseDigWords', () => {
  const parse = (line: string) => parseDigWords(line === '' ? [] : line.split(' '));

  test.each<[string, object]>([
    ['', { name: '.', type: 'NS', class: 'IN', recurse: true, edns: 1232, tries: 3 }],
    ['www.campus.edu', { name: 'www.campus.edu', type: 'A', server: undefined }],
    ['mx campus.edu @127.0.0.1#5353', { name: 'campus.edu', type: 'MX', server: '127.0.0.1#5353' }],
    ['campus.edu CH TXT -p 99', { type: 'TXT', class: 'CH', port: 99 }],
    ['-x 127.20.3.80', { name: '80.3.20.127.in-addr.arpa.', type: 'PTR' }],
    ['-p5353 -q mx -t a', { name: 'mx', type: 'A', port: 5353 }],
    ['x +trace +short +tcp +norecurse', { trace: true, short: true, tcp: true, recurse: false }],
    ['x +noedns', { edns: false }],
    ['x +bufsize=512 +time=2 +tries=1', { edns: 512, timeoutMs: 2000, tries: 1 }],
    ['x +retry=4 --json +notcp', { tries: 5, json: true, tcp: false }],
    ['x TYPE65', { type: 'HTTPS' }],
    ['x any', { type: 'ANY' }],
  ])('%s', (line, expected) => {
    expect(parse(line)).toMatchObject(expected);
  });

  test.each([
    ['a.b c.d', 'one name at a time'],
    ['x +foo', '+foo is not known'],
    ['x -z', 'dig has no option -z'],
    ['x -p', '-p needs a value'],
    ['x -p 70000', '-p needs a number from 0 to 65535, not 70000'],
    ['-x campus.edu', '-x needs an address'],
    ['x +time=soon', '+time needs a number'],
    ['x +cookie=01', '+cookie needs 8'],
    ['x +subnet=10.0.0.0/33', '+subnet needs an address'],
    ['x +subnet', '+subnet needs an address'],
  ])('%s is refused', (line, problem) => {
    expect(() => parse(line)).toThrow(problem);
  });
});

const ROOT = '$TTL 60\n@ SOA a.root. b 1 2 3 4 5\n@ NS a.root.\na.root. A 10.0.0.1\n';
const EDU = '$TTL 60\n@ SOA a b 1 2 3 4 5\n@ NS a\na A 10.0.0.2\nwww A 10.0.0.80\n';

async function run(words: string): Promise<string> {
  const world = new World({ seed: 1, strict: true });
  const program = new Command().exitOverride();
  let text = '';
  const serve = async () => {
    for (const [address, origin, zone] of [
      ['10.0.0.1', '.', `${ROOT}edu. NS a.edu.\na.edu. A 10.0.0.2\n`],
      ['10.0.0.2', 'edu.', EDU],
    ] as const) {
      const zones = new MemoryZones([new MemoryZone(origin, parseZoneFile(zone, { origin }))]);
      const server = world.host(origin, { address, latency: 10 });
      const handler = chain(identify('one'), cookies(server), authoritative(zones));
      await serveDns(server, { handler });
    }
    const local = world.host('resolver', { address: '10.0.0.53' });
    const resolver = new Resolver(local, { hints: [{ name: 'a.root.', address: '10.0.0.1' }] });
    await serveDns(local, { handler: chain(recursive(resolver)) });
  };
  await world.run(serve());
  const host = world.host('me', { address: '10.0.0.100' });
  const resolver = { address: '10.0.0.53', port: 53 };
  const tools: CliTools = {
    host: () => host,
    lookup: () => stubLookup(host, resolver),
    resolver: async () => resolver,
    roots: async () => undefined,
    out: (more) => {
      text += more;
    },
    note: () => {},
    colour: false,
    signal: new AbortController().signal,
  };
  registerDig(program, tools);
  await world.run(program.parseAsync(['dig', ...words.split(' ')], { from: 'user' }));
  return text.replace(/id: \d+/, 'id: 1');
}

describe('dig', () => {
  test('prints a reply in dig’s form', async () => {
    expect(await run('www.edu')).toBe(`
;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1
;; flags: qr rd ra; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 1

;; OPT PSEUDOSECTION:
; EDNS: version: 0, flags:; udp: 1232
;; QUESTION SECTION:
;www.edu.\t\t\tIN\tA

;; ANSWER SECTION:
www.edu.\t\t60\tIN\tA\t10.0.0.80

;; Query time: 40 msec
;; SERVER: 10.0.0.53#53(10.0.0.53) (UDP)
;; WHEN: Thu Jan 01 00:00:00 UTC 2026
;; MSG SIZE  rcvd: 52

`);
  });

  test('+short, a server of choice, JSON', async () => {
    expect(await run('+short www.edu')).toBe('10.0.0.80\n');
    expect(await run('@a.edu www.edu +tcp')).toContain('flags: qr aa rd;');
    expect(JSON.parse(await run('--json www.edu +noedns'))).toMatchObject({
      server: '10.0.0.53:53',
      transport: 'udp',
      message: { rcode: 'NOERROR', answers: [{ address: '10.0.0.80' }] },
    });
  });

  test('+cookie, +nsid, +subnet and +dnssec, and what the server says to them', async () => {
    const text = await run('@a.edu www.edu +cookie=0102030405060708 +nsid +dnssec');
    expect(text).toMatch(/^; EDNS: version: 0, flags: do; udp: 1232$/m);
    expect(text).toMatch(/^; COOKIE: 0102030405060708[0-9a-f]{32}$/m);
    expect(text).toContain('\n; NSID: 6f 6e 65 ("one")\n');
    expect(await run('@a.edu far.org +subnet=10.1.2.3/16')).toContain(
      '\n; EDE: 20 (Not Authoritative)\n',
    );
  });

  test('+trace shows each step from the root', async () => {
    const steps = (await run('+trace www.edu')).split('\n').filter((line) => line !== '');
    expect(steps).toEqual([
      ';; www.edu A is not in the cache, so the resolver starts at the root. The resolver asks a.root iteratively: RD is 0',
      'edu.\t\t\t60\tIN\tNS\ta.edu.',
      expect.stringMatching(/^;; Received 68 bytes from 10.0.0.1#53\(a.root\) in 20 ms/),
      expect.stringMatching(/^;; a.root answered with a referral to the servers of edu/),
      'www.edu.\t\t60\tIN\tA\t10.0.0.80',
      ';; Received 52 bytes from 10.0.0.2#53(a.edu) in 20 ms',
      ';; Result: NOERROR',
      'www.edu.\t\t60\tIN\tA\t10.0.0.80',
    ]);
  });

  test('says what to do when the words make no sense', async () => {
    await expect(run('@10.0.0.1#x www')).rejects.toThrow('no such port: x (0 to 65535)');
  });
});

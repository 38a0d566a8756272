import { afterEach, describe, expect, test } from 'vitest';
import { fromHex, hex } from '../lib/bytes.ts';
import { ByteReader, type Host, type Server } from '../net/index.ts';
import { type SimHost, World } from '../net/sim/index.ts';
import { queryDns, stubLookup } from './client.ts';
import { authoritative } from './handlers/authoritative.ts';
import { chain } from './handlers/chain.ts';
import { type LogEntry, log } from './handlers/log.ts';
import type { Handler, Link } from './handlers/types.ts';
import { edns, message, question, reply } from './message.ts';
import { serveDns } from './server.ts';
import { MemoryZone, MemoryZones } from './store/memory-zone.ts';
import { parseZoneFile } from './store/zone-file.ts';
import type { Message, QueryType } from './types.ts';
import { decodeMessage, encodeMessage, formatRdata, frame, Unframer } from './wire/index.ts';

const CAMPUS = `$TTL 300
@ SOA ns admin 1 3600 900 604800 60
@ NS ns
@ MX 10 mail
ns A 10.0.0.1
mail A 10.0.0.2
mail AAAA ::2
www CNAME web
web A 10.0.0.3
out CNAME www.far.org.
over CNAME www.lab
gone CNAME nothing
loop CNAME loop
*.wild TXT "here"
sub NS ns.sub
ns.sub A 10.0.0.4
a.b A 10.0.0.5
$GENERATE 1-60 many A 10.1.0.$
`;
const LAB = '$TTL 9\n@ SOA ns.campus.edu. admin 1 2 3 4 60\n@ NS ns.campus.edu.\nwww A 10.0.0.6\n';

const zones = new MemoryZones([
  new MemoryZone('campus.edu.', parseZoneFile(CAMPUS, { origin: 'campus.edu.' })),
  new MemoryZone('lab.campus.edu.', parseZoneFile(LAB, { origin: 'lab.campus.edu.' })),
]);

const at = { address: '10.0.0.1', port: 53 };
let world: World;
let client: SimHost;
let server: Server;

async function start(handler: Handler, options = {}): Promise<void> {
  world = new World({ seed: 53, strict: true });
  client = world.host('client', { address: '10.0.0.100' });
  server = await world.run(
    serveDns(world.host('server', { address: '10.0.0.1' }), { handler, ...options }),
  );
}

/** Sends bytes in one datagram; gives the reply as text of hexadecimal, or `silence` after 1 s. */
async function datagram(host: Host, bytes: Uint8Array): Promise<string> {
  const socket = await world.run(host.network.bind({ port: 0 }));
  let got = 'silence';
  socket.onDatagram((received) => {
    got = hex(received.bytes);
  });
  socket.send(bytes, at);
  await world.runUntil(world.now + 1000);
  socket.close();
  return got;
}

describe('authoritative answers', () => {
  const section = (records: Message['answers']) =>
    records.map((record) => `${record.name} ${record.type} ${formatRdata(record)}`);

  test.each<[string, QueryType, string, boolean, string[], string[], string[]]>([
    ['web', 'A', 'NOERROR', true, ['web.campus.edu. A 10.0.0.3'], [], []],
    [
      'www',
      'A',
      'NOERROR',
      true,
      ['www.campus.edu. CNAME web.campus.edu.', 'web.campus.edu. A 10.0.0.3'],
      [],
      [],
    ],
    ['www', 'CNAME', 'NOERROR', true, ['www.campus.edu. CNAME web.campus.edu.'], [], []],
    ['out', 'A', 'NOERROR', true, ['out.campus.edu. CNAME www.far.org.'], [], []],
    [
      'over',
      'A',
      'NOERROR',
      true,
      ['over.campus.edu. CNAME www.lab.campus.edu.', 'www.lab.campus.edu. A 10.0.0.6'],
      [],
      [],
    ],
    ['gone', 'A', 'NXDOMAIN', true, ['gone.campus.edu. CNAME nothing.campus.edu.'], ['SOA'], []],
    ['loop', 'A', 'NOERROR', true, ['loop.campus.edu. CNAME loop.campus.edu.'], [], []],
    ['x.wild', 'TXT', 'NOERROR', true, ['x.wild.campus.edu. TXT "here"'], [], []],
    ['x.wild', 'A', 'NOERROR', true, [], ['SOA'], []],
    ['b', 'A', 'NOERROR', true, [], ['SOA'], []],
    ['nothing', 'A', 'NXDOMAIN', true, [], ['SOA'], []],
    [
      'deep.sub',
      'A',
      'NOERROR',
      false,
      [],
      ['sub.campus.edu. NS ns.sub.campus.edu.'],
      ['ns.sub.campus.edu. A 10.0.0.4'],
    ],
  ])('%s %s', async (name, type, rcode, aa, answers, authorities, additionals) => {
    await start(chain(authoritative(zones)));
    const asked = question(`${name}.campus.edu.`, type);
    const { message: got } = await world.run(queryDns(client, at, asked));
    expect([got.rcode, got.authoritative]).toEqual([rcode, aa]);
    expect(section(got.answers)).toEqual(answers);
    if (authorities[0] === 'SOA')
      expect(got.authorities[0]).toMatchObject({ type: 'SOA', ttl: 60 });
    else expect(section(got.authorities)).toEqual(authorities);
    expect(section(got.additionals)).toEqual(additionals);
  });

  test('MX brings the addresses of its hosts', async () => {
    await start(chain(authoritative(zones)));
    const { message: got } = await world.run(queryDns(client, at, question('campus.edu.', 'MX')));
    expect(section(got.additionals)).toEqual([
      'mail.campus.edu. A 10.0.0.2',
      'mail.campus.edu. AAAA ::2',
    ]);
  });

  test('ANY gets one RRset (RFC 8482 §4.1), strangers and transfers REFUSED', async () => {
    await start(chain(authoritative(zones)));
    const ask = async (name: string, type: QueryType) =>
      (await world.run(queryDns(client, at, question(name, type)))).message;
    expect(new Set((await ask('campus.edu.', 'ANY')).answers.map(({ type }) => type)).size).toBe(1);
    expect((await ask('far.org.', 'A')).rcode).toBe('REFUSED');
    expect((await ask('campus.edu.', 'AXFR')).rcode).toBe('REFUSED');
  });

  test('the case of the question is kept (RFC 4343 §4)', async () => {
    await start(chain(authoritative(zones)));
    const { message: got } = await world.run(
      queryDns(client, at, question('wEb.CAMPUS.edu.', 'A')),
    );
    expect(got.answers[0]?.name).toBe('wEb.CAMPUS.edu.');
  });
});

describe('on UDP', () => {
  const query = message({ id: 7, questions: [question('many.campus.edu.', 'A')] });

  test.each<[string, Message, number, boolean]>([
    ['512 octets without EDNS', query, 512, true],
    ['less than 512 counts as 512', { ...query, edns: edns(100) }, 512, true],
    ['the size of the client', { ...query, edns: edns(600) }, 600, true],
    ['but no more than our own', { ...query, edns: edns(4096) }, 1232, false],
  ])('the reply keeps to %s', async (_, sent, limit, truncated) => {
    await start(chain(authoritative(zones)));
    const bytes = fromHex(await datagram(client, encodeMessage(sent))) as Uint8Array;
    expect(bytes.length).toBeLessThanOrEqual(limit);
    const got = decodeMessage(bytes);
    expect(got.truncated).toBe(truncated);
    expect(got.edns === undefined).toBe(sent.edns === undefined);
  });

  test('a client that says less than 512 gets what fits into 512 (RFC 6891 §6.2.3)', async () => {
    await start(chain(authoritative(zones)));
    const small = message({ id: 7, questions: [question('campus.edu.', 'MX')], edns: edns(50) });
    const got = decodeMessage(fromHex(await datagram(client, encodeMessage(small))) as Uint8Array);
    expect([got.truncated, got.additionals.length]).toEqual([false, 2]);
  });

  test('a truncated reply leads the client to TCP', async () => {
    await start(chain(authoritative(zones)));
    const asked = question('many.campus.edu.', 'A');
    const got = await world.run(queryDns(client, at, asked, { edns: false }));
    expect(got.transport).toBe('tcp');
    expect(got.message.answers).toHaveLength(60);
  });

  test.each([
    ['responses', '0001 8000 0000 0000 0000 0000', 'silence'],
    ['less than a header', '0001 0000', 'silence'],
    ['counts that lie', '0001 0100 0001 0000 0000 0000', '000181010000000000000000'],
    ['two questions', '0001 0000 0002 0000 0000 0000 00 0001 0001 00 0001 0001', '00018001'],
    ['no question', '0001 0000 0000 0000 0000 0000', '00018001'],
    ['opcode 9', '0001 4800 0000 0000 0000 0000', '0001c804'],
    ['opcode 9 that we can not read', '0001 4800 0009 0000 0000 0000', '0001c804'],
    [
      'EDNS version 1 (BADVERS)',
      '0001 0000 0001 0000 0000 0001 00 0001 0001 00 0029 04d0 00010000 0000',
      '0001800000010000000000010000010001000029 04d0 01000000 0000',
    ],
  ])('answers rightly to %s', async (_, sent, expected) => {
    await start(chain(authoritative(zones)));
    const got = await datagram(client, fromHex(sent) as Uint8Array);
    expect(got.startsWith(expected.replaceAll(' ', ''))).toBe(true);
  });

  test('a handler that throws gives SERVFAIL, sync or async', async () => {
    const errors: unknown[] = [];
    const fail: Handler = ({ question }) => {
      if (question?.type === 'A') throw new Error('sync');
      return Promise.reject(new Error('async'));
    };
    await start(fail, { onError: (error: unknown) => errors.push(error) });
    for (const type of ['A', 'MX'] as const) {
      const got = await world.run(queryDns(client, at, question('x.', type)));
      expect(got.message.rcode).toBe('SERVFAIL');
    }
    expect(errors).toHaveLength(2);
  });
});

describe('on TCP', () => {
  const slow: Link = (next) => (request) => {
    if (!request.question?.name.startsWith('slow')) return next(request);
    return new Promise((resolve) => {
      client.clock.setTimer(500, () => resolve(reply(request.query)));
    });
  };
  const query = (id: number, name: string) =>
    frame(encodeMessage(message({ id, questions: [question(name, 'A')] })));

  afterEach(async () => {
    await world.run(server.close({ graceMs: 10 }));
  });

  test('several queries at a time, answered as they come, also byte by byte', async () => {
    await start(chain(slow, authoritative(zones)));
    const connection = await world.run(client.network.connect(at));
    const unframer = new Unframer();
    const got: number[] = [];
    const times: number[] = [];
    connection.attach({
      onData: (bytes) => {
        for (const one of unframer.push(bytes)) {
          got.push(decodeMessage(one).id);
          times.push(world.now);
        }
      },
      onClose: () => {},
    });
    const stream = [...query(1, 'slow.campus.edu.'), ...query(2, 'web.campus.edu.')];
    for (const byte of stream) connection.write(Uint8Array.of(byte));
    await world.runUntil(() => got.length === 2);
    expect(got).toEqual([2, 1]);
  });

  test('reads no further while too many are being worked on', async () => {
    let working = 0;
    let most = 0;
    const busy: Handler = (request) => {
      most = Math.max(most, ++working);
      return new Promise((resolve) => {
        client.clock.setTimer(10, () => {
          working--;
          resolve(reply(request.query));
        });
      });
    };
    await start(busy, { pipeline: 3 });
    const connection = await world.run(client.network.connect(at));
    const unframer = new Unframer();
    let got = 0;
    connection.attach({
      onData: (bytes) => {
        got += unframer.push(bytes).length;
      },
      onClose: () => {},
    });
    for (let id = 0; id < 20; id++) connection.write(query(id, 'x.'));
    await world.runUntil(world.now + 5);
    for (let id = 20; id < 40; id++) connection.write(query(id, 'x.'));
    await world.runUntil(() => got === 40);
    expect(most).toBe(3);
  });

  test('a silent connection is closed, and so is one too many', async () => {
    await start(chain(authoritative(zones)), { connections: 1, idleMs: 1000 });
    const first = await world.run(client.network.connect(at));
    const closed: string[] = [];
    let ended = 0;
    first.attach({
      onData() {},
      onEnd: () => {
        ended = world.now;
      },
      onClose: () => closed.push('first'),
    });
    const second = await world.run(client.network.connect(at));
    second.attach({ onData() {}, onClose: () => closed.push('second') });
    await world.runUntil(() => closed.length === 2);
    expect(closed).toEqual(['second', 'first']);
    expect(ended).toBeGreaterThan(999);
    expect(ended).toBeLessThan(1500);
    // Who does not close in answer is reset.
    expect(world.now).toBeLessThan(2500);
  });

  test('what is half said when the client ends is answered before the close', async () => {
    await start(chain(slow));
    const connection = await world.run(client.network.connect(at));
    const reader = new ByteReader(connection);
    connection.write(query(5, 'slow.'));
    connection.end();
    const bytes = await world.run(reader.readAll());
    expect(decodeMessage(bytes.subarray(2)).id).toBe(5);
  });
});

describe('clients', () => {
  test('ask again after a loss, and give up in time', async () => {
    await start(chain(authoritative(zones)));
    world.crash('server');
    const asked = question('web.campus.edu.', 'A');
    const got = world.run(queryDns(client, at, asked, { timeoutMs: 100, retries: 2 }));
    await expect(got).rejects.toMatchObject({ code: 'DNS_TIMEOUT', question: asked });
    expect(world.now).toBe(300);
  });

  test('can be stopped', async () => {
    await start(chain(authoritative(zones)));
    world.crash('server');
    const stop = new AbortController();
    const got = queryDns(client, at, question('x.', 'A'), { signal: stop.signal });
    client.clock.setTimer(50, () => stop.abort());
    await expect(world.run(got)).rejects.toMatchObject({ code: 'DNS_ABORTED' });
  });

  test('pass over replies that are forged, and retry without EDNS where it is unknown', async () => {
    await start(chain(authoritative(zones)));
    const old = world.host('old', { address: '10.0.0.7' });
    const forger = world.host('forger', { address: '10.6.6.6' });
    const socket = await world.run(old.network.bind({ port: 53 }));
    const other = await world.run(forger.network.bind({ port: 53 }));
    socket.onDatagram(({ bytes, from }) => {
      const query = decodeMessage(bytes);
      const lie = reply(query, {
        answers: [{ name: 'x.', type: 'A', class: 'IN', ttl: 1, address: '6.6.6.6' }],
      });
      other.send(encodeMessage(lie), from);
      socket.send(encodeMessage({ ...lie, id: query.id ^ 1 }), from);
      socket.send(encodeMessage({ ...lie, questions: [question('y.', 'A')] }), from);
      socket.send(encodeMessage({ ...lie, response: false }), from);
      socket.send(bytes.subarray(0, 9), from);
      const formerr = message({ id: query.id, response: true, rcode: 'FORMERR' });
      const honest = query.edns ? formerr : reply(query, { authoritative: true });
      socket.send(encodeMessage(honest), from);
    });
    const got = await world.run(
      queryDns(client, { address: '10.0.0.7', port: 53 }, question('x.', 'A')),
    );
    expect(got.message).toMatchObject({ rcode: 'NOERROR', authoritative: true, answers: [] });
  });

  test('a stub follows aliases, takes IPv6 where there is no IPv4, and may keep a cache', async () => {
    const heard: LogEntry[] = [];
    const link: Link = (next) => (request) =>
      log(client.clock, (entry) => heard.push(entry))(next)(request);
    const v6 = new MemoryZone(
      'six.',
      parseZoneFile('$TTL 5\n@ SOA a a 1 2 3 4 5\nwww AAAA ::1', { origin: 'six.' }),
    );
    const all = new MemoryZones([...zones.zones(), v6]);
    await start(chain(link, authoritative(all)));
    const lookup = stubLookup(client, at, { cache: true });
    expect(await world.run(lookup('www.campus.edu'))).toEqual(['10.0.0.3']);
    expect(await world.run(lookup('WWW.campus.edu.'))).toEqual(['10.0.0.3']);
    expect(heard).toHaveLength(1);
    expect(await world.run(lookup('www.six'))).toEqual(['::1']);
    expect(await world.run(lookup('10.0.0.9'))).toEqual(['10.0.0.9']);
    await world.runUntil(world.now + 300_000);
    expect(await world.run(lookup('www.campus.edu'))).toEqual(['10.0.0.3']);
    expect(heard.map(({ rcode, answers }) => `${rcode} ${answers}`)).toEqual([
      'NOERROR 2',
      'NOERROR 0',
      'NOERROR 1',
      'NOERROR 2',
    ]);
  });
});

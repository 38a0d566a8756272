/** Conversations byte by byte, against our server and against our client. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  authoritative,
  chain,
  decodeMessage,
  frame,
  MemoryZone,
  MemoryZones,
  parseZoneFile,
  type Question,
  queryDns,
  serveDns,
} from '../../src/dns/index.ts';
import { fromHex, hex } from '../../src/lib/bytes.ts';
import { ByteReader } from '../../src/net/index.ts';
import { World } from '../../src/net/sim/index.ts';

const SOA = '$TTL 300\n@ SOA ns admin 1 3600 900 604800 60\n@ NS ns\nns A 127.20.3.53\n';
const ZONES = {
  'campus.edu.': `${SOA}www A 127.20.3.80\nftp CNAME www\nold DNAME new\nwww.new A 127.20.3.81\n`,
  '.': `${SOA}edu. NS a.edu.\na.edu. A 127.20.2.1\n`,
};
const zones = Object.entries(ZONES).map(
  ([origin, text]) => new MemoryZone(origin, parseZoneFile(text, { origin })),
);

/** The bytes of all lines of one speaker: hexadecimal, "text", and comments after a semicolon. */
function said(text: string, speaker: 'C' | 'S'): Uint8Array {
  const lines = text.split('\n').filter((line) => line.startsWith(`${speaker}: `));
  const digits = lines
    .map((line) => line.slice(3).replace(/;.*/, ''))
    .join(' ')
    .replace(/"([^"]*)"/g, (_, quoted: string) => hex(new TextEncoder().encode(quoted)));
  return fromHex(digits) as Uint8Array;
}

const folder = join(import.meta.dirname, 'dns');
const at = { address: '10.0.0.1', port: 53 };

describe.each(readdirSync(folder))('%s', (file) => {
  const text = readFileSync(join(folder, file), 'utf8');
  const [query, reply] = [said(text, 'C'), said(text, 'S')];
  const zone = text.includes('Zone: the root') ? zones[1] : zones[0];

  test.each(['udp', 'tcp'])('our server, on %s', async (transport) => {
    const world = new World({ seed: 1, strict: true });
    const client = world.host('client', { address: '10.0.0.2' });
    const handler = chain(authoritative(new MemoryZones(zone ? [zone] : [])));
    await world.run(serveDns(world.host('server', { address: at.address }), { handler }));
    let got = '';
    if (transport === 'udp') {
      const socket = await world.run(client.network.bind({ port: 0 }));
      socket.onDatagram(({ bytes }) => {
        got = hex(bytes);
      });
      socket.send(query, at);
      await world.runUntil(() => got !== '');
    } else {
      const reader = new ByteReader(await world.run(client.network.connect(at)));
      for (const byte of frame(query)) reader.connection.write(Uint8Array.of(byte));
      got = hex(await world.run(reader.readExactly(reply.length + 2))).slice(4);
    }
    expect(got).toBe(hex(reply));
  });

  if (text.includes('For servers only')) return;

  test('our client', async () => {
    const world = new World({ seed: 1, strict: true });
    const socket = await world.run(
      world.host('server', { address: at.address }).network.bind({ port: 53 }),
    );
    let asked = '';
    socket.onDatagram(({ bytes, from }) => {
      asked = hex(bytes);
      const answer = reply.slice();
      answer.set(bytes.subarray(0, 2));
      socket.send(answer, from);
    });
    const expected = decodeMessage(query);
    const got = await world.run(
      queryDns(
        world.host('client', { address: '10.0.0.2' }),
        at,
        expected.questions[0] as Question,
        {
          edns: false,
          rd: expected.recursionDesired,
        },
      ),
    );
    expect(asked.slice(4)).toBe(hex(query).slice(4));
    expect({ ...got.message, id: 0 }).toEqual({ ...decodeMessage(reply), id: 0 });
  });
});

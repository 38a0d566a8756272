import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latin1 } from '../../src/lib/bytes.ts';
import { ProtocolError } from '../../src/lib/errors.ts';
import { ByteReader, type Host } from '../../src/net/index.ts';
import { realHost } from '../../src/net/real/index.ts';
import { World } from '../../src/net/sim/index.ts';
import { greet, greetingDissector, serveGreeting } from './index.ts';
import { Session } from './machine/session.ts';
import { encodeRequest, parseRequest } from './wire/message.ts';

describe('requests', () => {
  it.each([
    ['GREET ann', { type: 'greet', name: 'ann' }],
    ['greet Bob', { type: 'greet', name: 'Bob' }],
    ['BYE', { type: 'bye' }],
  ])('%j', (line, request) => {
    expect(parseRequest(line)).toEqual(request);
  });

  it.each(['', 'GREET', 'GREET a b', 'HELLO ann', 'BYE now'])('%j is refused', (line) => {
    expect(() => parseRequest(line)).toThrow(ProtocolError);
  });

  it('come back as they were sent', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!-~]{1,50}$/), (name) => {
        const line = new TextDecoder().decode(encodeRequest({ type: 'greet', name })).trimEnd();
        expect(parseRequest(line)).toEqual({ type: 'greet', name });
      }),
      { seed: 1 },
    );
  });
});

it('a session says the same whole and byte by byte, whatever comes', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (text) => {
      const bytes = latin1(text);
      const single = new Session();
      const pieces = [...bytes].flatMap((byte) => single.receive(Uint8Array.of(byte)));
      const whole = new Session().receive(bytes);
      if (text.length <= 256) expect(pieces).toEqual(whole);
    }),
    { seed: 2 },
  );
});

/** `C:` and `S:` lines, played against the server. */
const TRANSCRIPT = `C: GREET ann
S: 250 Hello ann
C: SING
S: 500 expected GREET and a name, or BYE
C: BYE
S: 221 Bye`;

async function play(client: Host, server: Host): Promise<void> {
  const { local, close } = await serveGreeting(server, { port: 0 });
  expect(await greet(client, local, 'ann')).toBe('Hello ann');
  const reader = new ByteReader(await client.network.connect(local));
  for (const line of TRANSCRIPT.split('\n')) {
    if (line.startsWith('C: ')) await reader.write(latin1(`${line.slice(3)}\r\n`));
    else expect(await reader.readLine()).toBe(line.slice(3));
  }
  expect(await reader.readLine()).toBeNull();
  reader.end();
  await close();
}

it('is the same on the simulated network', async () => {
  const world = new World({ seed: 1 });
  await world.run(play(world.host('ann', { latency: 10 }), world.host('server')));
});

it('and on real sockets', async () => {
  const host = realHost();
  await play(host, host);
  await host.close();
});

it('is dissected line by line', () => {
  const reader = greetingDissector.stream?.();
  expect(reader?.push('client', latin1('GREET an'))).toEqual([]);
  const [message] = reader?.push('client', latin1('n\r\n')) ?? [];
  expect(message).toMatchObject({ length: 11, summary: 'GREET ann', role: 'request' });
  expect(message?.fields()).toMatchObject([
    { name: 'Verb', start: 0, end: 5 },
    { name: 'Text', start: 6, end: 9 },
  ]);
});

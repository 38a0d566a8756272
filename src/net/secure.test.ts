/** TLS on both networks: the same words, the same refusals. */
import { describe, expect, test } from 'vitest';
import { Authority, newAuthority } from '../ca/index.ts';
import { utf8 } from '../lib/bytes.ts';
import { ByteReader } from './byte-reader.ts';
import { realHost } from './real/index.ts';
import { simulatedAuthority, World } from './sim/index.ts';
import type { Certificate, Connection, Host } from './types.ts';

interface Ground {
  readonly client: Host;
  readonly server: Host;
  readonly trusted: string;
  issue(names: readonly string[]): Promise<Certificate>;
}

function onBoth(name: string, story: (ground: Ground) => Promise<void>): void {
  test(`${name} (real)`, async () => {
    const host = realHost();
    const keys = await newAuthority('test', Date.now());
    const authority = await Authority.open(keys, Date.now);
    const issue = (names: readonly string[]) => authority.issue(names);
    await story({ client: host, server: host, trusted: authority.certificate, issue });
    await host.close();
  });
  test(`${name} (simulated)`, async () => {
    const world = new World({ seed: 3 });
    const [client, server] = [world.host('alice', { latency: 20 }), world.host('bob')];
    const authority = simulatedAuthority('test');
    const issue = async (names: readonly string[]) => authority.issue(names);
    await world.run(story({ client, server, trusted: authority.certificate, issue }));
  });
}

/** Greets in capitals on a secure connection; gives what became of the handshake. */
async function greeter({ server, issue }: Ground, names: readonly string[]) {
  const certificate = await issue(names);
  const outcomes: Promise<string>[] = [];
  const listener = await server.network.listen({ port: 0 }, (plain) => {
    outcomes.push(
      secured(server, plain, {
        role: 'server',
        certificateFor: (name) => (name === 'unknown.test' ? undefined : certificate),
      }).then(
        async (connection) => {
          if (names.length > 1) return 'greeted';
          const reader = new ByteReader(connection);
          connection.write(utf8(`HELLO ${await reader.readLine()}\n`));
          connection.end();
          return 'greeted';
        },
        (error) => error.code,
      ),
    );
  });
  return { listener, outcomes };
}

function secured(host: Host, connection: Connection, options: Parameters<Secure>[1]) {
  return (host.network.secure as Secure)(connection, options);
}

type Secure = NonNullable<Host['network']['secure']>;

describe('secure connections', () => {
  onBoth('words after the handshake', async (ground) => {
    const { listener, outcomes } = await greeter(ground, ['bob.test']);
    const at = { address: ground.server.address, port: listener.local.port };
    const plain = await ground.client.network.connect(at);
    const connection = await secured(ground.client, plain, {
      role: 'client',
      serverName: 'bob.test',
      authorities: [ground.trusted],
    });
    connection.write(utf8('alice\n'));
    const reader = new ByteReader(connection);
    expect(await reader.readLine()).toBe('HELLO alice');
    expect(await reader.read()).toBeNull();
    connection.end();
    expect(await outcomes[0]).toBe('greeted');
    await listener.close();
  });

  onBoth('refusals: other names, other authorities, no certificate', async (ground) => {
    const { listener, outcomes } = await greeter(ground, ['bob.test', '*.bob.test']);
    const at = { address: ground.server.address, port: listener.local.port };
    const attempt = async (serverName: string, authorities: string[], verify = true) => {
      const plain = await ground.client.network.connect(at);
      const options = { role: 'client', serverName, authorities, verify } as const;
      return secured(ground.client, plain, options);
    };
    const insecure = { code: 'NET_INSECURE' };
    await expect(attempt('eve.test', [ground.trusted])).rejects.toMatchObject(insecure);
    await expect(attempt('bob.test', [])).rejects.toMatchObject(insecure);
    // Node's server hangs up without a word where it has no certificate.
    const nameless = { code: expect.stringMatching(/^NET_(INSECURE|RESET|CLOSED)$/) };
    await expect(attempt('unknown.test', [ground.trusted])).rejects.toMatchObject(nameless);
    expect(await Promise.all(outcomes)).not.toContain('greeted');
    (await attempt('a.bob.test', [ground.trusted])).end();
    (await attempt('eve.test', [], false)).end();
    expect((await Promise.all(outcomes)).slice(3)).toEqual(['greeted', 'greeted']);
    await listener.close();
  });

  onBoth('who does not speak TLS is given up in time', async (ground) => {
    const listener = await ground.server.network.listen({ port: 0 }, (connection) => {
      connection.attach({ onData() {}, onClose() {} });
    });
    const at = { address: ground.server.address, port: listener.local.port };
    const plain = await ground.client.network.connect(at);
    const asked = secured(ground.client, plain, {
      role: 'client',
      serverName: 'bob.test',
      timeoutMs: 50,
    });
    await expect(asked).rejects.toMatchObject({ code: 'NET_TIMEOUT' });
    await listener.close();
  });

  test('a handshake of the simulated network takes the client one round trip', async () => {
    const world = new World({ seed: 4 });
    const [alice, bob] = [world.host('alice', { latency: 30 }), world.host('bob')];
    const authority = simulatedAuthority('test');
    const ready: number[] = [];
    const took = await world.run(
      (async () => {
        const certificate = authority.issue(['bob.test']);
        const { local } = await bob.network.listen({ port: 443 }, async (plain) => {
          await secured(bob, plain, { role: 'server', certificateFor: () => certificate });
          ready.push(bob.clock.now());
        });
        const plain = await alice.network.connect(local);
        const began = alice.clock.now();
        const options = { role: 'client', serverName: 'bob.test' } as const;
        await secured(alice, plain, { ...options, authorities: ['test'] });
        const took = alice.clock.now() - began;
        await new Promise<void>((resolve) => alice.clock.setTimer(100, resolve));
        ready.push(-began);
        return took;
      })(),
    );
    expect(took).toBe(60);
    expect((ready[0] as number) + (ready[1] as number)).toBe(90);
  });
});

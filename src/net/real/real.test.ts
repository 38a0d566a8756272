import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { utf8 } from '../../lib/bytes.ts';
import { deferred } from '../../lib/deferred.ts';
import type { Endpoint } from '../../lib/endpoint.ts';
import { TraceBus, type TraceEvent } from '../../trace/index.ts';
import { ByteReader } from '../byte-reader.ts';
import { sleep } from '../time.ts';
import type { Connection } from '../types.ts';
import { holderOf } from './holder.ts';
import {
  identityPlan,
  mappedPlan,
  realClock,
  realFiles,
  realHost,
  secureRandom,
  sharedAddressPlan,
} from './index.ts';

const ignore = () => {};

describe('what leaves the machine', () => {
  test.each(['0.0.0.0', '::', '192.0.2.1', '10.0.0.1'])(
    '%s is not bound without expose',
    async (address) => {
      const host = realHost();
      const refusal = { code: 'NET_NOT_PERMITTED', message: expect.stringContaining('expose') };
      await expect(host.network.listen({ port: 0, address }, ignore)).rejects.toMatchObject(
        refusal,
      );
      await expect(host.network.bind({ port: 0, address })).rejects.toMatchObject(refusal);
    },
  );

  test('nothing outside is connected to, or sent to, without expose', async () => {
    const trace = new TraceBus();
    const events: TraceEvent[] = [];
    trace.subscribe((event) => void events.push(event));
    const host = realHost({ trace });
    const outside = { address: '192.0.2.1', port: 9 };
    await expect(host.network.connect(outside)).rejects.toMatchObject({
      code: 'NET_NOT_PERMITTED',
    });
    const socket = await host.network.bind({ port: 0 });
    socket.send(utf8('x'), outside);
    expect(events.at(-1)).toMatchObject({ kind: 'drop', text: expect.stringContaining('outside') });
    await host.close();
  });

  test('with expose, all addresses may be bound', async () => {
    const host = realHost({ expose: true });
    const listener = await host.network.listen({ port: 0, address: '0.0.0.0' }, ignore);
    expect(listener.local.address).toBe('0.0.0.0');
    await host.close();
  });

  test('::1 is a loopback address, and a name is none', async () => {
    const host = realHost({ address: '::1' });
    const { local } = await host.network.listen({ port: 0 }, ignore);
    const connection = await host.network.connect(local);
    expect(connection.local.address).toBe('::1');
    const named = host.network.connect({ address: 'localhost', port: 1 });
    await expect(named).rejects.toMatchObject({ code: 'NET_INVALID' });
    expect(() => realHost({ address: 'localhost' })).toThrow('not an address');
    await host.close();
  });
});

describe('who holds a port', () => {
  test.runIf(platform() === 'linux')('another process is named, with its id', async () => {
    const program = `require('net').createServer().listen(0, '127.0.0.9', function () { console.log(this.address().port); })`;
    const child = spawn(process.execPath, ['-e', program]);
    const [line] = (await once(child.stdout, 'data')) as [Uint8Array];
    const at = { address: '127.0.0.9', port: Number(String(line)) };
    const host = realHost();
    await expect(host.network.listen(at, ignore)).rejects.toMatchObject({
      code: 'NET_IN_USE',
      message: expect.stringMatching(
        new RegExp(`^tcp 127\\.0\\.0\\.9:\\d+ is in use by .+ \\(process ${child.pid}\\)$`),
      ),
    });
    child.kill();
  });

  test('a port that nobody holds is held by another program, as far as one can see', async () => {
    expect(await holderOf({ address: '127.0.0.8', port: 1 }, 'udp')).toBe('another program');
  });
});

test.runIf(platform() === 'linux')('a port is shared by those that all say so', async () => {
  const [one, two, other] = [realHost(), realHost(), realHost()];
  const first = await one.network.bind({ port: 0, shared: true });
  const at = { port: first.local.port };
  await two.network.bind({ ...at, shared: true });
  await one.network.listen({ ...at, shared: true }, ignore);
  await two.network.listen({ ...at, shared: true }, ignore);
  const refused = { code: 'NET_IN_USE' };
  await expect(other.network.bind(at)).rejects.toMatchObject(refused);
  await expect(other.network.listen(at, ignore)).rejects.toMatchObject(refused);
  await Promise.all([one, two, other].map((host) => host.close()));
});

describe('the port plan', () => {
  test('knows both ways what it has learnt, until it forgets', () => {
    const plan = mappedPlan();
    const virtual = { address: '127.20.0.80', port: 80 };
    const real = { address: '127.0.0.1', port: 8080 };
    expect(plan.toReal(virtual, 'tcp')).toEqual(virtual);
    plan.learn(virtual, real, 'tcp');
    expect(plan.toReal(virtual, 'tcp')).toEqual(real);
    expect(plan.toReal(virtual, 'udp')).toEqual(virtual);
    expect(plan.toVirtual(real, 'tcp')).toEqual(virtual);
    plan.forget(virtual, 'tcp');
    expect(plan.toVirtual(real, 'tcp')).toEqual(real);
    expect(identityPlan.toReal(virtual, 'tcp')).toBe(virtual);
  });

  test('two hosts on one real address have each their own port 80 and 53', async () => {
    const ports = sharedAddressPlan();
    const [client, first, second] = ['127.20.0.1', '127.20.0.2', '127.20.0.3'].map((address) =>
      realHost({ address, ports, name: address }),
    ) as [ReturnType<typeof realHost>, ReturnType<typeof realHost>, ReturnType<typeof realHost>];
    const remotes: Endpoint[] = [];
    for (const host of [first, second]) {
      await host.network.listen({ port: 80 }, (connection) => {
        remotes.push(connection.remote);
        connection.write(utf8(host.name));
        connection.end();
      });
      const socket = await host.network.bind({ port: 53 });
      socket.onDatagram(({ bytes, from }) => socket.send(bytes, from));
    }
    for (const host of [second, first]) {
      const connection = await client.network.connect({ address: host.address, port: 80 });
      expect(connection.remote).toEqual({ address: host.address, port: 80 });
      expect(new TextDecoder().decode(await new ByteReader(connection).readAll())).toBe(host.name);
      expect(remotes.at(-1)).toEqual(connection.local);
      expect(connection.local.address).toBe(client.address);
      const socket = await client.network.bind({ port: 0 });
      const answer = deferred<Endpoint>();
      socket.onDatagram(({ from }) => answer.resolve(from));
      socket.send(utf8('?'), { address: host.address, port: 53 });
      expect(await answer.promise).toEqual({ address: host.address, port: 53 });
    }
    const nobody = client.network.connect({ address: first.address, port: 81 });
    await expect(nobody).rejects.toMatchObject({ code: 'NET_REFUSED' });
    await Promise.all([client, first, second].map((host) => host.close()));
  });
});

describe('a host that stops', () => {
  test('takes its listeners, connections, attempts and timers with it', async () => {
    const host = realHost({ name: 'mayfly' });
    const peer = realHost();
    const accepted = deferred<Connection>();
    const { local } = await host.network.listen({ port: 0 }, accepted.resolve);
    const socket = await host.network.bind({ port: 0 });
    const far = new ByteReader(await peer.network.connect(local));
    await accepted.promise;
    host.clock.setTimer(1, () => {
      throw new Error('a timer of a stopped host fired');
    });
    await host.close();
    await expect(far.read()).rejects.toMatchObject({ code: 'NET_RESET' });
    await expect(peer.network.connect(local)).rejects.toMatchObject({ code: 'NET_REFUSED' });
    await expect(host.network.connect(local)).rejects.toMatchObject({
      code: 'NET_CLOSED',
      message: 'host mayfly is stopped',
    });
    const again = await peer.network.bind(socket.local);
    again.close();
    await host.close();
    await peer.close();
  });
});

describe('the clock', () => {
  test('never fires early, and several hosts share one', async () => {
    const clock = realClock();
    const host = realHost({ clock });
    for (const ms of [0, 0.3, 1, 2.5]) {
      const start = clock.now();
      await sleep(host.clock, ms);
      expect(clock.now() - start).toBeGreaterThanOrEqual(ms);
    }
    expect(Math.abs(host.clock.epoch + host.clock.now() - Date.now())).toBeLessThan(1000);
  });

  describe('on timers that are early or short', () => {
    let now = 0;
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      vi.spyOn(performance, 'now').mockImplementation(() => now);
    });
    afterEach(() => {
      vi.useRealTimers();
      vi.restoreAllMocks();
    });

    test('waits on when it is woken early', () => {
      now = 0;
      const fired: number[] = [];
      realClock().setTimer(10, () => void fired.push(now));
      now = 9.9;
      vi.advanceTimersByTime(10);
      expect(fired).toEqual([]);
      now = 10.4;
      vi.advanceTimersByTime(1);
      expect(fired).toEqual([10.4]);
    });

    test('keeps timers of months, which setTimeout cannot', () => {
      now = 0;
      const fired: number[] = [];
      realClock().setTimer(30 * 86_400_000, () => void fired.push(now));
      for (let day = 1; day <= 30; day++) {
        expect(vi.getTimerCount()).toBe(1);
        now = day * 86_400_000;
        vi.advanceTimersByTime(86_400_000);
        if (day === 1) expect(vi.mocked(performance.now).mock.calls.length).toBeLessThan(10);
      }
      expect(fired).toEqual([now]);
    });
  });
});

test('luck is the system’s, in any amount', () => {
  const random = secureRandom();
  const drawn = new Set(Array.from({ length: 3000 }, () => random.uint32()));
  expect(drawn.size).toBeGreaterThan(2990);
  expect(random.fork('x').bytes(100_000).length).toBe(100_000);
});

describe('the disk', () => {
  const folders: string[] = [];
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

  test('lets no link lead out of the folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'links-'));
    folders.push(folder);
    const root = join(folder, 'root');
    await mkdir(join(folder, 'outside'));
    await writeFile(join(folder, 'outside', 'secret'), 'x');
    const files = realFiles(root);
    await files.write('/inside', utf8('fine'));
    await symlink(join(folder, 'outside'), join(root, 'dir'));
    await symlink(join(folder, 'outside', 'secret'), join(root, 'file'));
    await symlink(join(folder, 'outside', 'new'), join(root, 'dangling'));
    await symlink('inside', join(root, 'good'));
    expect(await files.read('/good')).toEqual(utf8('fine'));
    for (const attempt of [
      () => files.read('/file'),
      () => files.read('/dir/secret'),
      () => files.list('/dir'),
      () => files.write('/file', utf8('y')),
      () => files.write('/dangling', utf8('y')),
      () => files.open('/dangling', 'write'),
      () => files.makeDirectory('/dir/sub'),
      () => files.rename('/inside', '/dir/inside'),
      () => files.remove('/dir/secret'),
    ]) {
      await expect(attempt(), String(attempt)).rejects.toMatchObject({
        code: 'FILE_NOT_PERMITTED',
      });
    }
    await files.remove('/file');
    expect(await realFiles(join(folder, 'outside')).list('/')).toEqual(['secret']);
  });
});

test('a peer that resets before it is attached, and one that never speaks, do no harm', async () => {
  const host = realHost();
  const server = createServer((socket) => socket.resetAndDestroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const outcome = await host.network.connect({ address: '127.0.0.1', port }).then(
    async (connection) => {
      const closed = deferred<string>();
      connection.attach({ onData() {}, onClose: (why) => closed.resolve(why.kind) });
      return closed.promise;
    },
    (error: { kind: string }) => error.kind,
  );
  expect(outcome).toBe('reset');
  server.close();
  await host.close();
});

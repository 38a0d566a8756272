import { expect } from 'vitest';
import { utf8 } from '../../src/lib/bytes.ts';
import { deferred } from '../../src/lib/deferred.ts';
import type { Connection, Host } from '../../src/net/index.ts';
import type { TraceEvent } from '../../src/trace/index.ts';
import { Listening } from './conversation.ts';
import { inLaboratory } from './in-laboratory.ts';
import type { NewLaboratory } from './laboratory.ts';

export function traceTests(laboratory: NewLaboratory): void {
  const test = inLaboratory(laboratory);

  test('records a conversation the same way everywhere', async ([alice, bob], lab) => {
    const served = deferred<void>();
    const listener = await bob.network.listen({ port: 0, service: 'talk' }, (connection) => {
      serve(connection, served.resolve);
    });
    const near = new Listening(await alice.network.connect(listener.local));
    near.connection.write(utf8('question'));
    near.connection.end();
    await near.closed.promise;
    await served.promise;
    await listener.close();
    expect(kindsOf(alice, lab.events)).toEqual([
      'open',
      'send',
      'end',
      'receive',
      'end',
      'close end',
    ]);
    expect(kindsOf(bob, lab.events)).toEqual([
      'bind talk',
      'accept',
      'receive',
      'end',
      'send',
      'end',
      'close end',
      'unbind talk',
    ]);
    const client = near.connection.local;
    for (const kind of ['open', 'accept']) {
      expect(lab.events.find((event) => event.kind === kind)).toMatchObject({
        from: client,
        to: listener.local,
      });
    }
    const said = lab.events.filter((event) => event.kind === 'send');
    expect(said.map((event) => [event.from, event.to, event.bytes])).toEqual([
      [client, listener.local, utf8('question')],
      [listener.local, client, utf8('answer')],
    ]);
  });

  test('records refusals, resets and datagrams', async ([alice, bob], lab) => {
    const closed = deferred<void>();
    const listener = await bob.network.listen({ port: 0 }, (connection) => {
      connection.attach({ onData: () => connection.destroy(), onClose: () => closed.resolve() });
    });
    const near = new Listening(await alice.network.connect(listener.local));
    near.connection.write(utf8('go away'));
    await Promise.all([near.closed.promise, closed.promise]);
    await listener.close();
    await expect(alice.network.connect(listener.local)).rejects.toThrow();
    const [from, to] = [await alice.network.bind({ port: 0 }), await bob.network.bind({ port: 0 })];
    const received = deferred<void>();
    to.onDatagram(() => received.resolve());
    from.send(utf8('ping'), to.local);
    await received.promise;
    from.close();
    expect(kindsOf(alice, lab.events)).toEqual([
      'open',
      'send',
      'close reset',
      'refused refused',
      'bind',
      'send',
      'unbind',
    ]);
    expect(kindsOf(bob, lab.events)).toEqual([
      'bind',
      'accept',
      'receive',
      'close destroyed',
      'unbind',
      'bind',
      'receive',
    ]);
  });
}

function serve(connection: Connection, closed: () => void): void {
  connection.attach({
    onData() {},
    onEnd() {
      connection.write(utf8('answer'));
      connection.end();
    },
    onClose: closed,
  });
}

function kindsOf(host: Host, events: readonly TraceEvent[]): string[] {
  const own = events.filter((event) => event.host === host.name);
  return own.map((event) =>
    event.text === undefined ? event.kind : `${event.kind} ${event.text}`,
  );
}

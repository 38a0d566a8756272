/** A proxy, an origin and a client in a simulated world, and words that are exchanged with the proxy. */
import { type Handler, serveHttp } from '../../src/http/index.ts';
import { fromUtf8, utf8 } from '../../src/lib/bytes.ts';
import { NetworkError } from '../../src/lib/errors.ts';
import { ByteReader, type Host, type Lookup, type Server } from '../../src/net/index.ts';
import { World } from '../../src/net/sim/index.ts';
import { type ProxyOptions, serveProxy } from '../../src/proxy/server.ts';

export class ProxyStage {
  readonly world: World = new World({ seed: 'proxy', strict: true });
  readonly origin: Host = this.world.host('origin');
  readonly edge: Host = this.world.host('edge');
  readonly alice: Host = this.world.host('alice');

  constructor() {
    this.world.links({ latency: 5 });
  }

  readonly lookup: Lookup = async (name) => {
    if (name === 'www.a') return [this.origin.address];
    if (name === 'edge') return [this.edge.address];
    throw new NetworkError('unreachable', `there is no ${name}`);
  };

  serve(handler: Handler, port = 80): Promise<Server> {
    return this.world.run(serveHttp(this.origin, { handler, port, serverName: '' }));
  }

  proxy(options: ProxyOptions = {}): Promise<Server> {
    const { edge, lookup } = this;
    return this.world.run(serveProxy(edge, { lookup, name: 'edge', port: 8080, ...options }));
  }

  asks(text: string, ...more: readonly string[]): Promise<string> {
    return this.world.run(this.talk(text, ...more));
  }

  /** Says something to the proxy and reads until it ends. */
  async talk(text: string, ...more: readonly string[]): Promise<string> {
    const { alice, edge } = this;
    const connection = await alice.network.connect({ address: edge.address, port: 8080 });
    const reader = new ByteReader(connection);
    connection.write(utf8(text));
    for (const piece of more) connection.write(utf8(piece));
    const all = fromUtf8(await reader.readAll());
    reader.end();
    return all;
  }
}

/** Answers with the request as it came. */
export const mirror: Handler = async ({ method, target, version, headers, body }) => {
  const text = await body.text();
  const trailers = [...body.trailers].map(([name, value]) => `${name}: ${value}`);
  const lines = [...headers].map(([name, value]) => `${name}: ${value}`);
  return {
    status: 200,
    body: [`${method} ${target} HTTP/${version}`, ...lines, '', text, ...trailers].join('\n'),
  };
};

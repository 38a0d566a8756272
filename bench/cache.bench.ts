/** A hit in our cache beside nginx's proxy_cache, squid and varnish, by requests per second of the server's processor time. */
import type { Bench } from './bench.ts';
import { compare, KEPT, rows } from './http.bench.ts';
import { startNginx, startOwn, startSquid, startVarnish } from './web-peers.ts';

export const bench: Bench = {
  name: 'cache',
  async run() {
    const origin = await startOwn('origin');
    const servers = [await startOwn('cache', String(origin.port))];
    for (const start of [startNginx, startSquid, startVarnish]) {
      servers.push(await start(origin.port));
    }
    const figures = await compare(servers, KEPT);
    for (const server of [...servers, origin]) await server.stop();
    const goals = { nginx: 1, squid: 1, varnish: 1 };
    return rows('1 KiB from the cache, 64 kept connections', figures, goals);
  },
};

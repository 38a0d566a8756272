/**
 * Every malformed message at a proxy with a cache: a request goes no further, an answer reaches no
 * client as whole and is not kept.
 */
import { describe, expect, test } from 'vitest';
import { HttpCache } from '../../src/cache/index.ts';
import { HttpClient, serveHttp } from '../../src/http/index.ts';
import type { AppError } from '../../src/lib/errors.ts';
import { World } from '../../src/net/sim/index.ts';
import { serveProxy } from '../../src/proxy/index.ts';
import { exchange, pieces } from './malformed/exchange.ts';
import { REFUSED_BODIES } from './malformed/request-bodies.ts';
import { REFUSED_HEADS } from './malformed/request-heads.ts';
import { REFUSED_RESPONSES } from './malformed/responses.ts';
import { type Row, verdictOf } from './malformed/row.ts';

function stage() {
  const world = new World({ seed: 1, strict: true });
  const [client, edge, origin] = ['client', 'edge', 'origin'].map((name) => world.host(name)) as [
    ReturnType<World['host']>,
    ReturnType<World['host']>,
    ReturnType<World['host']>,
  ];
  const cache = new HttpCache(edge);
  const proxy = () => serveProxy(edge, { port: 8080, reverse: `http://${origin.address}`, cache });
  return { world, client, edge, origin, cache, proxy };
}

describe('requests', () => {
  test.each([...REFUSED_HEADS, ...REFUSED_BODIES])('%s', async (...row) => {
    const { status, spec } = verdictOf(row as Row);
    for (const parts of pieces(row[1])) {
      const { world, client, origin, cache, proxy } = stage();
      const whole: string[] = [];
      const run = async () => {
        await serveHttp(origin, {
          async handler(request) {
            await request.body.bytes();
            whole.push(request.target);
            return { status: 200, headers: { 'Cache-Control': 'max-age=60' } };
          },
        });
        const { local } = await proxy();
        return exchange(client, local, parts);
      };
      const heard = await world.run(run());
      await world.run();
      expect(whole).toEqual([]);
      expect(cache.view()).toEqual([]);
      expect(heard).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(heard).toContain(spec);
      expect(heard.match(/^HTTP\/1\.1 \d{3} /gm)).toHaveLength(1);
    }
  });
});

describe('responses', () => {
  const called = REFUSED_RESPONSES.filter((row) => verdictOf(row).code !== 'HTTP_UNEXPECTED');

  test.each(called)('%s', async (...row) => {
    for (const parts of pieces(row[1])) {
      const { world, client, edge, origin, cache, proxy } = stage();
      const run = async () => {
        await origin.network.listen({ port: 80 }, (connection) => {
          connection.attach({
            onData: () => {
              parts.forEach((part, i) => {
                origin.clock.setTimer(i, () => connection.write(part));
              });
              origin.clock.setTimer(parts.length, () => connection.end());
            },
            onClose: () => {},
          });
        });
        await proxy();
        const { status, body } = await new HttpClient(client).get(`http://${edge.address}:8080/`);
        return `${status} ${await body.text()}`;
      };
      const told = run().catch((error: AppError) => `broken off: ${error.code}`);
      const outcome = await world.run(told);
      await world.run();
      expect(outcome).toMatch(/^502 [\s\S]*\(RFC \d+ §|^broken off: (HTTP_INCOMPLETE|NET_RESET)/);
      expect(cache.view().filter(({ complete }) => complete)).toEqual([]);
    }
  });
});

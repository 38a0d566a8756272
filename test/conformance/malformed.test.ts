/**
 * Every malformed message against a server and a client that run, whole and byte by byte: what the
 * peer sees is the verdict of the table, and nothing of it reaches a handler or a caller as whole.
 */
import { describe, expect, test } from 'vitest';
import { HttpClient, serveHttp } from '../../src/http/index.ts';
import type { AppError } from '../../src/lib/errors.ts';
import { World } from '../../src/net/sim/index.ts';
import { exchange, pieces } from './malformed/exchange.ts';
import { REFUSED_BODIES } from './malformed/request-bodies.ts';
import { REFUSED_HEADS } from './malformed/request-heads.ts';
import { REFUSED_RESPONSES } from './malformed/responses.ts';
import { type Row, verdictOf } from './malformed/row.ts';

describe('requests at a server', () => {
  test.each([...REFUSED_HEADS, ...REFUSED_BODIES])('%s', async (...row) => {
    const { status, spec } = verdictOf(row as Row);
    for (const parts of pieces(row[1])) {
      const world = new World({ seed: 1, strict: true });
      const [client, server] = [world.host('client'), world.host('server')];
      const whole: string[] = [];
      const run = async () => {
        const { local } = await serveHttp(server, {
          async handler(request) {
            await request.body.bytes();
            whole.push(request.target);
            return { status: 200 };
          },
        });
        return exchange(client, local, parts);
      };
      const heard = await world.run(run());
      expect(whole).toEqual([]);
      expect(heard).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(heard).toContain('Connection: close\r\n');
      expect(heard).toContain(spec);
      expect(heard.match(/^HTTP\/1\.1 \d{3} /gm)).toHaveLength(1);
    }
  });
});

describe('responses at a client', () => {
  // What follows an answer unasked belongs to no call: src/http/adverse.test.ts tries it.
  const called = REFUSED_RESPONSES.filter((row) => verdictOf(row).code !== 'HTTP_UNEXPECTED');

  test.each(called)('%s', async (...row) => {
    const { code } = verdictOf(row as Row);
    for (const parts of pieces(row[1])) {
      const world = new World({ seed: 1, strict: true });
      const [client, server] = [world.host('client'), world.host('server')];
      const run = async () => {
        const listener = await server.network.listen({ port: 80 }, (connection) => {
          connection.attach({
            onData: () => {
              parts.forEach((part, i) => {
                server.clock.setTimer(i, () => connection.write(part));
              });
              server.clock.setTimer(parts.length, () => connection.end());
            },
            onClose: () => {},
          });
        });
        const asked = async () => {
          const response = await new HttpClient(client).get(`http://${server.address}/`);
          await response.body.bytes();
          return 'taken as whole';
        };
        const outcome = await asked().catch((error: AppError) => error.code);
        await listener.close();
        return outcome;
      };
      expect(await world.run(run())).toBe(code);
    }
  });
});

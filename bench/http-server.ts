/** A process that serves files of 1 KiB and 1 MiB: ours, Node's, fastify, or our cache before an origin. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpCache } from '../src/cache/index.ts';
import { serveHttp, staticFiles } from '../src/http/index.ts';
import { realHost } from '../src/net/real/index.ts';
import { serveProxy } from '../src/proxy/index.ts';

const SIZES = { '/1k.txt': 1024, '/1m.txt': 1024 * 1024 };
const BODIES = new Map(
  Object.entries(SIZES).map(([path, size]) => [path, Buffer.alloc(size, 'x')] as const),
);

/** An origin whose answers may be kept for an hour. */
const KEPT = { 'Cache-Control': 'max-age=3600' };

async function ours(headers: Readonly<Record<string, string>> = {}): Promise<number> {
  const host = realHost();
  for (const [path, body] of BODIES) await host.files.write(path, new Uint8Array(body));
  const cacheControl = headers['Cache-Control'];
  const handler = staticFiles(cacheControl === undefined ? {} : { cacheControl });
  const server = await serveHttp(host, { port: 0, handler });
  return server.local.port;
}

/** Our cache before the origin at a port of this machine. */
async function cache(): Promise<number> {
  const host = realHost();
  const reverse = `http://127.0.0.1:${process.argv[3]}`;
  const server = await serveProxy(host, { port: 0, reverse, cache: new HttpCache(host) });
  return server.local.port;
}

async function node(): Promise<number> {
  const server = createServer((request, response) => {
    const body = BODIES.get(request.url ?? '') ?? '';
    response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': body.length });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 4096, resolve));
  return (server.address() as AddressInfo).port;
}

async function fastifyServer(): Promise<number> {
  const { fastify } = await import('fastify');
  const app = fastify({ logger: false });
  for (const [path, body] of BODIES) {
    app.get(path, (_, reply) => reply.type('text/plain').send(body));
  }
  await app.listen({ port: 0, host: '127.0.0.1' });
  return (app.server.address() as AddressInfo).port;
}

const KINDS: Readonly<Record<string, () => Promise<number>>> = {
  ours: () => ours(),
  origin: () => ours(KEPT),
  cache,
  node,
  fastify: fastifyServer,
};

const start = KINDS[process.argv[2] ?? ''];
if (!start) throw new Error(`no such server: ${process.argv[2]}`);
const port = await start();
process.on('disconnect', () => process.exit());
process.send?.({ port });

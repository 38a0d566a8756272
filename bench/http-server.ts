/** A process that serves 1 KiB, ours or Node's, and tells its processor time when asked. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveHttp, staticFiles } from '../src/http/index.ts';
import { realHost } from '../src/net/real/index.ts';
import { cpuSeconds } from './bench.ts';

const BODY = new Uint8Array(1024).fill(120);

async function ours(): Promise<number> {
  const host = realHost();
  await host.files.write('/1k.txt', BODY);
  const server = await serveHttp(host, { port: 0, handler: staticFiles() });
  return server.local.port;
}

async function node(): Promise<number> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': BODY.length });
    response.end(BODY);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const port = await (process.argv[2] === 'node' ? node() : ours());
process.on('message', () => process.send?.({ cpu: cpuSeconds() }));
process.on('disconnect', () => process.exit());
process.send?.({ port });

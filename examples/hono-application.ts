/** A Hono application on our server: `node examples/hono-application.ts`, then curl http://127.0.0.1:8000/hello/ann */
import { Hono } from 'hono';
import { streamText } from 'hono/streaming';
import { fromWeb, serveHttp } from '../src/http/index.ts';
import type { Host, Server } from '../src/net/index.ts';
import { realHost } from '../src/net/real/index.ts';

const app = new Hono();

app.get('/hello/:name', (context) => context.json({ hello: context.req.param('name') }));

app.post('/form', async (context) => {
  const { city } = await context.req.parseBody();
  return context.text(`You come from ${city}.`, 201);
});

app.get('/count', (context) =>
  streamText(context, async (stream) => {
    for (const number of [1, 2, 3]) await stream.writeln(String(number));
  }),
);

/** Serves the application on any host until closed. */
export function serveApplication(host: Host, port: number): Promise<Server> {
  return serveHttp(host, { port, handler: fromWeb(Request, app.fetch) });
}

if (import.meta.main) {
  const { local } = await serveApplication(realHost(), 8000);
  console.log(`http://${local.address}:${local.port}/hello/ann`);
}

/** The dashboard's server: our own HTTP server, outside of the internet that it shows. */
import { type Handler, serveHttp, staticFiles } from '../../http/index.ts';
import { mailApi } from '../../mailhost/index.ts';
import type { Host, Server } from '../../net/index.ts';
import type { Internet } from '../internet.ts';
import { Api } from './routes.ts';
import type { DashboardOptions } from './web.ts';

/**
 * Serves the pages on the disk of `host` and the interface below /api/.
 * A name other than the loopback's own is refused: a page elsewhere could have made it point here.
 */
export async function serveDashboard(
  host: Host,
  internet: Internet,
  port: number,
  options: DashboardOptions = {},
): Promise<Server> {
  const api = new Api(internet, host.clock, options);
  const pages = staticFiles({ root: '/' });
  const handler: Handler = (request, context) => {
    if (!isOwnName(request.hostname)) {
      const reason = `this server is not ${request.hostname}`;
      return { status: 421, headers: { 'Content-Type': 'text/plain' }, body: `${reason}\n` };
    }
    const mail = mailHandler(host, internet, request.path);
    if (mail) return mail(request, context);
    return request.path.startsWith('/api/') ? api.answer(request) : pages(request, context);
  };
  const server = await serveHttp(host, { port, handler });
  return {
    local: server.local,
    async close(options) {
      api.close();
      await server.close(options);
    },
  };
}

/** `/api/mail/HOST/...` is the interface of that host's mail. */
function mailHandler(host: Host, internet: Internet, path: string): Handler | undefined {
  const [prefix, name = ''] = /^\/api\/mail\/([^/]+)(?=\/)/.exec(path) ?? [];
  const mail = prefix === undefined ? undefined : internet.mailHost(name);
  return prefix === undefined || !mail ? undefined : mailApi(host, mail, prefix);
}

function isOwnName(name: string): boolean {
  return (
    name === 'localhost' || name === '[::1]' || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name)
  );
}

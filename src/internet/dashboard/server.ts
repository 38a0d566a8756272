/** The dashboard's server: our own HTTP server, outside of the internet that it shows. */
import { chain, type Handler, ownNames, serveHttp, staticFiles } from '../../http/index.ts';
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
    const mail = mailHandler(host, internet, request.path);
    if (mail) return mail(request, context);
    return request.path.startsWith('/api/') ? api.answer(request) : pages(request, context);
  };
  const server = await serveHttp(host, { port, handler: chain(ownNames(), handler) });
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

/** The webmail's page: built files, from a disk that is given. */
import {
  type Context,
  type Handler,
  htmlPage,
  type Response,
  staticFiles,
} from '../../http/index.ts';
import { HeaderList } from '../../lib/ordered-headers.ts';
import type { Files, Host } from '../../net/index.ts';

/** Only its own scripts run, and nothing is loaded from anywhere else. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; " +
  "frame-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const PAGE = /^\/(?:assets\/[^/]+|webmail\.html|theme\.js)?$/;

export function pageSite(files: Files | undefined): Handler {
  if (!files) return missing;
  const pages = staticFiles({ index: 'webmail.html', listing: false, cacheControl: 'no-cache' });
  return async (request, context) => {
    if (!PAGE.test(request.path)) return notThere(request.path);
    const answer = await pages(request, onDisk(context, files));
    return request.path === '/' && answer.status === 404 ? NOT_BUILT : withPolicy(answer);
  };
}

function withPolicy(answer: Response): Response {
  const headers = HeaderList.from(answer.headers)
    .with('Content-Security-Policy', POLICY)
    .with('X-Content-Type-Options', 'nosniff')
    .with('Referrer-Policy', 'same-origin');
  return { ...answer, headers };
}

/** The same context, on a host that has these files. */
function onDisk(context: Context, files: Files): Context {
  const host = Object.create(context.host, { files: { value: files } }) as Host;
  return Object.create(context, { host: { value: host } }) as Context;
}

const NOT_BUILT: Response = {
  status: 503,
  headers: { 'Content-Type': 'text/html; charset=utf-8' },
  body: htmlPage(
    'The webmail is not built',
    '<p>The pages of the webmail are missing: <code>npm run prepare</code> builds them. JMAP answers at <code>/.well-known/jmap</code>.</p>',
  ),
};

const missing: Handler = ({ path }) => (path === '/' ? NOT_BUILT : notThere(path));

function notThere(path: string): Response {
  const body = `There is nothing at ${path}\n`;
  return { status: 404, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body };
}

/** A page load as a HAR 1.2 file, which browsers' developer tools open. */
import type { HeaderList } from '../http/index.ts';
import type { Page, PageExchange, PageObject } from './load-page.ts';
import { phasesOf } from './waterfall.ts';

export interface HarOptions {
  /** What the calendar said when the page was begun, in milliseconds since 1970. */
  readonly startedAt: number;
  /** Of this program. */
  readonly version: string;
}

const PAGE = 'page_1';

/** The file as an object, to be written as JSON. What HAR has no word for begins with `_`. */
export function harOf(page: Page, { startedAt, version }: HarOptions): unknown {
  const at = (ms: number): string => new Date(startedAt + ms).toISOString();
  return {
    log: {
      version: '1.2',
      creator: { name: 'toplayer', version },
      pages: [
        {
          startedDateTime: at(0),
          id: PAGE,
          title: page.title || page.url,
          pageTimings: { onContentLoad: page.page.endMs, onLoad: page.totalMs },
          _mode: page.mode,
        },
      ],
      entries: [page.page, ...page.objects].map((object) => ({
        pageref: PAGE,
        startedDateTime: at(object.startMs),
        time: object.endMs - object.startMs,
        request: requestOf(object),
        response: responseOf(object),
        cache: {},
        timings: timingsOf(object),
        ...(object.exchange && { serverIPAddress: object.exchange.remote.address }),
        ...(object.error !== undefined && { _error: object.error }),
        _kind: object.kind,
      })),
    },
  };
}

function requestOf({ url, exchange }: PageObject): unknown {
  const { method = 'GET', version = '1.1', headers } = exchange?.request ?? {};
  return {
    method,
    url,
    httpVersion: `HTTP/${version}`,
    cookies: pairs(headers?.joined('Cookie'), ';'),
    headers: fields(headers),
    queryString: [...new URL(url).searchParams].map(([name, value]) => ({ name, value })),
    headersSize: -1,
    bodySize: 0,
  };
}

function responseOf({ status, bytes, type, exchange }: PageObject): unknown {
  const response: Partial<PageExchange['response']> = exchange?.response ?? {};
  const { headers } = response;
  return {
    status,
    statusText: response.reason ?? '',
    httpVersion: `HTTP/${response.version ?? '1.1'}`,
    cookies: (headers?.all('Set-Cookie') ?? []).flatMap((line) => pairs(line.split(';')[0], ';')),
    headers: fields(headers),
    content: { size: bytes, mimeType: type || 'x-unknown' },
    redirectURL: headers?.get('Location') ?? '',
    headersSize: exchange?.headBytes ?? -1,
    bodySize: bytes,
  };
}

/** -1 stands for what does not apply, as on a connection that is used again. */
function timingsOf(object: PageObject): unknown {
  const times = Object.fromEntries(phasesOf(object));
  const applies = (ms: number | undefined): number =>
    object.timings?.reused || ms === undefined ? -1 : ms;
  return {
    blocked: times['blocked'] ?? -1,
    dns: applies(times['name']),
    connect: applies(times['connect']),
    send: 0,
    wait: times['wait'] ?? 0,
    receive: times['receive'] ?? 0,
  };
}

function fields(headers: HeaderList | undefined): unknown[] {
  return [...(headers ?? [])].map(([name, value]) => ({ name, value }));
}

function pairs(text: string | undefined, separator: string): { name: string; value: string }[] {
  if (text === undefined) return [];
  return text.split(separator).map((pair) => {
    const [name = '', ...rest] = pair.trim().split('=');
    return { name, value: rest.join('=') };
  });
}

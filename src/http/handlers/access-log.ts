/** The Combined Log Format of the world's web servers. */
import { calendar } from '../../net/index.ts';
import type { Context, Link, Outcome, Request } from '../types.ts';

/** Gives each answer's line to `write`, without a line end, when the answer is over. */
export function accessLog(write: (line: string) => void): Link {
  return (next) => (request, context) => {
    const began = calendar(context.host.clock);
    context.onFinished((outcome) => write(logLine(request, context, outcome, began)));
    return next(request, context);
  };
}

/** `127.0.0.1 - - [22/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "curl/8"` */
export function logLine(
  request: Request,
  context: Pick<Context, 'remote'>,
  outcome: Outcome,
  began: number,
): string {
  const line = `${request.method} ${request.target} HTTP/${request.version}`;
  const bytes = outcome.bytes === 0 ? '-' : String(outcome.bytes);
  const [referer, agent] = ['Referer', 'User-Agent'].map(
    (name) => request.headers.get(name) ?? '-',
  );
  return [
    `${context.remote.address} - - [${logTime(began)}]`,
    `"${escaped(line)}" ${outcome.status} ${bytes} "${escaped(referer)}" "${escaped(agent)}"`,
  ].join(' ');
}

/** Nothing that a client sends can end the quotes or the line. */
function escaped(text = '-'): string {
  return text.replace(/["\\]|[^ -~]/g, (char) =>
    char === '"' || char === '\\'
      ? `\\${char}`
      : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

function logTime(ms: number): string {
  const [, year, month, day, time] = /^(\d+)-(\d+)-(\d+)T([\d:]+)/.exec(
    new Date(ms).toISOString(),
  ) as unknown as string[];
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time} +0000`;
}

/** A line for each answer: the usual log, and what the cache says of it. */
import { HeaderList, type Link, logLine, type Response } from '../http/index.ts';
import { calendar } from '../net/index.ts';

/** `... "GET http://a/ HTTP/1.1" 200 5 "-" "curl/8" hit; ttl=3` */
export function proxyLog(write: (line: string) => void): Link {
  return (next) => (request, context) => {
    const began = calendar(context.host.clock);
    let said = '-';
    context.onFinished((outcome) => write(`${logLine(request, context, outcome, began)} ${said}`));
    const heard = (response: Response): Response => {
      said = lastStatus(response) ?? '-';
      return response;
    };
    const answer = next(request, context);
    return 'then' in answer ? answer.then(heard) : heard(answer);
  };
}

/** Of Cache-Status the member of the nearest cache, without its name. */
function lastStatus({ headers }: Response): string | undefined {
  return HeaderList.from(headers)
    .all('Cache-Status')
    .at(-1)
    ?.replace(/^[^;]*; /, '');
}

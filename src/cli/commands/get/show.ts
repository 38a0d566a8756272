/** Answers and requests as text and as JSON. */
import type { ClientResponse, RequestHead, ResponseHead } from '../../../http/index.ts';
import { endpointText } from '../../../lib/endpoint.ts';

/** The head as it was said, for people: a line each, and an empty one. */
export function headText({ version, status, reason, headers }: ResponseHead, mark = ''): string {
  const fields = [...headers].map(([name, value]) => `${name}: ${value}`);
  return marked([`HTTP/${version} ${status} ${reason}`, ...fields, ''], mark);
}

export function requestText({ method, target, version, headers }: RequestHead): string {
  const fields = [...headers].map(([name, value]) => `${name}: ${value}`);
  return marked([`${method} ${target} HTTP/${version}`, ...fields, ''], '> ');
}

function marked(lines: readonly string[], mark: string): string {
  return lines.map((line) => `${(mark + line).trimEnd()}\n`).join('');
}

export function answerObject(response: ClientResponse, bytes: number): unknown {
  const { url, version, status, reason, headers, redirects, timings, remote } = response;
  const from = endpointText(remote);
  return { url, version, status, reason, bytes, remote: from, redirects, timings, headers };
}

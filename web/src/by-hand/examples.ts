/** Requests to begin with: they can be changed before they are sent. */
import { texts } from '../texts.ts';

export interface Setting {
  /** `www.campus.edu` */
  readonly site: string;
  /** A proxy is told the whole URL (RFC 9112 §3.2.2). */
  readonly proxied: boolean;
  /** Of the last answer, where it had one. */
  readonly etag: string | undefined;
}

export const EXAMPLES = [
  'get',
  'conditional',
  'range',
  'head',
  'close',
  'old',
  'two',
  'noHost',
  'twoLengths',
] as const;

export type Example = (typeof EXAMPLES)[number];

/** Lines as a person sees them: what is sent between them is chosen apart. */
export function exampleText(example: Example, setting: Setting): string {
  const target = setting.proxied ? `http://${setting.site}/` : '/';
  const host = `Host: ${setting.site}`;
  const get = `GET ${target} HTTP/1.1`;
  const lines: Readonly<Record<Example, readonly string[]>> = {
    get: [get, host],
    conditional: [get, host, `If-None-Match: ${setting.etag ?? '"unknown"'}`],
    range: [get, host, 'Range: bytes=0-4'],
    head: [`HEAD ${target} HTTP/1.1`, host],
    close: [get, host, 'Connection: close'],
    old: [`GET ${target} HTTP/1.0`],
    two: [get, host, '', get, host, 'Connection: close'],
    noHost: [setting.proxied ? 'GET / HTTP/1.1' : get],
    twoLengths: [`POST ${target} HTTP/1.1`, host, 'Content-Length: 5', 'Content-Length: 11'],
  };
  const body = example === 'twoLengths' ? texts.web.hand.body : '';
  return `${lines[example].join('\n')}\n\n${body}`;
}

/** An answer as it came: the lines of its head with their fields, and its body. */
import type { ByHandReplyView, ByHandView } from '../../../src/internet/dashboard/api-web.ts';
import type { Field } from '../../../src/trace/types.ts';

export interface Reply {
  readonly summary: string;
  /** What is no answer to be read, such as bytes that follow it; undefined for those. */
  readonly status: number | undefined;
  readonly version: string;
  readonly reason: string;
  /** The status line and the header fields. */
  readonly lines: readonly Field[];
  readonly headers: ReadonlyMap<string, string>;
  /** Without the framing of chunks; as far as it was kept. */
  readonly body: Uint8Array;
  /** Bytes of the body, without framing. */
  readonly bodyLength: number;
  readonly chunked: boolean;
}

const BODY_PARTS = new Set(['Body', 'Chunk', 'Last chunk', 'Chunks', 'Bytes', 'Data']);

export function repliesOf(view: ByHandView): readonly Reply[] {
  const bytes = decoded(view.bytes);
  return view.replies.map((reply) => replyOf(reply, bytes.subarray(reply.start)));
}

function replyOf({ summary, fields, length }: ByHandReplyView, bytes: Uint8Array): Reply {
  const [first] = fields;
  const lines = fields.filter(({ name, children }) => children && !BODY_PARTS.has(name));
  const part = (name: string) => first?.children?.find((child) => child.name === name)?.value ?? '';
  const parts = first?.name === 'Status line' ? bodyParts(fields) : [{ start: 0, end: length }];
  const pieces = parts.map(({ start, end }) => bytes.subarray(start, end));
  return {
    summary,
    status: first?.name === 'Status line' ? Number(part('Status')) : undefined,
    version: part('Version'),
    reason: part('Reason'),
    lines: first?.name === 'Status line' ? lines : [],
    headers: new Map(lines.slice(1).map(({ name, value }) => [name.toLowerCase(), value])),
    body: joined(pieces),
    bodyLength: parts.reduce((sum, { start, end }) => sum + end - start, 0),
    chunked: fields.some(({ name }) => name === 'Last chunk' || name === 'Chunk'),
  };
}

/** Where the bytes of the content are: the body, or the data of each chunk. */
function bodyParts(fields: readonly Field[]): readonly Pick<Field, 'start' | 'end'>[] {
  return fields.flatMap((field) => {
    if (field.name === 'Body') return [field];
    const data = field.name === 'Chunk' && field.children?.find(({ name }) => name === 'Data');
    return data ? [data] : [];
  });
}

function decoded(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** A body as text, where it is one. */
export function textOf({ headers, body }: Reply): string | undefined {
  const type = headers.get('content-type') ?? '';
  if (headers.has('content-encoding')) return undefined;
  if (!/^(text\/|application\/(json|xml|javascript|har))|\+(json|xml)\b|^$/i.test(type))
    return undefined;
  return new TextDecoder().decode(body);
}

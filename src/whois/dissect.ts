/** How WHOIS is shown: the query, and the answer when it is over. */
import { concat, fromUtf8 } from '../lib/bytes.ts';
import { preview } from '../trace/index.ts';
import type { Dissected, Dissector, Field, StreamDissector } from '../trace/types.ts';
import { ANSWER_LIMIT, WHOIS_PORT } from './defaults.ts';
import { answerLines } from './wire/answer.ts';
import { QueryReader } from './wire/query.ts';

const SPEC = 'RFC 3912 §2';

export const whoisDissector: Dissector = {
  protocol: 'whois',
  ports: [WHOIS_PORT],
  stream(): StreamDissector {
    let query: Uint8Array[] = [];
    let answer: Uint8Array[] = [];
    let asked = false;
    const question = (isWhole: boolean): Dissected[] => {
      const bytes = concat(query);
      query = [];
      asked = true;
      return bytes.length === 0 ? [] : [dissectQuery(bytes, isWhole)];
    };
    return {
      push(speaker, bytes) {
        if (speaker === 'server') {
          answer.push(bytes);
          if (size(answer) < ANSWER_LIMIT) return [];
          return this.end('server');
        }
        query.push(bytes);
        return asked || bytes.includes(10) ? question(!asked) : [];
      },
      end(speaker) {
        if (speaker === 'client') return question(false);
        const bytes = concat(answer);
        answer = [];
        return bytes.length === 0 ? [] : [dissectAnswer(bytes)];
      },
    };
  },
};

function size(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function dissectQuery(bytes: Uint8Array, isWhole: boolean): Dissected {
  const text = isWhole ? queryOf(bytes) : undefined;
  const end = bytes.findLastIndex((byte) => byte !== 10 && byte !== 13) + 1;
  return {
    length: bytes.length,
    summary: text ?? `no query: ${preview(bytes)}`,
    role: 'request',
    ...(text === undefined && { malformed: true }),
    fields: () => [
      { name: 'Query', value: text ?? preview(bytes), start: 0, end, spec: SPEC },
      { name: 'End of line', value: 'CR LF', start: end, end: bytes.length, spec: SPEC },
    ],
  };
}

function queryOf(bytes: Uint8Array): string | undefined {
  try {
    return new QueryReader().push(bytes);
  } catch {
    return undefined;
  }
}

function dissectAnswer(bytes: Uint8Array): Dissected {
  const text = fromUtf8(bytes);
  const lines = answerLines(text);
  const first = lines[0]
    ? `${lines[0].key}: ${lines[0].value}`
    : (text.split(/\r?\n/)[0] ?? '').trim();
  return {
    length: bytes.length,
    summary: `${first}${lines.length > 1 ? `, ${lines.length} lines` : ''}`,
    role: 'reply',
    fields: () => fieldsOf(bytes),
  };
}

/** A field for each line that names something, at the bytes of the line. */
function fieldsOf(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(10, start);
    const end = found < 0 ? bytes.length : found + 1;
    const [line] = answerLines(fromUtf8(bytes.subarray(start, end)));
    if (line) fields.push({ name: line.key, value: line.value, start, end });
    start = end;
  }
  return fields;
}

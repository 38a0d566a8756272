/** Reads bytes with the parsers of HTTP in pieces of a given size, and writes down what came out. */
import { RequestParser } from '../../src/http/wire/request-parser.ts';
import { ResponseParser } from '../../src/http/wire/response-parser.ts';
import { fromLatin1 } from '../../src/lib/bytes.ts';
import { ProtocolError } from '../../src/lib/errors.ts';

export interface Verdict {
  readonly events: readonly string[];
  readonly error?: ProtocolError;
}

type Parser = Pick<RequestParser | ResponseParser, 'push' | 'next' | 'end'>;

/** Data that belongs together is joined, so that the pieces don't show. */
class Log {
  readonly events: string[] = [];
  private data = '';

  flush(): void {
    if (this.data !== '') this.events.push(`data ${this.data}`);
    this.data = '';
  }

  take(event: NonNullable<ReturnType<(RequestParser | ResponseParser)['next']>>): void {
    if (event.type === 'data') {
      this.data += fromLatin1(event.bytes);
      return;
    }
    this.flush();
    if (event.type === 'end') this.events.push(`end ${JSON.stringify([...event.trailers])}`);
    else
      this.events.push(
        JSON.stringify({ ...event, head: { ...event.head, headers: [...event.head.headers] } }),
      );
  }
}

function drain(parser: Parser, log: Log): void {
  for (let event = parser.next(); event; event = parser.next()) log.take(event);
}

export function readAll(parser: Parser, bytes: Uint8Array, piece: number): Verdict {
  const log = new Log();
  try {
    for (let at = 0; at < bytes.length; at += piece) {
      parser.push(bytes.subarray(at, at + piece));
      drain(parser, log);
    }
    const last = parser.end();
    if (last) log.take(last);
    log.flush();
    return { events: log.events };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    log.flush();
    return { events: log.events, error };
  }
}

export function readRequests(bytes: Uint8Array, piece: number = bytes.length || 1): Verdict {
  return readAll(new RequestParser(), bytes, piece);
}

export function readResponses(
  bytes: Uint8Array,
  methods: readonly string[],
  piece: number = bytes.length || 1,
): Verdict {
  const parser = new ResponseParser();
  for (const method of methods) parser.expect(method);
  return readAll(parser, bytes, piece);
}

/** What two readings must have in common. */
export function gist(verdict: Verdict): string {
  const { error } = verdict;
  return JSON.stringify([verdict.events, error?.code, error?.spec, error?.offset, error?.reply]);
}

/** `BAD_LENGTH 400 9110 §8.6`: code, reply and section in few words, for tables. */
export function verdictText(error: ProtocolError | undefined): string {
  if (!error) return 'taken';
  return `${error.code.replace('HTTP_', '')} ${error.reply} ${error.spec?.replace('RFC ', '')}`;
}

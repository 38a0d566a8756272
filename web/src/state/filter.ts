/**
 * The language of the filter box: words, protocols and comparisons, joined by `&&`, `||` and `!`.
 * `dns || http && host == www.campus`, `lost`, `"404 Not Found"`. Words side by side must all match.
 */
import type { MessageLine } from '../../../src/trace/message.ts';

export type Test = (message: MessageLine) => boolean;

export type Filter =
  | { readonly ok: true; readonly test: Test }
  | { readonly ok: false; readonly problem: string };

export const PROTOCOLS: ReadonlySet<string> = new Set([
  'dns',
  'http',
  'imap',
  'ping',
  'pop3',
  'smtp',
  'telnet',
  'whois',
  'tcp',
  'data',
]);

const STATES: Readonly<Record<string, Test>> = {
  lost: (message) => message.lost !== undefined,
  malformed: (message) => message.malformed === true,
  request: (message) => message.role === 'request',
  reply: (message) => message.role === 'reply',
};

const FIELDS: Readonly<Record<string, (message: MessageLine) => readonly string[]>> = {
  host: ({ from, to }) => [from, to],
  from: ({ from }) => [from],
  to: ({ to }) => [to],
  port: ({ fromPort, toPort }) => [String(fromPort), String(toPort)],
  conv: ({ conversation }) => [String(conversation)],
  protocol: ({ protocol }) => [protocol],
};

/** `==`, `!=`, `&&`, `||`, `!`, parentheses, quoted texts, and words of anything else. */
const TOKEN =
  /\s*(?:(&&|\|\||==|!=|!|\(|\))|"([^"]*)"|([^\s()"&|=!]+(?:[&|=!](?![&|=])[^\s()"&|=!]+)*))/y;

interface Token {
  readonly kind: 'sign' | 'quoted' | 'word';
  readonly text: string;
}

/** An empty text lets everything through. */
export function parseFilter(text: string): Filter {
  try {
    const parser = new Parser(tokens(text));
    return { ok: true, test: parser.all() };
  } catch (error) {
    if (error instanceof FilterError) return { ok: false, problem: error.message };
    throw error;
  }
}

class FilterError extends Error {}

function tokens(text: string): Token[] {
  const found: Token[] = [];
  const trimmed = text.trimEnd();
  for (let at = 0; at < trimmed.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(trimmed);
    if (!match) throw new FilterError(`“${trimmed.slice(at).trim()}” is not understood`);
    const [, sign, quoted, word] = match;
    if (sign !== undefined) found.push({ kind: 'sign', text: sign });
    else if (quoted !== undefined) found.push({ kind: 'quoted', text: quoted });
    else found.push({ kind: 'word', text: word ?? '' });
  }
  return found;
}

class Parser {
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(list: readonly Token[]) {
    this.tokens = list;
  }

  all(): Test {
    if (this.tokens.length === 0) return () => true;
    const test = this.either();
    const rest = this.tokens[this.at];
    if (rest) throw new FilterError(`“${rest.text}” stands alone`);
    return test;
  }

  private either(): Test {
    let test = this.both();
    while (this.take('||')) {
      const [left, right] = [test, this.both()];
      test = (message) => left(message) || right(message);
    }
    return test;
  }

  /** Joined by `&&`, or side by side. */
  private both(): Test {
    let test = this.one();
    for (;;) {
      const next = this.tokens[this.at];
      const joined = this.take('&&');
      const beside =
        next !== undefined && (next.kind !== 'sign' || next.text === '(' || next.text === '!');
      if (!joined && !beside) return test;
      const [left, right] = [test, this.one()];
      test = (message) => left(message) && right(message);
    }
  }

  private one(): Test {
    const token = this.tokens[this.at++];
    if (!token) throw new FilterError('something is missing at the end');
    if (token.kind === 'quoted') return contains(token.text);
    if (token.kind === 'word') return this.word(token.text);
    if (token.text === '!') {
      const test = this.one();
      return (message) => !test(message);
    }
    if (token.text !== '(') throw new FilterError(`“${token.text}” needs something before it`);
    const test = this.either();
    if (!this.take(')')) throw new FilterError('a parenthesis is not closed');
    return test;
  }

  private word(word: string): Test {
    const name = word.toLowerCase();
    const equal = this.take('==');
    if (equal || this.take('!=')) return this.comparison(name, equal);
    if (PROTOCOLS.has(name)) return (message) => message.protocol === name;
    return STATES[name] ?? contains(word);
  }

  private comparison(name: string, equal: boolean): Test {
    const field = FIELDS[name];
    if (!field)
      throw new FilterError(`“${name}” can't be compared; ${Object.keys(FIELDS).join(', ')} can`);
    const value = this.tokens[this.at++];
    if (!value || value.kind === 'sign')
      throw new FilterError(`a value is missing after “${name} ==”`);
    const wanted = value.text.toLowerCase();
    return (message) => field(message).some((own) => own.toLowerCase() === wanted) === equal;
  }

  private take(sign: string): boolean {
    const token = this.tokens[this.at];
    if (token?.kind !== 'sign' || token.text !== sign) return false;
    this.at++;
    return true;
  }
}

function contains(text: string): Test {
  const wanted = text.toLowerCase();
  return ({ summary, protocol, from, to }) =>
    `${protocol} ${from} ${to} ${summary}`.toLowerCase().includes(wanted);
}

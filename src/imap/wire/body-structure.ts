/** BODY and BODYSTRUCTURE in an answer of FETCH (RFC 9051 §7.5.2). */
import { NESTING_LIMIT } from '../defaults.ts';
import { badResponse } from '../errors.ts';
import { type Envelope, parseEnvelope } from './envelope.ts';
import type { Scanner } from './scanner.ts';

/** By name in lower case. */
export type BodyParameters = ReadonlyMap<string, string>;

export interface BodyDisposition {
  readonly kind: string;
  readonly parameters: BodyParameters;
}

export interface BodyPart {
  /** `1.2`, as BODY[1.2] fetches it; '' for a message whose body is a multipart. */
  readonly path: string;
  /** In lower case. */
  readonly type: string;
  readonly subtype: string;
  readonly parameters: BodyParameters;
  readonly id: string | null;
  readonly description: string | null;
  readonly encoding: string;
  readonly size: number;
  /** Of texts and messages. */
  readonly lines: number | undefined;
  /** Of message/rfc822. */
  readonly envelope: Envelope | undefined;
  readonly disposition: BodyDisposition | undefined;
  readonly children: readonly BodyPart[];
}

export function parseBodyStructure(scanner: Scanner): BodyPart {
  return new BodyParser(scanner).body('', 0);
}

const NONE: BodyParameters = new Map();

class BodyParser {
  private readonly scanner: Scanner;

  constructor(scanner: Scanner) {
    this.scanner = scanner;
  }

  /** `path` is of the parent: a multipart within has its own number, the outermost has none. */
  body(path: string, depth: number, isInMessage = true): BodyPart {
    const { scanner } = this;
    if (depth > NESTING_LIMIT / 2) throw badResponse('The body is too deep', scanner.at);
    scanner.expect('(');
    return scanner.peek === '(' ? this.multipart(path, depth) : this.leaf(path, depth, isInMessage);
  }

  private multipart(path: string, depth: number): BodyPart {
    const { scanner } = this;
    const children: BodyPart[] = [];
    while (scanner.peek === '(') {
      const number = `${path === '' ? '' : `${path}.`}${children.length + 1}`;
      children.push(this.body(number, depth + 1, false));
      if (scanner.accept(' ') && scanner.peek !== '(') break;
    }
    const subtype = scanner.string('a subtype').toLowerCase();
    const parameters = scanner.accept(' ') ? this.parameters() : NONE;
    const disposition = scanner.accept(' ') ? this.disposition() : undefined;
    this.skipRest();
    return {
      path,
      type: 'multipart',
      subtype,
      parameters,
      id: null,
      description: null,
      encoding: '7bit',
      size: 0,
      lines: undefined,
      envelope: undefined,
      disposition,
      children,
    };
  }

  private leaf(parent: string, depth: number, isInMessage: boolean): BodyPart {
    const { scanner } = this;
    const path = isInMessage ? (parent === '' ? '1' : `${parent}.1`) : parent;
    const next = <T>(read: () => T): T => {
      const value = read();
      scanner.space();
      return value;
    };
    const type = next(() => scanner.string('a type').toLowerCase());
    const subtype = next(() => scanner.string('a subtype').toLowerCase());
    const parameters = next(() => this.parameters());
    const id = next(() => scanner.nstring());
    const description = next(() => scanner.nstring());
    const encoding = next(() => (scanner.nstring() ?? '7bit').toLowerCase());
    const size = scanner.number64('a size');
    const isMessage = type === 'message' && (subtype === 'rfc822' || subtype === 'global');
    const inner =
      isMessage && scanner.accept(' ') && scanner.peek === '('
        ? this.inner(path, depth)
        : undefined;
    const hasLines = type === 'text' || inner !== undefined;
    const lines =
      hasLines && scanner.accept(' ') ? scanner.number64('a number of lines') : undefined;
    if (scanner.accept(' ')) scanner.nstring();
    const disposition = scanner.accept(' ') ? this.disposition() : undefined;
    this.skipRest();
    const { envelope, children = [] } = inner ?? {};
    const own = { path, type, subtype, parameters, id, description, encoding, size, lines };
    return { ...own, envelope, disposition, children };
  }

  private inner(path: string, depth: number): { envelope: Envelope; children: BodyPart[] } {
    const envelope = parseEnvelope(this.scanner);
    this.scanner.space();
    return { envelope, children: [this.body(path, depth + 1)] };
  }

  private parameters(): BodyParameters {
    const { scanner } = this;
    if (scanner.acceptWord('NIL')) return NONE;
    const parameters = new Map<string, string>();
    scanner.list(() => {
      const name = scanner.string('a parameter').toLowerCase();
      scanner.space();
      parameters.set(name, scanner.nstring() ?? '');
    }, 0);
    return parameters;
  }

  private disposition(): BodyDisposition | undefined {
    const { scanner } = this;
    if (scanner.acceptWord('NIL')) return undefined;
    scanner.expect('(');
    const kind = scanner.string('a disposition').toLowerCase();
    scanner.space();
    const parameters = this.parameters();
    scanner.expect(')');
    return { kind, parameters };
  }

  /** Languages, location, and what may follow one day. */
  private skipRest(): void {
    while (this.scanner.accept(' ')) skipValue(this.scanner);
    this.scanner.expect(')');
  }
}

/** Any value: a word, a number, a string, a list of them. */
export function skipValue(scanner: Scanner, depth = 0): void {
  if (depth > NESTING_LIMIT) throw badResponse('Too many parentheses', scanner.at);
  if (!scanner.accept('(')) {
    scanner.astring('a value');
    return;
  }
  while (!scanner.accept(')')) {
    scanner.accept(' ');
    if (scanner.peek !== ')') skipValue(scanner, depth + 1);
  }
}

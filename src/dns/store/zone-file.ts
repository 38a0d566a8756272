/** Master files (RFC 1035 §5, RFC 2308 §4, RFC 3597 §5): text to records. */
import { UsageError } from '../../lib/errors.ts';
import type { Files } from '../../net/index.ts';
import { classes, types } from '../codes.ts';
import { INCLUDE_DEPTH } from '../defaults.ts';
import { parseName } from '../name.ts';
import type { Name, RecordClass, ResourceRecord, UnknownType } from '../types.ts';
import { decodeRdata, type Owner } from '../wire/rdata/codec.ts';
import { parseSeconds, type Word, type Words } from '../wire/rdata/fields.ts';
import { codecOf } from '../wire/rdata/index.ts';
import { parseUnknown } from '../wire/rdata/unknown.ts';
import { Reader } from '../wire/reader.ts';
import { generateLines } from './generate.ts';
import { type Place, ZoneFileError } from './zone-file-error.ts';
import { type Entry, type Token, zoneFileEntries } from './zone-file-lines.ts';

export interface ZoneFileOptions {
  /** What names without a final dot are completed by, until $ORIGIN says another. */
  readonly origin: Name;
  /** The name of the file in errors. */
  readonly file?: string;
  /** Reads the file that $INCLUDE names. Without it $INCLUDE is an error. */
  readonly include?: (file: string) => string;
}

/** A file wanted by $INCLUDE: the parser yields its name and goes on with its text. */
type Parsing = Generator<string, void, string>;

interface Context {
  readonly file: string;
  readonly depth: number;
  origin: Name;
}

/** Parses a master file to the records in it, in their order. Throws ZoneFileError. */
export function parseZoneFile(text: string, options: ZoneFileOptions): ResourceRecord[] {
  const parser = new Parser();
  const parsing = parser.parse(text, {
    file: options.file ?? 'zone',
    origin: options.origin,
    depth: 0,
  });
  for (let step = parsing.next(); !step.done; ) {
    if (!options.include) {
      throw new ZoneFileError(parser.place, '$INCLUDE is not possible here: no files are at hand');
    }
    step = parsing.next(options.include(step.value));
  }
  return parser.records;
}

/** Reads a master file of a host's disk; $INCLUDE is taken from the same directory. */
export async function readZoneFile(
  files: Files,
  path: string,
  origin: Name,
): Promise<ResourceRecord[]> {
  const read = async (file: string) => new TextDecoder().decode(await files.read(file));
  const parser = new Parser();
  const parsing = parser.parse(await read(path), { file: path, origin, depth: 0 });
  const directory = path.slice(0, path.lastIndexOf('/') + 1);
  for (let step = parsing.next(); !step.done; ) {
    const wanted = step.value.startsWith('/') ? step.value : directory + step.value;
    step = parsing.next(await read(wanted));
  }
  return parser.records;
}

class Parser {
  readonly records: ResourceRecord[] = [];
  place: Place = { file: 'zone', line: 1, column: 1 };
  private owner: Name | undefined;
  private recordClass: RecordClass = 'IN';
  /** From $TTL, or the last TTL that was given. */
  private ttl: number | undefined;
  private fixedTtl = false;

  *parse(text: string, context: Context): Parsing {
    for (const entry of zoneFileEntries(text, context.file)) {
      this.place = entry.place;
      const first = entry.tokens[0] as Token;
      if (!first.quoted && /^\$[A-Z]/i.test(first.text)) yield* this.directive(entry, context);
      else this.record(entry.tokens, entry.indented, context.origin);
    }
  }

  private *directive({ tokens }: Entry, context: Context): Parsing {
    const words = new TokenWords(tokens, context.origin);
    const { text } = words.take('a directive');
    switch (text.toUpperCase()) {
      case '$ORIGIN':
        context.origin = words.name('an origin');
        return words.end();
      case '$TTL':
        this.ttl = words.seconds();
        this.fixedTtl = true;
        return words.end();
      case '$GENERATE': {
        const range = words.take('a range such as 1-254');
        if (!words.more) throw words.error('expected a name and a record after the range');
        const template = words.rest();
        for (const line of generateLines(range, template)) {
          this.record(line, false, context.origin);
        }
        return;
      }
      case '$INCLUDE':
        return yield* this.include(words, context);
      default:
        throw words.error(`expected $ORIGIN, $TTL, $INCLUDE or $GENERATE, found ${text}`);
    }
  }

  /** The origin of the included file is its own; the owner before it stays (RFC 1035 §5.1). */
  private *include(words: TokenWords, context: Context): Parsing {
    const { text: file } = words.take('the name of a file');
    const origin = words.more ? words.name('an origin') : context.origin;
    words.end();
    if (context.depth >= INCLUDE_DEPTH) {
      throw words.error(`$INCLUDE within $INCLUDE more than ${INCLUDE_DEPTH} deep`);
    }
    const text = yield file;
    const { owner } = this;
    yield* this.parse(text, { file, origin, depth: context.depth + 1 });
    this.owner = owner;
  }

  private record(tokens: readonly Token[], indented: boolean, origin: Name): void {
    const words = new TokenWords(tokens, origin);
    if (!indented) this.owner = words.name('the name of a record');
    if (this.owner === undefined) throw words.error('the first record has no name before it');
    const ttl = this.ttlAndClass(words);
    const typeWord = words.take('a type such as A, NS or MX');
    const type = types.parse(typeWord.text);
    if (!type || type === 'ANY' || type === 'AXFR' || type === 'IXFR') {
      throw words.error(`expected a TTL, a class or a type, found ${typeWord.text}`);
    }
    const owner: Owner = { name: this.owner, class: this.recordClass, ttl: ttl ?? 0 };
    const record = words.at(() => parseData(type, owner, words));
    words.end();
    this.records.push(ttl === undefined ? this.withMinimum(record, words) : record);
  }

  /** TTL and class, each or neither, in any order. */
  private ttlAndClass(words: TokenWords): number | undefined {
    let ttl: number | undefined;
    let classSeen = false;
    for (;;) {
      const text = words.peek ?? '';
      const seconds = parseSeconds(text);
      const recordClass = classes.parse(text);
      if (ttl === undefined && seconds !== undefined) ttl = seconds;
      else if (!classSeen && recordClass && recordClass !== 'ANY' && recordClass !== 'NONE') {
        this.recordClass = recordClass;
        classSeen = true;
      } else break;
      words.take('');
    }
    if (ttl !== undefined && !this.fixedTtl) this.ttl = ttl;
    return ttl ?? this.ttl;
  }

  /** An SOA without any TTL lends its MINIMUM to all, as RFC 1035 §3.3.13 had it. */
  private withMinimum(record: ResourceRecord, words: TokenWords): ResourceRecord {
    if (record.type !== 'SOA') {
      throw words.error('this record has no TTL: write one, or $TTL at the top of the file');
    }
    this.ttl = record.minimum;
    return { ...record, ttl: record.minimum };
  }
}

function parseData(type: string, owner: Owner, words: TokenWords): ResourceRecord {
  const codec = codecOf(type);
  if (words.peek !== '\\#') {
    if (codec) return codec.parse(owner, words);
    throw words.error(`expected \\# and a length: the data of ${type} can only be given in bytes`);
  }
  words.take('');
  const data = parseUnknown(words);
  if (!codec) return { ...owner, type: type as UnknownType, data };
  return decodeRdata(codec, owner, new Reader(data), data.length);
}

/** The words of one entry, taken one by one; what goes wrong is reported at the word taken last. */
class TokenWords implements Words {
  readonly origin: Name;
  private readonly tokens: readonly Token[];
  private next = 0;

  constructor(tokens: readonly Token[], origin: Name) {
    this.tokens = tokens;
    this.origin = origin;
  }

  get more(): boolean {
    return this.next < this.tokens.length;
  }

  get peek(): string | undefined {
    const token = this.tokens[this.next];
    return token && !token.quoted ? token.text : undefined;
  }

  take(what: string): Token {
    const token = this.tokens[this.next];
    if (!token) throw this.error(`expected ${what}, found the end of the entry`);
    this.next++;
    return token;
  }

  rest(): readonly Token[] {
    return this.tokens.slice(this.next);
  }

  name(what: string): Name {
    const word: Word = this.take(what);
    return this.at(() => parseName(word.text, this.origin));
  }

  seconds(): number {
    const { text } = this.take('a time such as 3600 or 1h');
    const value = parseSeconds(text);
    if (value === undefined) throw this.error(`expected a time such as 3600 or 1h, found ${text}`);
    return value;
  }

  end(): void {
    if (!this.more) return;
    const { text } = this.take('');
    throw this.error(`expected the end of the entry, found ${text}`);
  }

  /** Runs `read`; what it finds wrong is reported with its place. */
  at<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof ZoneFileError || !(error instanceof Error)) throw error;
      const spec = error instanceof UsageError ? error.spec : undefined;
      throw this.error(error.message, spec);
    }
  }

  error(problem: string, spec?: string): ZoneFileError {
    const token = this.tokens[Math.max(0, this.next - 1)] as Token;
    return new ZoneFileError(token.place, problem, spec);
  }
}

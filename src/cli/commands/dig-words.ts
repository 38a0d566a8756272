/** The words of a `dig` command line, in dig's own grammar. */
import {
  classes,
  clientSubnet,
  type EdnsOption,
  type QueryType,
  type RecordClass,
  reverseName,
  types,
} from '../../dns/index.ts';
import { fromHex } from '../../lib/bytes.ts';
import { UsageError } from '../../lib/errors.ts';

export interface DigRequest {
  /** After the @: an address or a name, maybe with `#port`. */
  readonly server: string | undefined;
  readonly port: number | undefined;
  readonly name: string;
  readonly type: QueryType;
  readonly class: RecordClass;
  readonly trace: boolean;
  readonly short: boolean;
  readonly tcp: boolean;
  readonly recurse: boolean;
  /** The UDP size to announce; false sends no OPT. */
  readonly edns: number | false;
  readonly timeoutMs: number;
  readonly tries: number;
  readonly json: boolean;
  /** DO: signatures are welcome. */
  readonly dnssec: boolean;
  /** Asks who the server is (NSID, RFC 5001). */
  readonly nsid: boolean;
  /** Sends a cookie: eight bytes at random, or these. */
  readonly cookie: boolean | Uint8Array;
  /** For whose addresses: `10.1.0.0/16` (RFC 7871). */
  readonly subnet: EdnsOption | undefined;
}

type Draft = { -readonly [K in keyof DigRequest]: DigRequest[K] } & { named: boolean };

const DEFAULT_SIZE = 1232;

/** Reads `[@server] name [type] [class] [-x addr] [-p port] [+option...]`, in any order as dig does. */
export function parseDigWords(words: readonly string[]): DigRequest {
  const draft: Draft = {
    server: undefined,
    port: undefined,
    name: '.',
    type: 'A',
    class: 'IN',
    trace: false,
    short: false,
    tcp: false,
    recurse: true,
    edns: DEFAULT_SIZE,
    timeoutMs: 5000,
    tries: 3,
    json: false,
    dnssec: false,
    nsid: false,
    cookie: false,
    subnet: undefined,
    named: false,
  };
  const rest = [...words];
  let typed = false;
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word.startsWith('@')) draft.server = word.slice(1);
    else if (word.startsWith('+')) option(draft, word.slice(1));
    else if (word.startsWith('-')) typed = dash(draft, word, rest) || typed;
    else typed = operand(draft, word) || typed;
  }
  // Without a name dig asks for the name servers of the root.
  if (!draft.named && !typed) draft.type = 'NS';
  const { named: _, ...request } = draft;
  return request;
}

/** A type or a class where it is one, else the name; true when it was a type. */
function operand(draft: Draft, word: string): boolean {
  const type = types.parse(word);
  if (type) {
    draft.type = type;
    return true;
  }
  const recordClass = classes.parse(word);
  if (recordClass) draft.class = recordClass;
  else name(draft, word);
  return false;
}

function name(draft: Draft, word: string): void {
  if (draft.named) throw new UsageError(`one name at a time: ${draft.name} or ${word}?`);
  draft.name = word;
  draft.named = true;
}

/** `-x ADDRESS`, `-p PORT`, and `-q`, `-t`, `-c` for what could be mistaken; true for a type. */
function dash(draft: Draft, word: string, rest: string[]): boolean {
  if (word === '--json') {
    draft.json = true;
    return false;
  }
  const flag = word.slice(0, 2);
  if (!'-x -p -q -t -c'.split(' ').includes(flag)) {
    throw new UsageError(`dig has no option ${word}: it knows -x, -p, -q, -t, -c and --json`);
  }
  const value = word.length > 2 ? word.slice(2) : rest.shift();
  if (value === undefined) throw new UsageError(`${flag} needs a value`);
  if (flag === '-p') draft.port = whole(value, '-p', 65535);
  else if (flag === '-q') name(draft, value);
  else if (flag === '-x') {
    const reverse = reverseName(value);
    if (!reverse) throw new UsageError(`-x needs an address, not ${value}`);
    name(draft, reverse);
    draft.type = 'PTR';
    return true;
  } else if (flag === '-t') {
    const type = types.parse(value);
    if (!type) throw new UsageError(`-t needs a type such as MX, not ${value}`);
    draft.type = type;
    return true;
  } else {
    const recordClass = classes.parse(value);
    if (!recordClass) throw new UsageError(`-c needs a class such as IN, not ${value}`);
    draft.class = recordClass;
  }
  return false;
}

/** `+name`, `+noname` or `+name=value`. */
function option(draft: Draft, text: string): void {
  const [full = '', value] = text.split('=');
  const off = full.startsWith('no');
  const key = off ? full.slice(2) : full;
  switch (key) {
    case 'trace':
    case 'short':
      draft[key] = !off;
      return;
    case 'tcp':
    case 'vc':
      draft.tcp = !off;
      return;
    case 'recurse':
    case 'rec':
      draft.recurse = !off;
      return;
    case 'edns':
      draft.edns = off ? false : DEFAULT_SIZE;
      return;
    case 'bufsize':
      draft.edns = whole(value, '+bufsize', 65535);
      return;
    case 'dnssec':
    case 'nsid':
      draft[key] = !off;
      return;
    case 'cookie':
      draft.cookie = value === undefined ? !off : cookieBytes(value);
      return;
    case 'subnet':
      draft.subnet = off ? undefined : subnetOption(value ?? '');
      return;
    case 'time':
      draft.timeoutMs = 1000 * Math.max(1, whole(value, '+time', 3600));
      return;
    case 'tries':
      draft.tries = Math.max(1, whole(value, '+tries', 100));
      return;
    case 'retry':
      draft.tries = 1 + whole(value, '+retry', 100);
      return;
    default:
      throw new UsageError(
        `+${text} is not known: +trace, +short, +tcp, +[no]recurse, +[no]edns, +bufsize=N, +dnssec, +cookie, +nsid, +subnet=ADDRESS/N, +time=N, +tries=N are`,
      );
  }
}

function cookieBytes(text: string): Uint8Array {
  const bytes = fromHex(text);
  if (bytes && (bytes.length === 8 || (bytes.length >= 16 && bytes.length <= 40))) return bytes;
  throw new UsageError(`+cookie needs 8, or 16 to 40, bytes in hexadecimal, not ${text}`, {
    spec: 'RFC 7873 §4',
  });
}

function subnetOption(text: string): EdnsOption {
  const [address = '', bits] = text.split('/');
  const most = address.includes(':') ? 128 : 32;
  const length = bits === undefined ? most : Number(bits);
  const good = reverseName(address) !== undefined && Number.isInteger(length) && length >= 0;
  if (good && length <= most) return clientSubnet(address, length);
  throw new UsageError(`+subnet needs an address and its length, as in 10.1.0.0/16, not ${text}`);
}

function whole(text: string | undefined, what: string, largest: number): number {
  const value = text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= largest) return value;
  throw new UsageError(`${what} needs a number from 0 to ${largest}, not ${text ?? 'nothing'}`);
}

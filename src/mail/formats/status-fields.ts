/** Flags as mailboxes in one file keep them: in Status, X-Status and X-Keywords, which mail programs share. */
import { concat, fromLatin1, latin1 } from '../../lib/bytes.ts';

const LETTERS: readonly (readonly [string, 'Status' | 'X-Status', string])[] = [
  ['\\Seen', 'Status', 'R'],
  ['\\Answered', 'X-Status', 'A'],
  ['\\Deleted', 'X-Status', 'D'],
  ['\\Flagged', 'X-Status', 'F'],
  ['\\Draft', 'X-Status', 'T'],
];

const FIELD = /^(Status|X-Status|X-Keywords):(.*(?:\n[ \t].*)*)\n/gim;

/** The message without those fields, and what they say. Lines end with LF. */
export function takeStatusFields(bytes: Uint8Array): {
  readonly bytes: Uint8Array;
  readonly flags: readonly string[];
} {
  const end = headerEnd(bytes);
  const header = fromLatin1(bytes, 0, end);
  const flags: string[] = [];
  const rest = header.replace(FIELD, (_field, name: string, value: string) => {
    flags.push(...flagsIn(name.toLowerCase(), value));
    return '';
  });
  if (rest.length === header.length) return { bytes, flags };
  return { bytes: concat([latin1(rest), bytes.subarray(end)]), flags };
}

function flagsIn(name: string, value: string): string[] {
  if (name === 'x-keywords')
    return value
      .trim()
      .split(/[\s,]+/)
      .filter((word) => word !== '');
  return LETTERS.flatMap(([flag, field, letter]) =>
    field.toLowerCase() === name && value.includes(letter) ? [flag] : [],
  );
}

/** The fields that say these flags, before the empty line. Lines end with LF. */
export function withStatusFields(bytes: Uint8Array, flags: readonly string[]): Uint8Array {
  const letters = (name: string): string =>
    LETTERS.map(([flag, field, letter]) =>
      field === name && flags.includes(flag) ? letter : '',
    ).join('');
  const keywords = flags.filter((flag) => !flag.startsWith('\\'));
  const other = letters('X-Status');
  const lines = [
    `Status: ${letters('Status')}O\n`,
    other === '' ? '' : `X-Status: ${other}\n`,
    keywords.length === 0 ? '' : `X-Keywords: ${keywords.join(' ')}\n`,
  ];
  const end = headerEnd(bytes);
  const before = bytes.subarray(0, end);
  const isCut = end > 0 && before.at(-1) !== 10;
  return concat([before, latin1((isCut ? '\n' : '') + lines.join('')), bytes.subarray(end)]);
}

/** Where the empty line begins. */
function headerEnd(bytes: Uint8Array): number {
  if (bytes[0] === 10) return 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) {
    if (bytes[at + 1] === 10) return at + 1;
  }
  return bytes.length;
}

/** As much of Structured Fields (RFC 9651) as caches need: dictionaries in, parameters out. */

/** A bare item: Boolean, Integer or Decimal, String, Token (told apart), or one of no interest. */
export type BareItem =
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'integer' | 'decimal'; readonly value: number }
  | { readonly type: 'string' | 'token'; readonly value: string }
  | { readonly type: 'other' };

const KEY = /[a-z*][a-z0-9_\-.*]*/y;
const NUMBER = /-?([0-9]{1,15})(?:\.([0-9]{1,3}))?(?![0-9.])/y;
const STRING = /"((?:[ !#-[\]-~]|\\["\\])*)"/y;
const TOKEN = /[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*/y;
const BOOLEAN = /\?([01])/y;
/** Byte sequences, dates and display strings are read over: no directive has one. */
const OTHER = /:[A-Za-z0-9+/=]*:|@-?[0-9]{1,15}|%"(?:[ !#$&-[\]-~]|%[0-9a-f]{2})*"/y;

class Scanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match) this.at = pattern.lastIndex;
    return match ?? undefined;
  }

  get over(): boolean {
    return this.at >= this.text.length;
  }
}

const TRUE: BareItem = { type: 'boolean', value: true };

/** A Dictionary (RFC 9651 §3.2), its parameters left out; undefined when it is none. */
export function parseDictionary(text: string): ReadonlyMap<string, BareItem> | undefined {
  const scanner = new Scanner(text.replace(/^ +| +$/g, ''));
  const members = new Map<string, BareItem>();
  while (!scanner.over) {
    const key = scanner.take(KEY)?.[0];
    if (key === undefined) return undefined;
    const value = scanner.take(/=/y) ? memberValue(scanner) : TRUE;
    if (value === undefined || !skipParameters(scanner)) return undefined;
    // The last of equal keys counts, in the place of the last.
    members.delete(key);
    members.set(key, value);
    if (!nextMember(scanner)) return undefined;
  }
  return members;
}

/** True when the text is over, or goes on with another member: a comma may not be the last. */
function nextMember(scanner: Scanner): boolean {
  scanner.take(/[ \t]*/y);
  if (scanner.over) return true;
  if (!scanner.take(/,/y)) return false;
  scanner.take(/[ \t]*/y);
  return !scanner.over;
}

function memberValue(scanner: Scanner): BareItem | undefined {
  return scanner.take(/\(/y) ? innerList(scanner) : bareItem(scanner);
}

function innerList(scanner: Scanner): BareItem | undefined {
  for (;;) {
    const blanks = scanner.take(/ */y);
    if (scanner.take(/\)/y)) return { type: 'other' };
    if (!blanks || !bareItem(scanner) || !skipParameters(scanner)) return undefined;
    if (!/[ )]/.test(scanner.text.charAt(scanner.at))) return undefined;
  }
}

function bareItem(scanner: Scanner): BareItem | undefined {
  const number = scanner.take(NUMBER);
  if (number) return numberItem(number);
  const string = scanner.take(STRING);
  if (string) return { type: 'string', value: (string[1] as string).replace(/\\(.)/g, '$1') };
  const token = scanner.take(TOKEN);
  if (token) return { type: 'token', value: token[0] };
  const boolean = scanner.take(BOOLEAN);
  if (boolean) return { type: 'boolean', value: boolean[1] === '1' };
  return scanner.take(OTHER) ? { type: 'other' } : undefined;
}

/** A decimal has at most twelve digits before its point (RFC 9651 §4.2.4). */
function numberItem([text, whole, fraction]: RegExpExecArray): BareItem | undefined {
  if (fraction === undefined) return { type: 'integer', value: Number(text) };
  return (whole as string).length > 12 ? undefined : { type: 'decimal', value: Number(text) };
}

function skipParameters(scanner: Scanner): boolean {
  while (scanner.take(/;/y)) {
    scanner.take(/ */y);
    if (!scanner.take(KEY)) return false;
    if (scanner.take(/=/y) && !bareItem(scanner)) return false;
  }
  return true;
}

/** A Token where the text is one, else a String; characters that neither may have become `?`. */
export function tokenOrString(text: string): string {
  TOKEN.lastIndex = 0;
  const token = TOKEN.exec(text);
  if (token?.[0].length === text.length && text !== '') return text;
  return `"${text.replace(/[^ -~]/g, '?').replace(/["\\]/g, '\\$&')}"`;
}

/** The fields of a header, as they stand and unfolded (RFC 5322 §2.2). */
import { latin1 } from '../../lib/bytes.ts';
import { guess } from './charset.ts';

export interface Field {
  /** As written. */
  readonly name: string;
  /** What follows the colon, with its folds and without the last line end; one character an octet. */
  readonly raw: string;
  /** Where the field begins, from the start of the message. */
  readonly offset: number;
}

/** Found by name whatever its case; values are unfolded and in UTF-8 where they are more than ASCII. */
export class Fields implements Iterable<Field> {
  private readonly list: readonly Field[];
  /** The first of each name, in lower case; made when one is looked for. */
  private firsts: Map<string, Field> | undefined;

  constructor(list: readonly Field[]) {
    this.list = list;
  }

  get size(): number {
    return this.list.length;
  }

  [Symbol.iterator](): Iterator<Field> {
    return this.list[Symbol.iterator]();
  }

  /** The first of this name, as messages that repeat a field are shown by most programs. */
  field(name: string): Field | undefined {
    this.firsts ??= firstsOf(this.list);
    return this.firsts.get(name.toLowerCase());
  }

  /** The unfolded value of the first field of this name. */
  get(name: string): string | undefined {
    const field = this.field(name);
    return field && fieldValue(field);
  }

  all(name: string): readonly string[] {
    const wanted = name.toLowerCase();
    return this.list.filter((field) => field.name.toLowerCase() === wanted).map(fieldValue);
  }
}

function firstsOf(list: readonly Field[]): Map<string, Field> {
  const firsts = new Map<string, Field>();
  for (const field of list) {
    const name = field.name.toLowerCase();
    if (!firsts.has(name)) firsts.set(name, field);
  }
  return firsts;
}

/** Unfolded (RFC 5322 §2.2.3), without blanks around it. */
export function fieldValue({ raw }: Field): string {
  const line = raw.includes('\n') ? raw.replace(/\r?\n(?=[ \t])/g, '') : raw;
  const text = line.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
  return isAscii(text) ? text : guess(latin1(text));
}

/** No character above 127. */
export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

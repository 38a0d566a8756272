/** The ids of things here: a letter that says what it is, and the store's number (RFC 8620 §1.2). */

export type IdLetter = 'A' | 'B' | 'F' | 'I' | 'M' | 'S' | 'T';

export function makeId(letter: IdLetter, number: number): string {
  return `${letter}${number}`;
}

/** Undefined for an id of something else. */
export function idNumber(letter: IdLetter, id: string): number | undefined {
  const digits = id.startsWith(letter) ? id.slice(1) : '';
  if (!/^(?:0|[1-9]\d{0,14})$/.test(digits)) return undefined;
  return Number(digits);
}

/** A blob is a message, `B12`, or a part of one, `B12-1_2`; `.` is no letter of an id. */
export function blobIdOf(message: number, part?: string): string {
  return part === undefined ? `B${message}` : `B${message}-${part.replaceAll('.', '_')}`;
}

export interface BlobPlace {
  readonly message: number;
  readonly part: string | undefined;
}

export function parseBlobId(id: string): BlobPlace | undefined {
  const [whole, message, part] = /^B(\d{1,15})(?:-(\d[\d_]*))?$/.exec(id) ?? [];
  if (whole === undefined) return undefined;
  return { message: Number(message), part: part?.replaceAll('_', '.') };
}

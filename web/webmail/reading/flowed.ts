import { unflow } from '../../../src/mime/wire/flowed.ts';
import type { Part } from '../jmap/types.ts';

/** JMAP gives a text as it came (RFC 8621 §4.1.4): what it is made of is said by the field. */
export const CONTENT_TYPE = 'header:Content-Type:asText';

/** A plain text with the lines of format=flowed joined to paragraphs (RFC 3676 §4). */
export function paragraphsOf(part: Part, text: string): string {
  const field = part[CONTENT_TYPE] ?? '';
  return /;\s*format\s*=\s*"?flowed\b/i.test(field)
    ? unflow(text, /;\s*delsp\s*=\s*"?yes\b/i.test(field))
    : text;
}

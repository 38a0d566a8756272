/** Names and passwords in one form, whoever typed them (SASLprep, RFC 4013). */

/** Non-ASCII spaces (RFC 3454 table C.1.2). */
const SPACES = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g;

/** What is mapped to nothing (table B.1). */
const NOTHING = /\u034f|[\u00ad\u1806\u200b-\u200d\u2060\ufeff\p{Variation_Selector}]/gu;

/** Control, private, non-character, surrogate and tagging characters (tables C.2 to C.9). */
const PROHIBITED =
  /\u0340|\u0341|[\p{Cc}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}\u06dd\u070f\u180e\u200e\u200f\u2028-\u202e\u2061-\u2063\u206a-\u206f\u2ff0-\u2ffb\ufff9-\ufffd\u{e0001}\u{e0020}-\u{e007f}]/u;

/** The prepared form (RFC 4013 §2); undefined for what must not be in it. The rules about direction (§2.4) are not looked at. */
export function prepare(text: string): string | undefined {
  const mapped = text.replace(SPACES, ' ').replace(NOTHING, '').normalize('NFKC');
  return PROHIBITED.test(mapped) ? undefined : mapped;
}

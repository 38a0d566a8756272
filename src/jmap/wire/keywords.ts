/** Keywords of messages (RFC 8621 §4.1.1), and the flags of IMAP that they are. */

const FLAG_OF = new Map([
  ['$seen', '\\Seen'],
  ['$flagged', '\\Flagged'],
  ['$answered', '\\Answered'],
  ['$draft', '\\Draft'],
]);
const KEYWORD_OF = new Map([...FLAG_OF].map(([keyword, flag]) => [flag, keyword]));
const RESERVED = new Set(['$recent', '$deleted']);
const SHAPE = /^[!#$&'+-[^-z|}~]{1,100}$/;

/** Undefined for what is no keyword. */
export function flagOf(keyword: string): string | undefined {
  const lower = keyword.toLowerCase();
  if (!SHAPE.test(lower) || RESERVED.has(lower)) return undefined;
  return FLAG_OF.get(lower) ?? lower;
}

/** Undefined for flags that are not shown: `\Deleted`. */
export function keywordOf(flag: string): string | undefined {
  if (flag.startsWith('\\')) return KEYWORD_OF.get(flag);
  return flag.toLowerCase();
}

/** A message that IMAP has marked so is not there for JMAP (§4.1.1). */
export const HIDDEN = '\\Deleted';

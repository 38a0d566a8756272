/** What the octets of a body are, beside text: tables for the loop that looks at every one. */

const LF = 10;
const CR = 13;

/** 0 for what needs no attention. Once seen in a part, NUL and what is above 127 need none any more. */
function table(high: boolean, nul: boolean): Uint8Array {
  const classes = new Uint8Array(256);
  classes[LF] = 1;
  classes[CR] = 1;
  if (nul) classes[0] = 1;
  if (high) classes.fill(1, 128);
  return classes;
}

const TABLES: readonly Uint8Array[] = [
  table(true, true),
  table(false, true),
  table(true, false),
  table(false, false),
];

/** The table for a part in which these were seen. */
export function classesFor(seenHigh: boolean, seenNul: boolean): Uint8Array {
  return TABLES[(seenHigh ? 1 : 0) + (seenNul ? 2 : 0)] as Uint8Array;
}

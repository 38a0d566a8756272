/** Numbers on a circle of 2^32 (RFC 1982): serials of zones. */

/** Whether `a` is later than `b`; of two exactly opposite ones neither is. */
export function isNewer(a: number, b: number): boolean {
  const ahead = (a - b) >>> 0;
  return ahead !== 0 && ahead < 0x8000_0000;
}

/** The serial after this one. */
export function nextSerial(serial: number): number {
  return (serial + 1) >>> 0;
}

/**
 * A rolling 64-bit hash in two 32-bit lanes (FNV-1a and a multiply-rotate), for comparing runs.
 * Fast and stable everywhere; no use against people who mean harm.
 */
export class RollingHash {
  private a = 0x811c9dc5;
  private b = 0x9e3779b9;

  number(value: number): void {
    this.word(value | 0);
    this.word(Math.floor(value / 0x1_0000_0000) | 0);
    const fraction = value - Math.floor(value);
    if (fraction !== 0) this.word((fraction * 0x1_0000_0000) | 0);
  }

  text(value: string): void {
    for (let i = 0; i < value.length; i++) this.word(value.charCodeAt(i));
    this.word(-value.length);
  }

  bytes(value: Uint8Array): void {
    for (let i = 0; i < value.length; i++) this.word(value[i] as number);
    this.word(-value.length);
  }

  private word(value: number): void {
    this.a = Math.imul(this.a ^ value, 0x01000193);
    const mixed = Math.imul(this.b ^ value, 0x85ebca6b);
    this.b = (mixed << 13) | (mixed >>> 19);
  }

  /** Sixteen hexadecimal digits of what was taken in so far. */
  digest(): string {
    const lane = (value: number) => (value >>> 0).toString(16).padStart(8, '0');
    return lane(this.a) + lane(this.b);
  }
}

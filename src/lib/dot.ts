/**
 * Texts that a dot ends, as in SMTP (RFC 5321 §4.1.1.4, §4.5.2) and POP3 (RFC 1939 §3). CR LF . CR LF is
 * the end, and no other sequence: a bare CR or LF ends no line, and a message that has one is faulty.
 */
import { concat, EMPTY } from './bytes.ts';
import { CR, LF } from './lines.ts';

const DOT = 46;

export type LineFault = 'bare CR' | 'bare LF';

const CR_LF = Uint8Array.of(CR, LF);
const END = Uint8Array.of(DOT, CR, LF);
const STUFFED = Uint8Array.of(DOT);

/**
 * Where the reader stands. `lf` is after a bare LF, where a careless sender sees a new line; its
 * `lf-dot` and `lf-dot-cr` follow how it might mean to end.
 */
type State = 'start' | 'text' | 'cr' | 'dot' | 'dot-cr' | 'lf' | 'lf-dot' | 'lf-dot-cr';

/** Takes out the dots and finds the end. */
export class DotReader {
  /** The end was seen. */
  done = false;
  /** The first bare CR or LF. What follows it is not given out, but to a patient reader. */
  fault: LineFault | undefined;
  /** After a fault: the sender has written what it takes for the end, and waits. */
  abandoned = false;
  private state: State = 'start';
  private readonly emit: (bytes: Uint8Array) => void;
  private readonly patient: boolean;

  /** `patient`: bare CR and LF are text as any other. They end no line all the same. */
  constructor(
    emit: (bytes: Uint8Array) => void,
    { patient = false }: { readonly patient?: boolean } = {},
  ) {
    this.emit = emit;
    this.patient = patient;
  }

  /** How many of the bytes belong to the message: all, until it is done. */
  push(bytes: Uint8Array): number {
    let from = 0;
    let at = 0;
    let lf = -1;
    let text: string | undefined;
    while (at < bytes.length) {
      if (this.state === 'text') {
        text ??= characters.decode(bytes);
        if (lf < at) lf = found(text, '\n', at);
        at = this.text(text, at, lf);
        continue;
      }
      const byte = bytes[at++] as number;
      const before = this.state;
      this.state = this.step(byte);
      if (this.state === 'dot') {
        this.give(bytes.subarray(from, at - 1));
        from = at;
      } else if (before === 'dot' && this.state === 'dot-cr') from = at;
      else if (before === 'dot-cr' && !this.done) this.give(CR_LF.subarray(0, 1));
      if (this.done || this.abandoned) return at;
    }
    this.give(bytes.subarray(from));
    return at;
  }

  /** Runs through text to what is not text, at the latest to the next `lf`; gives where it stopped. */
  private text(text: string, from: number, lf: number): number {
    // The search ends at the CR before the LF; where there is none, it must not go beyond.
    const line = text[lf - 1] === '\r' ? text : text.slice(0, lf);
    const cr = found(line, '\r', from);
    if (cr < lf) {
      this.state = 'cr';
      return cr + 1;
    }
    if (lf === text.length) return lf;
    this.state = this.broken('bare LF');
    return lf + 1;
  }

  private step(byte: number): State {
    switch (this.state) {
      case 'start':
        return byte === DOT ? 'dot' : this.plain(byte);
      case 'dot':
        if (byte === LF) return this.abandon('bare LF');
        return byte === CR ? 'dot-cr' : 'text';
      case 'dot-cr':
        if (byte !== LF) return this.afterBareCr(byte);
        this.done = true;
        return 'start';
      case 'cr':
        return byte === LF ? 'start' : this.afterBareCr(byte);
      case 'lf':
        return byte === DOT ? 'lf-dot' : this.plain(byte);
      case 'lf-dot':
        if (byte === LF) return this.abandon('bare LF');
        return byte === CR ? 'lf-dot-cr' : 'text';
      case 'lf-dot-cr':
        if (byte !== LF) return this.afterBareCr(byte);
        this.abandon('bare LF');
        return 'start';
      case 'text':
        return this.plain(byte);
    }
  }

  private plain(byte: number): State {
    if (byte === CR) return 'cr';
    return byte === LF ? this.broken('bare LF') : 'text';
  }

  private afterBareCr(byte: number): State {
    this.fault ??= 'bare CR';
    return byte === CR ? 'cr' : 'text';
  }

  private broken(fault: LineFault): State {
    this.fault ??= fault;
    return 'lf';
  }

  private abandon(fault: LineFault): State {
    this.abandoned = !this.patient;
    return this.broken(fault);
  }

  private give(bytes: Uint8Array): void {
    if (bytes.length > 0 && (this.patient || this.fault === undefined)) this.emit(bytes);
  }
}

/** One character for each byte: a text is searched in a quarter of the time. */
const characters = new TextDecoder('latin1');

/** Where a character is next, or the length. */
function found(text: string, character: string, from: number): number {
  const at = text.indexOf(character, from);
  return at < 0 ? text.length : at;
}

/** Watches the line ends of a message that comes in counted chunks (RFC 3030 §2). */
export class LineEndGuard {
  private endsInCr = false;

  /** The first fault in what came next. */
  push(bytes: Uint8Array): LineFault | undefined {
    if (bytes.length === 0) return undefined;
    if (this.endsInCr && bytes[0] !== LF) return 'bare CR';
    if (!this.endsInCr && bytes[0] === LF) return 'bare LF';
    this.endsInCr = bytes[bytes.length - 1] === CR;
    for (let lf = bytes.indexOf(LF, 1); lf >= 0; lf = bytes.indexOf(LF, lf + 1)) {
      if (bytes[lf - 1] !== CR) return 'bare LF';
    }
    for (let cr = bytes.indexOf(CR); cr >= 0 && cr + 1 < bytes.length; ) {
      if (bytes[cr + 1] !== LF) return 'bare CR';
      cr = bytes.indexOf(CR, cr + 2);
    }
    return undefined;
  }

  /** At the end of the message. */
  end(): LineFault | undefined {
    return this.endsInCr ? 'bare CR' : undefined;
  }
}

/** Puts the dots in. A bare CR or LF is never sent: it becomes CR LF, or the error that `broken` makes of it is thrown. */
export class DotWriter {
  private readonly guard = new LineEndGuard();
  private readonly broken: ((which: 'CR' | 'LF', offset: number) => Error) | undefined;
  private atStart = true;
  private sent = 0;
  /** A CR at the end of what came, whose LF may follow. */
  private heldCr = false;

  constructor(broken?: (which: 'CR' | 'LF', offset: number) => Error) {
    this.broken = broken;
  }

  /** The parts to send: slices of what was given, and the dots between them. */
  push(given: Uint8Array): Uint8Array[] {
    const bytes = this.broken ? this.checked(given, this.broken) : this.mended(given);
    if (bytes.length === 0) return [];
    this.sent += bytes.length;
    const parts: Uint8Array[] = [];
    let from = 0;
    for (let at = this.atStart ? 0 : next(bytes, 0); at < bytes.length; at = next(bytes, at)) {
      if (bytes[at] !== DOT) continue;
      if (at > from) parts.push(bytes.subarray(from, at));
      parts.push(STUFFED);
      from = at;
    }
    this.atStart = bytes[bytes.length - 1] === LF;
    parts.push(bytes.subarray(from));
    return parts;
  }

  /** What ends the message: a line end where the last line has none, and the dot. */
  end(): Uint8Array[] {
    if (this.broken && this.guard.end()) throw this.broken('CR', this.sent);
    return this.atStart && !this.heldCr ? [END] : [CR_LF, END];
  }

  private checked(bytes: Uint8Array, broken: NonNullable<typeof this.broken>): Uint8Array {
    const fault = this.guard.push(bytes);
    if (fault) throw broken(fault === 'bare CR' ? 'CR' : 'LF', this.sent);
    return bytes;
  }

  private mended(bytes: Uint8Array): Uint8Array {
    if (bytes.length === 0) return bytes;
    const whole = this.heldCr ? concat([CR_LF.subarray(0, 1), bytes]) : bytes;
    this.heldCr = whole[whole.length - 1] === CR;
    const ended = this.heldCr ? whole.subarray(0, -1) : whole;
    const isFaulty = ended[ended.length - 1] === CR || this.guard.push(ended) !== undefined;
    return isFaulty ? withCrLf(ended) : ended;
  }
}

/** The start of the next line. */
function next(bytes: Uint8Array, from: number): number {
  const lf = bytes.indexOf(LF, from);
  return lf < 0 ? bytes.length : lf + 1;
}

/** Text with any line ends, as a message of CR LF lines. */
export function withCrLf(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0) return EMPTY;
  const out = new Uint8Array(bytes.length * 2);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (byte === CR || byte === LF) {
      if (byte === CR && bytes[i + 1] === LF) i++;
      out[length++] = CR;
      out[length++] = LF;
    } else out[length++] = byte;
  }
  return out.slice(0, length);
}

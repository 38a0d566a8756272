/** Takes commands out of a telnet stream (RFC 854, "TELNET command structure"). Any bytes are a stream. */
import { SUBNEGOTIATION_LIMIT } from '../defaults.ts';
import type { TelnetElement } from '../types.ts';
import { DO, DONT, IAC, SB, SE, WILL, WONT } from './codes.ts';

type State = 'data' | 'command' | 'option' | 'subnegotiation' | 'subnegotiation-command';

export class TelnetParser {
  private state: State = 'data';
  private code = 0;
  private option = 0;
  /** Bytes of the command under way, its IAC counted. */
  private length = 0;

  /** Bytes in; data and commands out, in order. A doubled IAC is one byte 255 of data. */
  push(bytes: Uint8Array): TelnetElement[] {
    const elements: TelnetElement[] = [];
    let start = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (this.state === 'data') {
        if (byte !== IAC) continue;
        if (at > start) elements.push({ type: 'data', bytes: bytes.subarray(start, at) });
        this.state = 'command';
        this.length = 1;
      } else {
        this.length++;
        const element = this.step(byte);
        if (element) elements.push(element);
      }
      start = at + 1;
    }
    if (this.state === 'data' && start < bytes.length) {
      elements.push({ type: 'data', bytes: bytes.subarray(start) });
    }
    return elements;
  }

  private step(byte: number): TelnetElement | undefined {
    switch (this.state) {
      case 'command':
        return this.command(byte);
      case 'option':
        this.option = byte;
        return this.complete();
      case 'subnegotiation':
        if (byte === IAC) this.state = 'subnegotiation-command';
        return this.length > SUBNEGOTIATION_LIMIT ? this.complete() : undefined;
      case 'subnegotiation-command':
        if (byte === SE) return this.complete();
        this.state = 'subnegotiation';
        return undefined;
      default:
        return undefined;
    }
  }

  private command(byte: number): TelnetElement | undefined {
    if (byte === IAC) {
      this.state = 'data';
      return { type: 'data', bytes: Uint8Array.of(IAC) };
    }
    this.code = byte;
    if (byte === WILL || byte === WONT || byte === DO || byte === DONT) {
      this.state = 'option';
    } else if (byte === SB) {
      this.state = 'subnegotiation';
    } else {
      this.state = 'data';
      return { type: 'command', command: { code: byte }, length: this.length };
    }
    return undefined;
  }

  private complete(): TelnetElement {
    this.state = 'data';
    return {
      type: 'command',
      command: this.code === SB ? { code: SB } : { code: this.code, option: this.option },
      length: this.length,
    };
  }
}

/** Data as it goes on the wire: each byte 255 doubled. */
export function escapeIac(bytes: Uint8Array): Uint8Array {
  let extra = 0;
  for (const byte of bytes) if (byte === IAC) extra++;
  if (extra === 0) return bytes;
  const escaped = new Uint8Array(bytes.length + extra);
  let at = 0;
  for (const byte of bytes) {
    escaped[at++] = byte;
    if (byte === IAC) escaped[at++] = IAC;
  }
  return escaped;
}

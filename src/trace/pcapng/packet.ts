/** IP packets made up around what was said, so that the tools of the trade can read it. */
import { type Endpoint, ipv4Bytes, isIPv4 } from '../../lib/endpoint.ts';

const TCP = 6;
const UDP = 17;

export const FIN = 1;
export const SYN = 2;
export const RST = 4;
export const PSH = 8;
export const ACK = 16;

export interface Segment {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly sequence: number;
  readonly acknowledged: number;
  readonly flags: number;
  readonly payload: Uint8Array;
}

/** The options of our SYN: a maximum segment of 1,460 bytes and a window scale of 14 (RFC 9293 §3.2, 7323 §2.2). */
const SYN_OPTIONS = Uint8Array.of(2, 4, 5, 180, 3, 3, 14, 0);

/** RFC 9293 §3.1. The window is as large as can be: none of this was flow control. */
export function tcpPacket(segment: Segment): Uint8Array {
  const options = segment.flags & SYN ? SYN_OPTIONS : new Uint8Array(0);
  const bytes = new Uint8Array(20 + options.length + segment.payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, segment.from.port);
  view.setUint16(2, segment.to.port);
  view.setUint32(4, segment.sequence >>> 0);
  view.setUint32(8, segment.flags & ACK ? segment.acknowledged >>> 0 : 0);
  view.setUint8(12, ((20 + options.length) / 4) << 4);
  view.setUint8(13, segment.flags);
  view.setUint16(14, 65535);
  bytes.set(options, 20);
  bytes.set(segment.payload, 20 + options.length);
  return ipPacket(segment.from, segment.to, TCP, bytes, 16);
}

/** RFC 768. */
export function udpPacket(from: Endpoint, to: Endpoint, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, from.port);
  view.setUint16(2, to.port);
  view.setUint16(4, bytes.length);
  bytes.set(payload, 8);
  return ipPacket(from, to, UDP, bytes, 6);
}

/** Puts the header before the payload, and the checksum over the pseudo header at `checksumAt`. */
function ipPacket(
  from: Endpoint,
  to: Endpoint,
  protocol: number,
  payload: Uint8Array,
  checksumAt: number,
): Uint8Array {
  const source = addressBytes(from.address);
  const target = addressBytes(to.address);
  const small = source.length === 4 && target.length === 4;
  const pseudo = new Uint8Array(8);
  new DataView(pseudo.buffer).setUint32(0, payload.length);
  pseudo[7] = protocol;
  const sum = checksum([source, target, pseudo, payload]);
  // RFC 768: a sum of zero is sent as all ones, since zero says that there is none.
  const sent = sum === 0 && protocol === UDP ? 0xffff : sum;
  new DataView(payload.buffer).setUint16(checksumAt, sent);
  const header = small
    ? ipv4Header(source, target, protocol, payload.length)
    : ipv6Header(mapped(source), mapped(target), protocol, payload.length);
  const packet = new Uint8Array(header.length + payload.length);
  packet.set(header);
  packet.set(payload, header.length);
  return packet;
}

/** RFC 791 §3.1. */
function ipv4Header(
  source: Uint8Array,
  target: Uint8Array,
  protocol: number,
  length: number,
): Uint8Array {
  const header = new Uint8Array(20);
  const view = new DataView(header.buffer);
  view.setUint8(0, 0x45);
  view.setUint16(2, 20 + length);
  view.setUint16(6, 0x4000);
  view.setUint8(8, 64);
  view.setUint8(9, protocol);
  header.set(source, 12);
  header.set(target, 16);
  view.setUint16(10, checksum([header]));
  return header;
}

/** RFC 8200 §3. */
function ipv6Header(
  source: Uint8Array,
  target: Uint8Array,
  protocol: number,
  length: number,
): Uint8Array {
  const header = new Uint8Array(40);
  const view = new DataView(header.buffer);
  view.setUint8(0, 0x60);
  view.setUint16(4, length);
  view.setUint8(6, protocol);
  view.setUint8(7, 64);
  header.set(source, 8);
  header.set(target, 24);
  return header;
}

/** An IPv4 address among IPv6 ones is written as ::ffff:a.b.c.d (RFC 4291 §2.5.5.2). */
function mapped(address: Uint8Array): Uint8Array {
  if (address.length === 16) return address;
  const bytes = new Uint8Array(16);
  bytes.fill(255, 10, 12);
  bytes.set(address, 12);
  return bytes;
}

/** The bytes of an address; of IPv6 the forms of RFC 4291 §2.2 without embedded IPv4. */
function addressBytes(text: string): Uint8Array {
  if (isIPv4(text)) return ipv4Bytes(text);
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  const [head = '', tail] = text.split('::');
  const groups = (part: string) => part.split(':').filter((group) => group !== '');
  groups(head).forEach((group, i) => {
    view.setUint16(2 * i, Number.parseInt(group, 16));
  });
  const last = groups(tail ?? '');
  last.forEach((group, i) => {
    view.setUint16(16 - 2 * (last.length - i), Number.parseInt(group, 16));
  });
  return bytes;
}

/** RFC 1071: the ones' complement of the ones' complement sum of all 16-bit words. Parts but the last are even. */
function checksum(parts: readonly Uint8Array[]): number {
  let sum = 0;
  for (const part of parts) {
    for (let i = 0; i < part.length; i += 2) {
      sum += ((part[i] as number) << 8) | (part[i + 1] ?? 0);
    }
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

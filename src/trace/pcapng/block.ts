/** The blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian. */
import { concat, utf8 } from '../../lib/bytes.ts';
import { type Address, ipv4Bytes, isIPv4 } from '../../lib/endpoint.ts';

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const NAME_RESOLUTION = 4;
const ENHANCED_PACKET = 6;

/** Raw IP: the packet begins with its IPv4 or IPv6 header. */
const LINKTYPE_RAW = 101;

function u16(value: number): Uint8Array {
  return Uint8Array.of(value & 255, (value >> 8) & 255);
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

/** Fills up to a multiple of four bytes. */
function padded(bytes: Uint8Array): Uint8Array {
  const rest = bytes.length % 4;
  return rest === 0 ? bytes : concat([bytes, new Uint8Array(4 - rest)]);
}

function block(type: number, body: Uint8Array): Uint8Array {
  const length = u32(body.length + 12);
  return concat([u32(type), length, body, length]);
}

function option(code: number, value: Uint8Array): Uint8Array {
  return concat([u16(code), u16(value.length), padded(value)]);
}

const END_OF_OPTIONS = u32(0);

export function sectionHeader(): Uint8Array {
  const unknownLength = new Uint8Array(8).fill(255);
  const application = option(4, utf8('toplayer'));
  return block(
    SECTION_HEADER,
    concat([u32(0x1a2b3c4d), u16(1), u16(0), unknownLength, application, END_OF_OPTIONS]),
  );
}

export function interfaceDescription(): Uint8Array {
  const nanoseconds = option(9, Uint8Array.of(9));
  const name = option(2, utf8('internet'));
  return block(
    INTERFACE_DESCRIPTION,
    concat([u16(LINKTYPE_RAW), u16(0), u32(0), name, nanoseconds, END_OF_OPTIONS]),
  );
}

export function nameResolution(
  hosts: readonly { readonly name: string; readonly address: Address }[],
): Uint8Array {
  const records = hosts
    .filter((host) => isIPv4(host.address))
    .map((host) => {
      const value = concat([ipv4Bytes(host.address), utf8(host.name), Uint8Array.of(0)]);
      return concat([u16(1), u16(value.length), padded(value)]);
    });
  return block(NAME_RESOLUTION, concat([...records, u32(0)]));
}

/** One packet at `ms` since 1970, with a comment where there is something to say. */
export function enhancedPacket(ms: number, packet: Uint8Array, comment?: string): Uint8Array {
  const whole = Math.floor(ms);
  const nanoseconds = BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1e6));
  const options = comment ? concat([option(1, utf8(comment)), END_OF_OPTIONS]) : new Uint8Array(0);
  return block(
    ENHANCED_PACKET,
    concat([
      u32(0),
      u32(Number(nanoseconds >> 32n)),
      u32(Number(nanoseconds & 0xffff_ffffn)),
      u32(packet.length),
      u32(packet.length),
      padded(packet),
      options,
    ]),
  );
}

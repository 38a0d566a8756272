import { fromLatin1 } from '../lib/bytes.ts';
import type { Dissected, Dissector, StreamDissector } from './types.ts';

/** Finds the dissector of a conversation by the port of its server. */
export class DissectorRegistry {
  private readonly byPort = new Map<number, Dissector>();

  constructor(dissectors: readonly Dissector[] = []) {
    for (const dissector of dissectors) this.add(dissector);
  }

  add(dissector: Dissector): void {
    for (const port of dissector.ports) this.byPort.set(port, dissector);
  }

  /** The dissector of one of the two ports, the first asked first; else the one for plain data. */
  find(transport: 'tcp' | 'udp', server: number, other = 0): Dissector {
    for (const port of [server, other]) {
      const dissector = this.byPort.get(port);
      if (dissector && (transport === 'udp' ? dissector.datagram : dissector.stream))
        return dissector;
    }
    return DATA;
  }
}

/** Bytes that no protocol claims: shown as text where they are text. */
export const DATA: Dissector = {
  protocol: 'data',
  ports: [],
  datagram: dissectData,
  stream(): StreamDissector {
    return { push: (_speaker, bytes) => [dissectData(bytes)], end: () => [] };
  },
};

const PREVIEW = 72;

function dissectData(bytes: Uint8Array): Dissected {
  return {
    length: bytes.length,
    summary: preview(bytes),
    role: 'other',
    fields: () => [{ name: 'Data', value: `${bytes.length} bytes`, start: 0, end: bytes.length }],
  };
}

/** The first line of a text, or the number of bytes where it is none. */
export function preview(bytes: Uint8Array): string {
  const start = fromLatin1(bytes, 0, Math.min(bytes.length, PREVIEW + 1));
  const line = /^[\x20-\x7e\t]*/.exec(start)?.[0] ?? '';
  const rest = start.slice(line.length);
  const isText = line.length > 0 && /^(\r?\n|$)/.test(rest);
  if (!isText) return `${bytes.length} bytes`;
  return line.length > PREVIEW || bytes.length > line.length + 2
    ? `${line.slice(0, PREVIEW)}…`
    : line;
}

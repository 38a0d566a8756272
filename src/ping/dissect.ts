/** How the pinger's datagrams are shown. */
import { fromLatin1 } from '../lib/bytes.ts';
import { preview } from '../trace/index.ts';
import type { Dissected, Dissector, Field } from '../trace/types.ts';
import { PING_PORT } from './defaults.ts';
import { decodePing } from './wire/message.ts';

export const pingDissector: Dissector = {
  protocol: 'ping',
  ports: [PING_PORT],
  datagram: dissect,
};

function dissect(bytes: Uint8Array): Dissected {
  const message = decodePing(bytes);
  if (!message) {
    return {
      length: bytes.length,
      summary: preview(bytes),
      role: 'other',
      fields: () => [{ name: 'Text', value: preview(bytes), start: 0, end: bytes.length }],
    };
  }
  const reply = bytes[1] === 0x49;
  return {
    length: bytes.length,
    summary: fromLatin1(bytes, 0, Math.min(bytes.length, 72)).trimEnd(),
    role: reply ? 'reply' : 'request',
    key: String(message.sequence),
    fields: () => fields(bytes, message.sequence, message.time, reply),
  };
}

function fields(bytes: Uint8Array, sequence: number, time: string, reply: boolean): Field[] {
  const afterNumber = 5 + String(sequence).length;
  const numberEnd = Math.max(afterNumber, bytes.indexOf(32, 5));
  return [
    { name: 'Word', value: reply ? 'PING, a reply' : 'Ping, a request', start: 0, end: 4 },
    { name: 'Sequence number', value: String(sequence), start: 5, end: numberEnd },
    {
      name: 'Time of sending',
      value: time,
      start: numberEnd + 1,
      end: numberEnd + 1 + time.length,
    },
  ];
}

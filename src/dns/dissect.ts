/** Recorded bytes to DNS messages for the trace, by the same codec that servers and clients use. */
import { ProtocolError } from '../lib/errors.ts';
import type { Dissected, Dissector, Field, Speaker, StreamDissector } from '../trace/index.ts';
import { DNS_PORT } from './defaults.ts';
import { messageFields } from './dissect-fields.ts';
import { summarize } from './summary.ts';
import { decodeMessage, Unframer } from './wire/index.ts';

/** How DNS is read from the wire, on UDP and TCP. */
export const dnsDissector: Dissector = {
  protocol: 'dns',
  ports: [DNS_PORT],
  datagram: dissect,
  stream: () => new DnsStream(),
};

function dissect(bytes: Uint8Array): Dissected {
  const fields = () => messageFields(bytes);
  const { length } = bytes;
  try {
    const message = decodeMessage(bytes);
    const question = message.questions[0];
    const asked = question ? ` ${question.name} ${question.type} ${question.class}` : '';
    const role = message.response ? 'reply' : 'request';
    return { length, summary: summarize(message), role, key: `${message.id}${asked}`, fields };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return {
      length,
      summary: `not DNS: ${error.message} (${error.spec})`,
      role: 'other',
      malformed: true,
      fields,
    };
  }
}

class DnsStream implements StreamDissector {
  private readonly sides: Record<Speaker, Unframer> = {
    client: new Unframer(),
    server: new Unframer(),
  };

  push(speaker: Speaker, bytes: Uint8Array): readonly Dissected[] {
    return this.sides[speaker].push(bytes).map(framed);
  }

  end(speaker: Speaker): readonly Dissected[] {
    const length = this.sides[speaker].pending;
    if (length === 0) return [];
    const summary = 'not DNS: the stream ends within a message (RFC 1035 §4.2.2)';
    return [{ length, summary, role: 'other', malformed: true, fields: () => [] }];
  }
}

/** A message of a stream, with the two bytes of its length before it. */
function framed(bytes: Uint8Array): Dissected {
  const inner = dissect(bytes);
  const prefix: Field = {
    name: 'Length',
    value: `${bytes.length} bytes`,
    start: 0,
    end: 2,
    spec: 'RFC 1035 §4.2.2',
  };
  const fields = () => [prefix, ...inner.fields().map((field) => moved(field, 2))];
  return { ...inner, length: inner.length + 2, fields };
}

function moved(field: Field, by: number): Field {
  const { children } = field;
  return {
    ...field,
    start: field.start + by,
    end: field.end + by,
    ...(children && { children: children.map((child) => moved(child, by)) }),
  };
}

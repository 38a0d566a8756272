/** The recording as lines of JSON, our own format: a head, then each event. It can be read again. */
import { base64, fromBase64 } from '../lib/base64.ts';
import { endpointText, parseEndpoint } from '../lib/endpoint.ts';
import { UsageError } from '../lib/errors.ts';
import type { RecordingHead } from './recorder.ts';
import type { TraceEvent, TraceEventKind, Transport } from './types.ts';

export function headLine(head: RecordingHead): string {
  return `${JSON.stringify({ toplayer: 1, epoch: head.epoch, hosts: head.hosts })}\n`;
}

export function eventLine(event: TraceEvent): string {
  const { bytes, from, to, because, ...rest } = event;
  return `${JSON.stringify({
    ...rest,
    from: endpointText(from),
    to: endpointText(to),
    ...(because && { because: endpointText(because) }),
    ...(bytes && { bytes: base64(bytes) }),
  })}\n`;
}

export function ndjson(
  recording: RecordingHead & { readonly events: readonly TraceEvent[] },
): string {
  return headLine(recording) + recording.events.map(eventLine).join('');
}

/** Reads a whole file back. Throws UsageError that names the line which is none of ours. */
export function parseNdjson(
  text: string,
): RecordingHead & { readonly events: readonly TraceEvent[] } {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const head = parseLine(lines[0] ?? '', 1);
  if (head['toplayer'] !== 1 || !Array.isArray(head['hosts'])) {
    throw new UsageError('line 1: expected the head of a recording, {"toplayer":1,...}');
  }
  return {
    epoch: Number(head['epoch']) || 0,
    hosts: head['hosts'] as RecordingHead['hosts'],
    events: lines.slice(1).map((line, index) => parseEvent(parseLine(line, index + 2), index + 2)),
  };
}

function parseLine(line: string, number: number): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw new UsageError(`line ${number}: expected one JSON object`, { cause });
  }
  throw new UsageError(`line ${number}: expected one JSON object`);
}

const KINDS: ReadonlySet<unknown> = new Set<TraceEventKind>([
  'bind',
  'unbind',
  'open',
  'accept',
  'refused',
  'send',
  'receive',
  'end',
  'close',
  'drop',
  'note',
]);

function parseEvent(line: Record<string, unknown>, number: number): TraceEvent {
  const { kind, at, host, transport, from, to, bytes, text, spec, because } = line;
  if (!KINDS.has(kind))
    throw new UsageError(`line ${number}: no such kind of event: ${String(kind)}`);
  if (typeof at !== 'number' || typeof from !== 'string' || typeof to !== 'string') {
    throw new UsageError(`line ${number}: expected at, from and to`);
  }
  const payload = typeof bytes === 'string' ? fromBase64(bytes) : undefined;
  return {
    kind: kind as TraceEventKind,
    at,
    host: String(host),
    transport: transport as Transport,
    from: parseEndpoint(from, 0),
    to: parseEndpoint(to, 0),
    ...(payload && { bytes: payload }),
    ...(typeof text === 'string' && { text }),
    ...(typeof spec === 'string' && { spec }),
    ...(typeof because === 'string' && { because: parseEndpoint(because, 0) }),
  };
}

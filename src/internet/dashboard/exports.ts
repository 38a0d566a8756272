/** The recording as files. */
import type { Response } from '../../http/index.ts';
import { ladder, mermaid, ndjson, pcapng, type Recording } from '../../trace/index.ts';

interface Format {
  readonly type: string;
  readonly extension: string;
  readonly write: (recording: Recording) => Uint8Array | string;
}

const FORMATS: Readonly<Record<string, Format>> = {
  pcapng: { type: 'application/octet-stream', extension: 'pcapng', write: pcapng },
  ndjson: { type: 'application/x-ndjson', extension: 'ndjson', write: ndjson },
  mermaid: {
    type: 'text/plain; charset=utf-8',
    extension: 'mmd',
    write: ({ messages }) => mermaid(messages),
  },
  txt: {
    type: 'text/plain; charset=utf-8',
    extension: 'txt',
    write: ({ messages }) => ladder(messages, { width: 240 }),
  },
};

/** The file of a format, or undefined when there is no such format. */
export function exportFile(recording: Recording, name: string): Response | undefined {
  const format = FORMATS[name];
  if (!format) return undefined;
  return {
    status: 200,
    headers: {
      'Content-Type': format.type,
      'Content-Disposition': `attachment; filename="toplayer.${format.extension}"`,
      'Cache-Control': 'no-store',
    },
    body: format.write(recording),
  };
}

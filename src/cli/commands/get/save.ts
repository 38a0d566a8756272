/** Bodies to files: with progress, and going on where an earlier try broke off. */
import { open, stat } from 'node:fs/promises';
import type { ClientResponse } from '../../../http/index.ts';
import { AppError } from '../../../lib/errors.ts';
import type { HeaderField } from '../../../lib/ordered-headers.ts';
import type { CliTools } from '../../tools.ts';

/** What is there already, and how to ask for the rest (RFC 9110 §14.2). */
export async function resumed(
  file: string | undefined,
  wanted: boolean,
): Promise<{ readonly have: number; readonly headers: readonly HeaderField[] }> {
  const info = wanted && file !== undefined ? await stat(file).catch(() => undefined) : undefined;
  if (!info || info.size === 0) return { have: 0, headers: [] };
  return { have: info.size, headers: [['Range', `bytes=${info.size}-`]] };
}

/** Writes the body; gives the bytes that came. A server that sends all again begins the file anew. */
export async function saveBody(
  tools: CliTools,
  response: ClientResponse,
  file: string,
  have: number,
): Promise<number> {
  if (have > 0 && response.status === 416) {
    response.body.cancel();
    tools.note(`${file}: nothing is missing, ${have} bytes`);
    return 0;
  }
  const goesOn = have > 0 && response.status === 206;
  if (goesOn) checkStart(response, have);
  const handle = await open(file, goesOn ? 'a' : 'w');
  const before = goesOn ? have : 0;
  const bar = progress(before, response.body.length);
  let bytes = 0;
  try {
    for await (const piece of response.body) {
      await handle.write(piece);
      bytes += piece.length;
      bar.at(before + bytes);
    }
  } finally {
    bar.end();
    await handle.close();
  }
  tools.note(`${file}: ${before + bytes} bytes${goesOn ? `, ${bytes} of them new` : ''}`);
  return bytes;
}

function checkStart({ headers }: ClientResponse, have: number): void {
  const range = headers.get('Content-Range') ?? '';
  if (range.startsWith(`bytes ${have}-`)) return;
  const text = `the server sends another part than was asked for: ${range || 'unnamed'}`;
  throw new AppError('HTTP_UNEXPECTED', text, { spec: 'RFC 9110 §14.4' });
}

const WIDTH = 30;

/** A line on standard error that is rewritten; none where that is not a terminal. */
function progress(before: number, left: number | undefined) {
  const { stderr } = process;
  const total = left === undefined ? undefined : before + left;
  let shownAt = 0;
  const show = (done: number): void => {
    const share = total ? done / total : 0;
    const bar = total ? `[${'#'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH)}] ` : '';
    const percent = total ? ` ${(share * 100).toFixed(0)} %` : '';
    stderr.write(`\r${bar}${(done / 1e6).toFixed(1)} MB${percent}`);
  };
  return {
    at(done: number): void {
      const now = performance.now();
      if (!stderr.isTTY || now - shownAt < 100) return;
      shownAt = now;
      show(done);
    },
    end(): void {
      if (stderr.isTTY && shownAt > 0) stderr.write('\r\x1b[K');
    },
  };
}

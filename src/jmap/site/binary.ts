/** Uploads and downloads (RFC 8620 §6). */
import type { Request, Response } from '../../http/index.ts';
import { hasCode } from '../../lib/errors.ts';
import { formFields } from '../../lib/form.ts';
import type { Account } from '../../mail/index.ts';
import { makeId } from '../machine/ids.ts';
import type { Service } from '../service.ts';
import { json, limitProblem, problem } from './answers.ts';
import type { Turnstile } from './turnstile.ts';

const TYPE = /^[\w!#$&^.+-]{1,100}\/[\w!#$&^.+-]{1,100}(?:\s*;\s*charset=[\w-]{1,40})?$/;

export async function upload(
  { limits, blobs }: Service,
  turnstile: Turnstile,
  account: Account,
  request: Request,
): Promise<Response> {
  if (request.method !== 'POST') return problem(405, 'Files are sent with POST.');
  const leave = turnstile.enter(account.id);
  if (!leave) return limitProblem('maxConcurrentUpload', 'Too many uploads at once');
  const tooLarge = (): Response =>
    limitProblem('maxSizeUpload', `A file has ${limits.maxSizeUpload} bytes at most`, 413);
  try {
    if ((request.body.length ?? 0) > limits.maxSizeUpload) return tooLarge();
    const bytes = await request.body.bytes({ limit: limits.maxSizeUpload });
    const given = request.headers.get('Content-Type') ?? '';
    const type = TYPE.test(given) ? given : 'application/octet-stream';
    const blobId = blobs.add(account.id, type, bytes);
    const accountId = makeId('A', account.id);
    return json({ accountId, blobId, type, size: bytes.length }, 201);
  } catch (error) {
    if (hasCode(error, 'HTTP_BODY_TOO_LARGE')) return tooLarge();
    throw error;
  } finally {
    leave();
  }
}

/** Never shown by a browser itself: what comes by mail is no page of this site. */
export function download(
  { blobs, store }: Service,
  account: Account,
  blobId: string,
  name: string,
  request: Request,
): Response {
  const blob = blobs.get(store.open(account), blobId);
  if (!blob) return problem(404, `There is no blob ${blobId}.`);
  const asked = formFields(request.query).get('accept') ?? '';
  const shown = name.replace(/[\p{Cc}/\\]/gu, '_');
  return {
    status: 200,
    headers: {
      'Content-Type': TYPE.test(asked) ? asked : blob.type,
      'Content-Disposition': `attachment; filename*=UTF-8''${encoded(shown)}`,
      'Cache-Control': 'private, immutable, max-age=31536000',
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'X-Content-Type-Options': 'nosniff',
    },
    body: blob.bytes,
  };
}

/** RFC 8187 §3.2.1. */
function encoded(text: string): string {
  const safe = text.toWellFormed();
  return encodeURIComponent(safe).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

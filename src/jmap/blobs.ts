/** Bytes by their ids: messages, parts of them, and uploads that wait to be used (RFC 8620 §6). */
import { hex } from '../lib/bytes.ts';
import { hasCode } from '../lib/errors.ts';
import type { MailAccount } from '../mail/index.ts';
import { fileName, type Message, type Part, parseMessage, typeName } from '../mime/index.ts';
import { calendar, type Host } from '../net/index.ts';
import { ALL_UPLOADS_BYTES, UPLOAD_KEPT_MS, UPLOADS_BYTES } from './defaults.ts';
import { parseBlobId } from './machine/ids.ts';

export interface Blob {
  readonly type: string;
  readonly name: string | undefined;
  readonly bytes: Uint8Array;
}

interface Upload {
  readonly account: number;
  readonly type: string;
  readonly bytes: Uint8Array;
  readonly expires: number;
}

export class Blobs {
  private readonly host: Pick<Host, 'clock' | 'random'>;
  /** The oldest first. */
  private readonly uploads = new Map<string, Upload>();

  constructor(host: Pick<Host, 'clock' | 'random'>) {
    this.host = host;
  }

  /** Keeps an upload; the oldest ones go where there is no room. */
  add(account: number, type: string, bytes: Uint8Array): string {
    const id = `U${hex(this.host.random.bytes(12))}`;
    const now = calendar(this.host.clock);
    this.uploads.set(id, { account, type, bytes, expires: now + UPLOAD_KEPT_MS });
    this.prune(account, now);
    return id;
  }

  /** Undefined where there is none that this account may see. */
  get(mail: MailAccount, id: string): Blob | undefined {
    const upload = this.uploads.get(id);
    if (upload) {
      return upload.account === mail.account.id ? { ...upload, name: undefined } : undefined;
    }
    try {
      return storedBlob(mail, id);
    } catch (error) {
      if (hasCode(error, 'MAIL_GONE')) return undefined;
      throw error;
    }
  }

  /** A message that is a blob, read; undefined where there is no such blob. */
  message(mail: MailAccount, id: string): Message | undefined {
    const blob = this.get(mail, id);
    return blob && parseMessage(blob.bytes);
  }

  private prune(account: number, now: number): void {
    let [own, all] = [0, 0];
    for (const [id, upload] of [...this.uploads].reverse()) {
      all += upload.bytes.length;
      if (upload.account === account) own += upload.bytes.length;
      const isOver = upload.account === account && own > UPLOADS_BYTES;
      if (isOver || all > ALL_UPLOADS_BYTES || upload.expires <= now) this.uploads.delete(id);
    }
  }
}

function storedBlob(mail: MailAccount, id: string): Blob | undefined {
  const place = parseBlobId(id);
  const entry = place && mail.byId(place.message);
  if (!place || !entry) return undefined;
  if (place.part === undefined) {
    return { type: 'message/rfc822', name: undefined, bytes: mail.bytes(entry.content) };
  }
  const message = mail.message(entry.content);
  const part = blobPart(message, place.part);
  if (!part) return undefined;
  return { type: typeName(part.type), name: fileName(part), bytes: message.content(part) };
}

/** A message whose body is no multipart is its own part 1. */
function blobPart(message: Message, path: string): Part | undefined {
  return (
    message.part(path) ?? (path === '1' && message.root.path === '' ? message.root : undefined)
  );
}

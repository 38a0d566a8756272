/**
 * Values that go through other people's hands: signed (HMAC-SHA-256) so that a change is seen, or encrypted
 * (AES-256-GCM) so that they can't be read either. `s.KEY.TIME.DATA.TAG` and `e.KEY.TIME.NONCE+DATA+TAG`.
 */
import { gcm } from '@noble/ciphers/aes.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { base64Url, fromBase64Url } from '../../lib/base64.ts';
import { concat, fromUtf8, utf8 } from '../../lib/bytes.ts';
import { UsageError } from '../../lib/errors.ts';
import { KEYS_LIMIT, SEALED_LIMIT } from '../defaults.ts';
import { sameBytes } from './compare.ts';

const NONCE_BYTES = 12;
const SECRET_BYTES = 16;

export interface SealKey {
  /** Letters and digits; goes along in the open, so that the right key is found. */
  readonly id: string;
  /** 16 bytes at least. */
  readonly secret: Uint8Array;
}

export interface SealerOptions {
  /** The first seals; all open. To rotate: put a new one in front, and take the last away when what it sealed has expired. */
  readonly keys: readonly SealKey[];
  /** What the value is for: one sealed for another purpose does not open here. */
  readonly purpose: string;
  readonly mode: 'signed' | 'encrypted';
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Random bytes of the host; encrypting needs them. */
  readonly luck: (length: number) => Uint8Array;
  /** Hears of what did not open. */
  readonly onRefusal?: (why: SealRefusal) => void;
}

export type SealRefusal = 'malformed' | 'unknown key' | 'changed' | 'expired';

export type Opened =
  | { readonly value: string; readonly refused?: undefined }
  | { readonly value?: undefined; readonly refused: SealRefusal };

interface DerivedKey {
  readonly id: string;
  readonly bytes: Uint8Array;
}

export class Sealer {
  private readonly options: SealerOptions;
  private readonly keys: readonly DerivedKey[];

  constructor(options: SealerOptions) {
    this.options = options;
    const { keys, mode } = options;
    if (keys.length === 0 || keys.length > KEYS_LIMIT) {
      throw new UsageError(`sealing takes 1 to ${KEYS_LIMIT} keys`);
    }
    // A key of its own for each mode (RFC 5869): what is signed with it says nothing of what it encrypts.
    this.keys = keys.map(({ id, secret }) => {
      if (!/^\w{1,16}$/.test(id) || secret.length < SECRET_BYTES) {
        throw new UsageError(
          `key ${id}: an id of letters and digits, and ${SECRET_BYTES} bytes at least`,
        );
      }
      return { id, bytes: hkdf(sha256, secret, undefined, utf8(mode), 32) };
    });
  }

  /** Good for so long; a text that fits into a cookie. */
  seal(value: string, lifetimeMs: number): string {
    const data = utf8(value);
    if (data.length > SEALED_LIMIT)
      throw new UsageError(`more than ${SEALED_LIMIT} bytes can't be sealed`);
    const [key] = this.keys as readonly [DerivedKey];
    const { mode, now, luck } = this.options;
    const until = Math.floor((now() + lifetimeMs) / 1000).toString(36);
    const head = `${mode === 'signed' ? 's' : 'e'}.${key.id}.${until}`;
    if (mode === 'signed') {
      const text = `${head}.${base64Url(data)}`;
      return `${text}.${base64Url(this.tag(key, text))}`;
    }
    const nonce = luck(NONCE_BYTES);
    const box = gcm(key.bytes, nonce, this.associated(head)).encrypt(data);
    return `${head}.${base64Url(concat([nonce, box]))}`;
  }

  /** What was sealed, or why it is not believed. */
  open(text: string): Opened {
    const opened = this.tryOpen(text);
    if (opened.refused) this.options.onRefusal?.(opened.refused);
    return opened;
  }

  private tryOpen(text: string): Opened {
    const letter = this.options.mode === 'signed' ? 's' : 'e';
    const match = /^([se])\.(\w{1,16})\.([0-9a-z]{1,10})\.([\w-]*)(?:\.([\w-]+))?$/.exec(text);
    const [, mode, id, until = '', body = '', tag] = match ?? [];
    if (mode !== letter || (mode === 's') !== (tag !== undefined)) return { refused: 'malformed' };
    const key = this.keys.find((candidate) => candidate.id === id);
    if (!key) return { refused: 'unknown key' };
    const data =
      tag === undefined
        ? this.decrypted(key, text.slice(0, text.lastIndexOf('.')), body)
        : this.verified(key, text.slice(0, text.lastIndexOf('.')), body, tag);
    if (!data) return { refused: 'changed' };
    // Only now: a time that was not proved says nothing.
    if (Number.parseInt(until, 36) * 1000 < this.options.now()) return { refused: 'expired' };
    return { value: fromUtf8(data) };
  }

  private verified(
    key: DerivedKey,
    text: string,
    body: string,
    tag: string,
  ): Uint8Array | undefined {
    const given = fromBase64Url(tag);
    return given && sameBytes(given, this.tag(key, text)) ? fromBase64Url(body) : undefined;
  }

  private decrypted(key: DerivedKey, head: string, body: string): Uint8Array | undefined {
    const box = fromBase64Url(body);
    if (!box || box.length < NONCE_BYTES) return undefined;
    const cipher = gcm(key.bytes, box.subarray(0, NONCE_BYTES), this.associated(head));
    try {
      return cipher.decrypt(box.subarray(NONCE_BYTES));
    } catch {
      return undefined;
    }
  }

  private tag(key: DerivedKey, text: string): Uint8Array {
    return hmac(sha256, key.bytes, this.associated(text));
  }

  /** The purpose goes into the tag without being in the value. */
  private associated(text: string): Uint8Array {
    return utf8(`${this.options.purpose}\0${text}`);
  }
}

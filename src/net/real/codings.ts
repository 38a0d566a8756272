/** Content codings (RFC 9110 §8.4.1) by the platform: brotli, gzip and deflate. */
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import {
  brotliCompress,
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  gzip,
} from 'node:zlib';

const brotli = promisify(brotliCompress);
const squeeze = promisify(gzip);

/** Good for its time; the highest takes a second for a megabyte. */
const BROTLI_QUALITY = 5;

const EXPANDERS = {
  br: createBrotliDecompress,
  gzip: createGunzip,
  deflate: createInflate,
};

export const realCodings = {
  names: ['br', 'gzip'] as readonly string[],

  encode(coding: string, bytes: Uint8Array): Promise<Uint8Array> {
    if (coding !== 'br') return squeeze(bytes);
    const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = constants;
    return brotli(bytes, {
      params: { [BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [BROTLI_PARAM_SIZE_HINT]: bytes.length },
    });
  },

  /** Throws where the bytes are not of the coding, or end too soon. */
  async *decode(coding: string, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const expander = EXPANDERS[coding as keyof typeof EXPANDERS]();
    const input = Readable.from(source, { objectMode: false });
    input.on('error', (error) => expander.destroy(error));
    try {
      for await (const piece of input.pipe(expander)) yield piece as Uint8Array;
    } finally {
      input.destroy();
      expander.destroy();
    }
  },
};

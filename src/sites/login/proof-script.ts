/**
 * What the sign-in page's browser computes. Browsers have WebCrypto on secure pages only, and the page shall work on plain HTTP
 * too: so these functions go to the browser as they stand here, by their own text. They use nothing but each other.
 */

/** The constants of SHA-256: fractions of the roots of primes (FIPS 180-4 §4.2.2, §5.3.3). */
function sha256Constants(): {
  readonly start: readonly number[];
  readonly rounds: readonly number[];
} {
  const primes: number[] = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p !== 0)) primes.push(n);
  const fraction = (root: number) => ((root % 1) * 2 ** 32) | 0;
  return {
    start: primes.slice(0, 8).map((p) => fraction(Math.sqrt(p))),
    rounds: primes.map((p) => fraction(Math.cbrt(p))),
  };
}

const SHA256: ReturnType<typeof sha256Constants> = sha256Constants();

/** SHA-256 (FIPS 180-4 §6.2). */
export function sha256(bytes: ArrayLike<number>): Uint8Array {
  const state = [...SHA256.start];
  const size = ((bytes.length + 72) >> 6) << 6;
  const padded = new Uint8Array(size);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(size - 4, bytes.length * 8);
  const w = new Int32Array(64);
  const rotate = (x: number, by: number) => (x >>> by) | (x << (32 - by));
  for (let at = 0; at < size; at += 64) {
    for (let i = 0; i < 64; i++) {
      if (i < 16) w[i] = view.getInt32(at + 4 * i);
      else {
        const [a, b] = [w[i - 15] as number, w[i - 2] as number];
        const s0 = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3);
        const s1 = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10);
        w[i] = (w[i - 16] as number) + s0 + (w[i - 7] as number) + s1;
      }
    }
    let [a, b, c, d, e, f, g, h] = state as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    for (let i = 0; i < 64; i++) {
      const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
      const t1 =
        (h + s1 + ((e & f) ^ (~e & g)) + (SHA256.rounds[i] as number) + (w[i] as number)) | 0;
      const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => {
      state[i] = ((state[i] as number) + word) | 0;
    });
  }
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => {
    digest.setInt32(4 * i, word);
  });
  return new Uint8Array(digest.buffer);
}

/** RFC 2104 §2 */
export function hmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  const block = new Uint8Array(64);
  block.set(key.length > 64 ? sha256(key) : key);
  const inner = sha256([...block.map((byte) => byte ^ 0x36), ...message]);
  return sha256([...block.map((byte) => byte ^ 0x5c), ...inner]);
}

/** The first block of PBKDF2 (RFC 8018 §5.2): the password, made slow to guess. */
export function stretch(password: Uint8Array, salt: Uint8Array, iterations: number): Uint8Array {
  let round = hmac(password, new Uint8Array([...salt, 0, 0, 0, 1]));
  const sum = round.slice();
  for (let i = 1; i < iterations; i++) {
    round = hmac(password, round);
    for (let at = 0; at < 32; at++) sum[at] = (sum[at] as number) ^ (round[at] as number);
  }
  return sum;
}

/** RFC 5802 §3: ClientProof, in hexadecimal. */
export function prove(password: string, salt: string, iterations: number, message: string): string {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const salted = stretch(bytes(password.normalize('NFC')), bytes(salt), iterations);
  const clientKey = hmac(salted, bytes('Client Key'));
  const signature = hmac(sha256(clientKey), bytes(message));
  return [...clientKey]
    .map((byte, at) => (byte ^ (signature[at] as number)).toString(16).padStart(2, '0'))
    .join('');
}

/** Fills in the proof when the form is sent; the field of the password has no name and stays behind. */
const FORM = `
const form = document.querySelector('form[data-challenge]');
const button = form.querySelector('button');
button.disabled = false;
form.addEventListener('submit', () => {
  const { challenge, iterations, realm } = form.dataset;
  const name = form.elements.namedItem('name').value.trim();
  const password = document.getElementById('password').value;
  form.elements.namedItem('proof').value = prove(password, realm + ' ' + name, Number(iterations), name + ',' + challenge);
});
`;

export function proofScript(): string {
  const functions = [sha256Constants, sha256, hmac, stretch, prove].map(String).join('\n');
  return `${functions}\nconst SHA256 = sha256Constants();\n${FORM}`;
}

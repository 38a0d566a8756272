/** SCRAM-SHA-256 (RFC 5802, RFC 7677): both sides prove that they know of the password, and nobody says it. */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import {
  checkProof,
  makeProof,
  type ScramKeys,
  sameBytes,
  scramKeys,
  serverSignature,
} from '../../auth/index.ts';
import { base64, fromBase64 } from '../../lib/base64.ts';
import { EMPTY, fromUtf8, utf8 } from '../../lib/bytes.ts';
import { NONCE_BYTES, SALT_BYTES, SCRAM_ITERATIONS, SCRAM_ITERATIONS_LIMIT } from '../defaults.ts';
import { badExchange } from '../errors.ts';
import { prepare } from '../prepare.ts';
import type { SaslClient, SaslCredentials, SaslServer, SaslSetting, SaslStep } from '../types.ts';
import { attributes, type ClientFirst, escapeName, parseClientFirst } from './scram-message.ts';

const WRONG: SaslStep = { type: 'failure', reason: 'Name or password is wrong' };

function malformed(reason: string): SaslStep {
  return { type: 'failure', reason, malformed: true };
}

export function scramServer(setting: SaslSetting): SaslServer {
  let next: (response: Uint8Array) => SaslStep | Promise<SaslStep> = async (response) => {
    const first = parseClientFirst(fromUtf8(response));
    if (!first) return malformed('That is no first message of SCRAM');
    const user = prepare(first.user);
    const known = user && (await setting.users.scramKeys?.(user));
    const keys = known || disguised(first.user, setting.disguise);
    const nonce = first.nonce + base64(setting.luck(NONCE_BYTES));
    const text = `r=${nonce},s=${base64(keys.salt)},i=${keys.iterations}`;
    next = (last) => {
      const step = judge(fromUtf8(last), first, text, nonce, keys);
      if (step.type !== 'challenge') return step;
      if (!known || (first.authorization !== '' && prepare(first.authorization) !== user)) {
        return WRONG;
      }
      // The protocols of mail have no place for a proof beside the yes: it is one more challenge.
      next = (empty) =>
        empty.length === 0 ? { type: 'success', user } : malformed('Nothing more was asked for');
      return step;
    };
    return { type: 'challenge', bytes: utf8(text) };
  };
  return {
    clientFirst: true,
    step: (response) => (response ? next(response) : { type: 'challenge', bytes: EMPTY }),
  };
}

/** The client's last message: a challenge with the server's proof where it is right. */
function judge(
  text: string,
  first: ClientFirst,
  serverFirst: string,
  nonce: string,
  keys: ScramKeys,
): SaslStep {
  const [, bare, proofText = ''] = /^(c=.*),p=([^,]*)$/s.exec(text) ?? [];
  const found = attributes(bare ?? '');
  const proof = fromBase64(proofText);
  if (!bare || !found || !proof) return malformed('That is no last message of SCRAM');
  if (found.get('c') !== base64(utf8(first.header)) || found.get('r') !== nonce) return WRONG;
  const message = `${first.bare},${serverFirst},${bare}`;
  if (!checkProof(keys, message, proof)) return WRONG;
  const signature = serverSignature(keys.serverKey, message);
  return { type: 'challenge', bytes: utf8(`v=${base64(signature)}`) };
}

/** Keys for a user that is none, the same at each try (RFC 5802 §9). */
function disguised(user: string, secret: Uint8Array): ScramKeys {
  const salt = hmac(sha256, secret, utf8(user)).subarray(0, SALT_BYTES);
  const none = hmac(sha256, secret, salt);
  return { salt, iterations: SCRAM_ITERATIONS, storedKey: none, serverKey: none };
}

const SPEC = 'RFC 5802 §5';

export function scramClient(
  { user, password }: SaslCredentials,
  luck: (length: number) => Uint8Array,
): SaslClient {
  const nonce = base64(luck(NONCE_BYTES));
  const bare = `n=${escapeName(prepare(user) ?? user)},r=${nonce}`;
  const secret = prepare(password) ?? password;
  let expected: Uint8Array | undefined;
  let isProved = false;
  const answer = (text: string): Uint8Array => {
    const { salt, iterations, server } = parseServerFirst(text, nonce);
    const last = `c=biws,r=${server}`;
    const message = `${bare},${text},${last}`;
    expected = serverSignature(scramKeys(secret, salt, iterations).serverKey, message);
    return utf8(`${last},p=${base64(makeProof(secret, { salt, iterations }, message))}`);
  };
  const check = (text: string): Uint8Array => {
    const proof = fromBase64(/^v=([^,]*)/.exec(text)?.[1] ?? '');
    isProved = proof !== undefined && sameBytes(proof, expected as Uint8Array);
    if (!isProved) throw badExchange('the server does not know the password', SPEC);
    return EMPTY;
  };
  return {
    mechanism: 'SCRAM-SHA-256',
    initial: utf8(`n,,${bare}`),
    respond: (challenge) => (expected ? check : answer)(fromUtf8(challenge)),
    finish() {
      if (!isProved) throw badExchange('the server says yes without a proof', SPEC);
    },
  };
}

function parseServerFirst(
  text: string,
  nonce: string,
): { salt: Uint8Array; iterations: number; server: string } {
  const found = attributes(text);
  const server = found?.get('r') ?? '';
  const salt = fromBase64(found?.get('s') ?? '');
  const iterations = Number(found?.get('i'));
  if (!salt?.length || !Number.isInteger(iterations) || found?.has('m')) {
    throw badExchange('no first message of a server', SPEC);
  }
  if (!server.startsWith(nonce) || server.length === nonce.length) {
    throw badExchange('the nonce is not ours', SPEC);
  }
  // RFC 7677 §4: fewer would give the password away to who listens.
  if (iterations < SCRAM_ITERATIONS || iterations > SCRAM_ITERATIONS_LIMIT) {
    throw badExchange(`${iterations} iterations`, 'RFC 7677 §4');
  }
  return { salt, iterations, server };
}

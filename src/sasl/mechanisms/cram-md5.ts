/** CRAM-MD5 (RFC 2195): a keyed sum about the server's challenge. */
import { hmac } from '@noble/hashes/hmac.js';
import { md5 } from '@noble/hashes/legacy.js';
import { sameSecret } from '../../auth/index.ts';
import { fromUtf8, hex, utf8 } from '../../lib/bytes.ts';
import { prepare } from '../prepare.ts';
import type { SaslClient, SaslCredentials, SaslServer, SaslSetting, SaslStep } from '../types.ts';

export function cramServer({ users, hostname, luck, now, disguise }: SaslSetting): SaslServer {
  // RFC 2195 §2: random digits, a time and the name, in the form of a message's identity.
  const challenge = utf8(`<${hex(luck(8))}.${Math.floor(now)}@${hostname}>`);
  return {
    clientFirst: false,
    async step(response): Promise<SaslStep> {
      if (!response) return { type: 'challenge', bytes: challenge };
      const [, name = '', sum = ''] = /^(.+) ([0-9a-f]{32})$/s.exec(fromUtf8(response)) ?? [];
      const reason = 'CRAM-MD5 is a name, a space and 32 digits';
      if (name === '') return { type: 'failure', reason, malformed: true };
      const user = prepare(name);
      const password = user && (await users.password?.(user));
      const isRight = sameSecret(sum, digest(password ?? hex(disguise), challenge));
      if (user && password !== undefined && isRight) return { type: 'success', user };
      return { type: 'failure', reason: 'Name or password is wrong' };
    },
  };
}

export function cramClient({ user, password }: SaslCredentials): SaslClient {
  return {
    mechanism: 'CRAM-MD5',
    initial: undefined,
    respond: (challenge) => utf8(`${user} ${digest(password, challenge)}`),
    finish() {},
  };
}

function digest(password: string, challenge: Uint8Array): string {
  return hex(hmac(md5, utf8(password), challenge));
}

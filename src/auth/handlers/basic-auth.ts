/** Basic (RFC 7617): the password itself, so only where nobody can listen. */
import type { Link } from '../../http/index.ts';
import { statusPage } from '../../http/index.ts';
import { fromBase64 } from '../../lib/base64.ts';
import { fromUtf8 } from '../../lib/bytes.ts';
import { calendar } from '../../net/index.ts';
import { badCredentials } from '../errors.ts';
import { Attempts } from '../machine/attempts.ts';
import type { AuthFailure } from '../types.ts';
import { formatAuthField, parseCredentials } from '../wire/auth-field.ts';
import { identified } from './identity.ts';
import { tooMany, unauthorized } from './refusals.ts';

export interface BasicAuthOptions {
  readonly realm: string;
  readonly check: (name: string, password: string) => boolean | Promise<boolean>;
  /** Also without TLS, where everybody on the way can read the password. */
  readonly overPlain?: boolean;
  readonly attempts?: Attempts;
  readonly onFailure?: (failure: AuthFailure) => void;
}

export function basicAuth(options: BasicAuthOptions): Link {
  const { realm, check, overPlain = false, attempts = new Attempts(), onFailure } = options;
  const challenge = formatAuthField('Basic', [
    ['realm', realm, 'quoted'],
    ['charset', 'UTF-8', 'quoted'],
  ]);
  return (next) => async (request, context) => {
    if (!overPlain && !request.url.startsWith('https:')) {
      const text = 'A password would be readable on the way: use https.';
      return statusPage(403, text, { spec: 'RFC 7617 §4' });
    }
    const value = request.headers.get('Authorization');
    if (value === undefined || !/^basic\b/i.test(value)) {
      return unauthorized([challenge], 'This page is for users who sign in.');
    }
    const [name, password] = userPass(value);
    const { address } = context.remote;
    const now = calendar(context.host.clock);
    const key = `${address} ${name}`;
    const waitMs = attempts.waitMs(key, now);
    if (waitMs > 0) {
      onFailure?.({ name, address, why: 'too many attempts' });
      return tooMany(waitMs);
    }
    if (!(await check(name, password))) {
      attempts.failed(key, now);
      onFailure?.({ name, address, why: 'wrong password' });
      return unauthorized([challenge], 'User and password do not fit.');
    }
    attempts.passed(key);
    identified(request, { name, scheme: 'basic' });
    return next(request, context);
  };
}

/** user-id ":" password, in UTF-8; the first colon parts them (RFC 7617 §2). */
function userPass(value: string): readonly [string, string] {
  const bytes = fromBase64(parseCredentials(value)?.token ?? '');
  const text = bytes && fromUtf8(bytes);
  const colon = text?.indexOf(':') ?? -1;
  if (text === undefined || colon < 0 || /\p{Cc}/u.test(text)) {
    throw badCredentials('the credentials are not user:password in base64', 'RFC 7617 §2');
  }
  return [text.slice(0, colon), text.slice(colon + 1)];
}

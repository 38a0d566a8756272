/** LOGIN: name and password one after the other. Never a standard, and asked for everywhere. */
import { fromUtf8, utf8 } from '../../lib/bytes.ts';
import { badExchange } from '../errors.ts';
import type { SaslClient, SaslCredentials, SaslServer, SaslSetting, SaslStep } from '../types.ts';
import { verified } from './plain.ts';

const NAME = utf8('Username:');
const PASSWORD = utf8('Password:');

export function loginServer({ users }: SaslSetting): SaslServer {
  let user: string | undefined;
  return {
    // The draft lets the server begin; clients send the name with the command all the same.
    clientFirst: true,
    async step(response): Promise<SaslStep> {
      if (!response) return { type: 'challenge', bytes: NAME };
      if (user !== undefined) return verified(users, user, fromUtf8(response));
      user = fromUtf8(response);
      return { type: 'challenge', bytes: PASSWORD };
    },
  };
}

/** The words of the challenges differ between servers: the order is what counts. */
export function loginClient({ user, password }: SaslCredentials): SaslClient {
  const answers = [utf8(user), utf8(password)];
  return {
    mechanism: 'LOGIN',
    initial: undefined,
    respond() {
      const answer = answers.shift();
      if (!answer) throw badExchange('LOGIN asks for a third thing', 'draft-murchison-sasl-login');
      return answer;
    },
    finish() {},
  };
}

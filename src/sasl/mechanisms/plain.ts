/** PLAIN (RFC 4616): the password in clear, in one message. */
import { EMPTY, fromUtf8, utf8 } from '../../lib/bytes.ts';
import { NAME_LIMIT, PASSWORD_LIMIT } from '../defaults.ts';
import { prepare } from '../prepare.ts';
import type { SaslClient, SaslCredentials, SaslServer, SaslSetting, SaslStep } from '../types.ts';

export function plainServer({ users }: SaslSetting): SaslServer {
  return {
    clientFirst: true,
    async step(response): Promise<SaslStep> {
      if (!response) return { type: 'challenge', bytes: EMPTY };
      const parts = fromUtf8(response).split('\0');
      const [authorization = '', user = '', password = ''] = parts;
      if (parts.length !== 3 || user === '') {
        return { type: 'failure', reason: 'PLAIN is NUL name NUL password', malformed: true };
      }
      return verified(users, user, password, authorization);
    },
  };
}

/** Whether name and password belong together; nobody may act for another. */
export async function verified(
  users: SaslSetting['users'],
  user: string,
  password: string,
  authorization = '',
): Promise<SaslStep> {
  const wrong: SaslStep = { type: 'failure', reason: 'Name or password is wrong' };
  const [name, secret] = [prepare(user), prepare(password)];
  if (!name || !secret || name.length > NAME_LIMIT || secret.length > PASSWORD_LIMIT) return wrong;
  if (authorization !== '' && prepare(authorization) !== name) {
    return { type: 'failure', reason: 'Nobody may act for another here' };
  }
  return (await users.verify?.(name, secret)) ? { type: 'success', user: name } : wrong;
}

export function plainClient({ user, password }: SaslCredentials): SaslClient {
  const initial = utf8(`\0${user}\0${password}`);
  return { mechanism: 'PLAIN', initial, respond: () => initial, finish() {} };
}

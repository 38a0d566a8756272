/** Email/get (RFC 8621 §4.2). */
import type { MessageEntry } from '../../mail/index.ts';
import { GET_BYTES } from '../defaults.ts';
import { methodError } from '../errors.ts';
import { BODY_PROPERTIES, checkBodyProperties } from '../machine/body.ts';
import {
  checkEmailProperties,
  EMAIL_DEFAULTS,
  emailObject,
  needsMessage,
} from '../machine/email-object.ts';
import { idNumber, makeId } from '../machine/ids.ts';
import type { Method } from '../service.ts';
import { Arguments } from '../wire/arguments.ts';
import { parseBodyRequest } from '../wire/body-request.ts';
import { parseGet } from '../wire/standard.ts';
import { wantedIds } from './shared.ts';

export const emailGet: Method = (object, call) => {
  const args = new Arguments(object);
  const accountId = args.text('accountId');
  const request = parseGet(args);
  const body = parseBodyRequest(args, BODY_PROPERTIES);
  args.done();
  const properties = [...new Set(['id', ...(request.properties ?? EMAIL_DEFAULTS)])];
  checkEmailProperties(properties);
  checkBodyProperties(body.bodyProperties);
  const { desk, mail } = call;
  const ids = wantedIds(request, call, () => desk.visible().map(({ id }) => makeId('M', id)));
  const found = ids.flatMap((id) => desk.entry(idNumber('M', id)) ?? []);
  if (needsMessage(properties)) checkSize(found);
  const facts = mail.facts(found.map(({ content }) => content));
  const there = new Set(found.map(({ id }) => makeId('M', id)));
  return {
    accountId,
    state: desk.state,
    list: found.map((entry) => {
      const message = () => mail.message(entry.content);
      return emailObject({ entry, facts: facts.get(entry.content), message }, properties, body);
    }),
    notFound: ids.filter((id) => !there.has(id)),
  };
};

function checkSize(entries: readonly MessageEntry[]): void {
  const size = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (size > GET_BYTES) {
    throw methodError('requestTooLarge', 'These messages are too large to be read at once');
  }
}

/** Identity/get and Identity/changes (RFC 8621 §6): one for each address of the account. */
import type { Account } from '../../mail/index.ts';
import { makeId } from '../machine/ids.ts';
import type { Method } from '../service.ts';
import type { JsonObject } from '../types.ts';
import { Arguments } from '../wire/arguments.ts';
import { parseChanges, parseGet } from '../wire/standard.ts';
import { cannotCalculate, picked, wantedIds, wantedProperties } from './shared.ts';

const PROPERTIES = [
  'id',
  'name',
  'email',
  'replyTo',
  'bcc',
  'textSignature',
  'htmlSignature',
  'mayDelete',
];

export function identitiesOf({ addresses, title }: Account): JsonObject[] {
  return addresses.map((email, at) => ({
    id: makeId('I', at),
    name: title,
    email,
    replyTo: null,
    bcc: null,
    textSignature: '',
    htmlSignature: '',
    mayDelete: false,
  }));
}

/** They change with the account, which the session object tells too. */
function stateOf({ addresses, title }: Account): string {
  return `${addresses.length}-${title.length + addresses.join().length}`;
}

export const identityGet: Method = (object, call) => {
  const args = new Arguments(object);
  const accountId = args.text('accountId');
  const request = parseGet(args);
  args.done();
  const properties = wantedProperties(request, PROPERTIES);
  const { account } = call.mail;
  const all = new Map(identitiesOf(account).map((one) => [String(one['id']), one]));
  const ids = wantedIds(request, call, () => [...all.keys()]);
  return {
    accountId,
    state: stateOf(account),
    list: ids.flatMap((id) => {
      const one = all.get(id);
      return one ? [picked(one, properties)] : [];
    }),
    notFound: ids.filter((id) => !all.has(id)),
  };
};

export const identityChanges: Method = (object, { mail }) => {
  const args = new Arguments(object);
  const accountId = args.text('accountId');
  const { sinceState } = parseChanges(args);
  args.done();
  if (sinceState !== stateOf(mail.account)) throw cannotCalculate();
  const states = { oldState: sinceState, newState: sinceState, hasMoreChanges: false };
  return { accountId, ...states, created: [], updated: [], destroyed: [] };
};

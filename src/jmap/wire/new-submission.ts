/** What is to be sent (RFC 8621 §7), checked. */
import { invalidProperties } from '../errors.ts';
import type { Json, JsonObject, NewSubmission } from '../types.ts';
import { Arguments } from './arguments.ts';
import { isList, isObject } from './values.ts';

export function parseNewSubmission(value: JsonObject): NewSubmission {
  const args = new Arguments(value, invalidProperties);
  const submission = {
    identityId: args.text('identityId'),
    emailId: args.text('emailId'),
    envelope: envelopeOf(args.raw('envelope')),
  };
  args.done();
  return submission;
}

function envelopeOf(value: Json | undefined): NewSubmission['envelope'] {
  if (value === undefined || value === null) return undefined;
  const { mailFrom, rcptTo } = isObject(value) ? value : {};
  if (!isList(rcptTo))
    throw invalidProperties('envelope: expected mailFrom and rcptTo', 'envelope');
  return { mailFrom: addressOf(mailFrom), rcptTo: rcptTo.map(addressOf) };
}

/** No extension of SMTP is offered: there are no parameters. */
function addressOf(value: Json | undefined): string {
  const { email, parameters = null } = isObject(value) ? value : {};
  const none =
    parameters === null || (isObject(parameters) && Object.keys(parameters).length === 0);
  if (typeof email === 'string' && none) return email;
  throw invalidProperties('envelope: expected addresses without parameters', 'envelope');
}

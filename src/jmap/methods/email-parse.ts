/** Email/parse (RFC 8621 §4.9): blobs as messages. */
import { summarise } from '../../mail/index.ts';
import { methodError } from '../errors.ts';
import { BODY_PROPERTIES, checkBodyProperties } from '../machine/body.ts';
import { checkEmailProperties, PARSE_DEFAULTS, parsedObject } from '../machine/email-object.ts';
import { type Method, resolvedId } from '../service.ts';
import type { Json } from '../types.ts';
import { Arguments } from '../wire/arguments.ts';
import { parseBodyRequest } from '../wire/body-request.ts';
import { orNull } from './shared.ts';

export const emailParse: Method = (object, call) => {
  const args = new Arguments(object);
  const accountId = args.text('accountId');
  const blobIds = args.maybeTexts('blobIds') ?? [];
  const properties = args.maybeTexts('properties') ?? PARSE_DEFAULTS;
  const body = parseBodyRequest(args, BODY_PROPERTIES);
  args.done();
  checkEmailProperties(properties);
  checkBodyProperties(body.bodyProperties);
  const { blobs, limits } = call.service;
  if (blobIds.length > limits.maxObjectsInGet) {
    throw methodError('requestTooLarge', 'These are too many blobs for one call');
  }
  const notFound: string[] = [];
  const parsed = blobIds.flatMap((id): [string, Json][] => {
    const message = blobs.message(call.mail, resolvedId(call, id) ?? id);
    if (!message) notFound.push(id);
    if (!message) return [];
    const { facts } = summarise([message.bytes]);
    return [[id, parsedObject(message, facts, properties, body)]];
  });
  return {
    accountId,
    parsed: orNull(parsed),
    // Everything can be read as a message, with its defects.
    notParsable: null,
    notFound: notFound.length > 0 ? notFound : null,
  };
};

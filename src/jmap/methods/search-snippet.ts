/** SearchSnippet/get (RFC 8621 §5.1). */
import { methodError } from '../errors.ts';
import { idNumber } from '../machine/ids.ts';
import { bodyText } from '../machine/matching.ts';
import { excerpt, marked, snippetTokens } from '../machine/snippet.ts';
import { type Method, resolvedId } from '../service.ts';
import { Arguments } from '../wire/arguments.ts';
import { emailCondition } from '../wire/conditions.ts';
import { parseFilter } from '../wire/standard.ts';

export const searchSnippetGet: Method = (object, call) => {
  const args = new Arguments(object);
  const accountId = args.text('accountId');
  const tokens = snippetTokens(parseFilter(args.raw('filter'), emailCondition));
  const ids = (args.maybeTexts('emailIds') ?? []).map((id) => resolvedId(call, id) ?? id);
  args.done();
  if (ids.length > call.service.limits.maxObjectsInGet) {
    throw methodError('requestTooLarge', 'These are too many messages for one call');
  }
  const { desk, mail } = call;
  const entries = new Map(ids.map((id) => [id, desk.entry(idNumber('M', id))]));
  const notFound = ids.filter((id) => !entries.get(id));
  const list = [...entries].flatMap(([emailId, entry]) => {
    if (!entry) return [];
    const message = mail.message(entry.content);
    const preview = tokens.body.length > 0 ? excerpt(bodyText(message), tokens.body) : null;
    return [{ emailId, subject: marked(message.subject, tokens.subject), preview }];
  });
  return { accountId, list, notFound: notFound.length > 0 ? notFound : null };
};

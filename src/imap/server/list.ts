/** LIST (RFC 9051 §6.3.9, RFC 5258), LSUB (RFC 3501 §6.3.9), NAMESPACE (RFC 9051 §6.3.10). */
import { DELIMITER, type Listing, listings, parentsOf, patternTest } from '../machine/list.ts';
import { ok, type Reply } from '../reply.ts';
import type { ImapSession } from '../session.ts';
import type { Of } from '../types.ts';
import { statusText } from './status.ts';

export function list(session: ImapSession, command: Of<'LIST'>): Reply {
  const { account, out } = session;
  const { reference, patterns, selection, returns, extended } = command;
  // RFC 9051 §6.3.9: a question for the delimiter.
  if (!extended && patterns[0] === '') {
    out.say(`* LIST (\\Noselect) "${DELIMITER}" ""\r\n`);
    return ok('LIST completed');
  }
  const whole = patterns.map((pattern) => reference + pattern);
  for (const listing of listings(account.folders(), { patterns: whole, selection, returns })) {
    out.say(`${listLine(session, listing)}\r\n`);
    const { folder } = listing;
    if (returns.status && folder?.selectable) {
      out.say(
        `* STATUS ${session.name(folder.path)} ${statusText(session, folder, returns.status)}\r\n`,
      );
    }
  }
  return ok('LIST completed');
}

function listLine(session: ImapSession, { path, attributes, childInfo }: Listing): string {
  const info = childInfo ? ' ("CHILDINFO" ("SUBSCRIBED"))' : '';
  return `* LIST (${attributes.join(' ')}) "${DELIMITER}" ${session.name(path)}${info}`;
}

/** Names below a level that `%` ends at stand for it, where it is not subscribed itself (RFC 3501 §6.3.9). */
export function lsub(session: ImapSession, { reference, pattern }: Of<'LSUB'>): Reply {
  const isWanted = patternTest(reference + pattern);
  const subscribed = session.account.folders().filter((folder) => folder.subscribed);
  const names = new Map<string, string>();
  for (const { path, selectable } of subscribed) {
    if (isWanted(path)) names.set(path, selectable ? '' : '\\Noselect');
    else if (pattern.endsWith('%')) {
      for (const parent of parentsOf(path)) {
        if (isWanted(parent) && !names.has(parent)) names.set(parent, '\\Noselect');
      }
    }
  }
  for (const [path, attributes] of names) {
    session.out.say(`* LSUB (${attributes}) "${DELIMITER}" ${session.name(path)}\r\n`);
  }
  return ok('LSUB completed');
}

export function namespace({ out }: ImapSession): Reply {
  out.say(`* NAMESPACE (("" "${DELIMITER}")) NIL NIL\r\n`);
  return ok('NAMESPACE completed');
}

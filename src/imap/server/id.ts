/** ID (RFC 2971 §3.1). */
import { ok, type Reply } from '../reply.ts';
import type { ImapSession } from '../session.ts';

/** No version: it helps nobody but who looks for holes. */
export function id({ out }: ImapSession): Reply {
  out.say('* ID ("name" "toplayer")\r\n');
  return ok('ID completed');
}

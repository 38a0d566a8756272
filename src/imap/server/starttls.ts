/** STARTTLS (RFC 9051 §6.2.1). */
import { bad, no, ok, type Reply } from '../reply.ts';
import type { ImapSession } from '../session.ts';

export function startTls({ secure, compressed, shared }: ImapSession): Reply {
  if (secure) return bad('The connection is secure already');
  if (!shared.rules.startTls) return no('TLS is not spoken here', 'CANNOT');
  if (compressed) return bad('Not after COMPRESS');
  return { ...ok('Begin TLS now'), next: 'secure' };
}

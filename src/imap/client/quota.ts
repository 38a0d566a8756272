/** GETQUOTAROOT (RFC 9208 §4.1). */
import { commandPieces } from '../wire/command.ts';
import type { QuotaResource } from '../wire/response.ts';
import type { ClientSession } from './session.ts';

/** What of each resource is used, by quota root. */
export async function quota(
  session: ClientSession,
  path: string,
): Promise<ReadonlyMap<string, readonly QuotaResource[]>> {
  const roots = new Map<string, readonly QuotaResource[]>();
  const command = { name: 'GETQUOTAROOT', mailbox: path } as const;
  await session.run(commandPieces(command, session.utf8), (response) => {
    if (response.type === 'quota') roots.set(response.root, response.resources);
    return response.type === 'quota' || response.type === 'quotaroot';
  });
  return roots;
}

/** The queue's rows in memory, in the commits of a mail store in memory. */
import type { MailTables } from '../../mail/index.ts';
import type { QueuedMessage, QueueTables } from '../types.ts';

/** Tables of one disk: `mail` is for `MailStore.open`, `queue` for `Relay.open`. */
export interface MemoryTables {
  readonly mail: MailTables;
  readonly queue: QueueTables;
}

/** Adds a queue to tables in memory. Both outlive their store as a disk does; a commit that fails undoes both. */
export function memoryQueueTables(mail: MailTables): MemoryTables {
  const rows = new Map<string, QueuedMessage>();
  let undo: (() => void)[] = [];
  const set = (id: string, message: QueuedMessage | undefined): void => {
    const before = rows.get(id);
    undo.push(() => restore(rows, id, before));
    restore(rows, id, message);
  };
  const commit = (work: () => void): void => {
    undo = [];
    try {
      mail.commit(work);
    } catch (error) {
      for (const one of undo.reverse()) one();
      throw error;
    }
  };
  const queue: QueueTables = {
    load: () => [...rows.values()],
    put: (message) => set(message.id, message),
    change(id, position, recipient) {
      const message = rows.get(id);
      if (!message) return;
      set(id, { ...message, recipients: message.recipients.with(position, recipient) });
    },
    remove: (id) => set(id, undefined),
  };
  return { mail: Object.create(mail, { commit: { value: commit } }) as MailTables, queue };
}

function restore(
  rows: Map<string, QueuedMessage>,
  id: string,
  message: QueuedMessage | undefined,
): void {
  if (message) rows.set(id, message);
  else rows.delete(id);
}

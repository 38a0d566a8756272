import type { QueuedMessage, QueueTables } from '../types.ts';

/** Rows in memory: they survive a crash of a simulated host as a disk does. */
export function memoryQueueTables(): QueueTables {
  const rows = new Map<string, QueuedMessage>();
  return {
    load: () => [...rows.values()],
    put: (message) => void rows.set(message.id, message),
    change(id, position, recipient) {
      const message = rows.get(id);
      if (!message) return;
      const recipients = message.recipients.with(position, recipient);
      rows.set(id, { ...message, recipients });
    },
    remove: (id) => void rows.delete(id),
  };
}

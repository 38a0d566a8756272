/** The queue of a mail relay in SQLite, in the file of the mail itself: delivered and off the queue is one commit. */
import type { DatabaseSync } from 'node:sqlite';
import type { MailTables } from '../mail/index.ts';
import type { QueuedMessage, QueuedRecipient, QueueTables } from '../relay/index.ts';
import { mailTables, openMail } from './mail-sqlite.ts';
import type { Closable } from './sqlite.ts';

/** The tables of a host that keeps mail and relays it. */
export interface SqliteRelayTables extends Closable {
  readonly mail: MailTables;
  readonly queue: QueueTables;
}

/** Both in one file. Throws UsageError when another process has it. */
export function sqliteRelayTables(file: string): SqliteRelayTables {
  const { database, log, close } = openMail(file);
  return { mail: mailTables(database, log), queue: queueTables(database), close };
}

/** In a database that has the schema of mail; written in the commits of the mail store that has it too. */
export function queueTables(database: DatabaseSync): QueueTables {
  const all = database.prepare('SELECT id, value FROM queue_message');
  const of = database.prepare(
    'SELECT value FROM queue_recipient WHERE message = ? ORDER BY position',
  );
  const put = database.prepare('INSERT OR REPLACE INTO queue_message VALUES (?, ?)');
  const putOne = database.prepare('INSERT OR REPLACE INTO queue_recipient VALUES (?, ?, ?)');
  const remove = database.prepare('DELETE FROM queue_message WHERE id = ?');
  const removeAll = database.prepare('DELETE FROM queue_recipient WHERE message = ?');
  const change = (id: string, position: number, recipient: QueuedRecipient): void => {
    putOne.run(id, position, JSON.stringify(recipient));
  };
  return {
    load() {
      const messages = all.all().map((row) => {
        const recipients = of.all(String(row['id'])).map(rowValue<QueuedRecipient>);
        return { ...rowValue<Omit<QueuedMessage, 'recipients'>>(row), recipients };
      });
      return messages.sort((a, b) => a.received - b.received);
    },
    put({ recipients, ...message }) {
      put.run(message.id, JSON.stringify(message));
      for (const [position, recipient] of recipients.entries()) {
        change(message.id, position, recipient);
      }
    },
    change,
    remove(id) {
      remove.run(id);
      removeAll.run(id);
    },
  };
}

/** Values come back as they were written: the file is ours alone. */
function rowValue<T>(row: Record<string, unknown>): T {
  return JSON.parse(String(row['value'])) as T;
}

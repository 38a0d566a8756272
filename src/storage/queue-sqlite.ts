/** The queue of a mail relay in SQLite, in the file of the mail itself: delivered and off the queue is one commit. */

import type { MailTables } from '../mail/index.ts';
import type { QueuedMessage, QueuedRecipient, QueueTables } from '../relay/index.ts';
import type { LoggedDatabase } from './logged-database.ts';
import { mailTables, openMail } from './mail-sqlite.ts';
import type { Closable } from './sqlite.ts';

/** The tables of a host that keeps mail and relays it. */
export interface SqliteRelayTables extends Closable {
  readonly mail: MailTables;
  readonly queue: QueueTables;
}

/** Both in one file. Throws UsageError when another process has it. */
export function sqliteRelayTables(file: string): SqliteRelayTables {
  const database = openMail(file);
  return {
    mail: mailTables(database),
    queue: queueTables(database),
    close: () => database.close(),
  };
}

/** In a database that has the schema of mail; written in the commits of the mail store that has it too. */
export function queueTables(database: LoggedDatabase): QueueTables {
  const all = database.prepare('SELECT id, value FROM queue_message');
  const of = database.prepare(
    'SELECT value FROM queue_recipient WHERE message = ? ORDER BY position',
  );
  const put = database.change('INSERT OR REPLACE INTO queue_message VALUES (?, ?)');
  const putOne = database.change('INSERT OR REPLACE INTO queue_recipient VALUES (?, ?, ?)');
  const remove = database.change('DELETE FROM queue_message WHERE id = ?');
  const removeAll = database.change('DELETE FROM queue_recipient WHERE message = ?');
  const change = (id: string, position: number, recipient: QueuedRecipient): void => {
    putOne(id, position, JSON.stringify(recipient));
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
      put(message.id, JSON.stringify(message));
      for (const [position, recipient] of recipients.entries()) {
        change(message.id, position, recipient);
      }
    },
    change,
    remove(id) {
      remove(id);
      removeAll(id);
    },
  };
}

/** Values come back as they were written: the file is ours alone. */
function rowValue<T>(row: Record<string, unknown>): T {
  return JSON.parse(String(row['value'])) as T;
}

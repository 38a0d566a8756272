/** A step of the schema of mail. */
export const QUEUE_SCHEMA = `CREATE TABLE queue_message (id TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE queue_recipient (
     message TEXT NOT NULL, position INTEGER NOT NULL, value TEXT NOT NULL,
     PRIMARY KEY (message, position)
   ) STRICT, WITHOUT ROWID;`;

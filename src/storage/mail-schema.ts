/** The schema of mail; each text brings it to the next version. */
import { QUEUE_SCHEMA } from './queue-schema.ts';
import type { Migrations } from './sqlite.ts';

export const MAIL_SCHEMA: Migrations = [
  `CREATE TABLE mail_counter (
     account INTEGER NOT NULL, folder INTEGER NOT NULL, message INTEGER NOT NULL,
     content INTEGER NOT NULL, uid_validity INTEGER NOT NULL
   ) STRICT;
   INSERT INTO mail_counter VALUES (0, 0, 0, 0, 0);

   CREATE TABLE mail_account (id INTEGER PRIMARY KEY, value TEXT NOT NULL) STRICT;

   CREATE TABLE mail_folder (
     id INTEGER PRIMARY KEY, account INTEGER NOT NULL, value TEXT NOT NULL
   ) STRICT;
   CREATE INDEX mail_folder_account ON mail_folder (account);

   CREATE TABLE mail_message (
     id INTEGER PRIMARY KEY,
     folder INTEGER NOT NULL, uid INTEGER NOT NULL,
     flags TEXT NOT NULL, mod_seq INTEGER NOT NULL,
     received REAL NOT NULL, size INTEGER NOT NULL,
     content INTEGER NOT NULL, thread INTEGER NOT NULL,
     account INTEGER NOT NULL, created INTEGER NOT NULL
   ) STRICT;
   CREATE UNIQUE INDEX mail_message_uid ON mail_message (folder, uid);
   CREATE INDEX mail_message_thread ON mail_message (account, thread);

   CREATE TABLE mail_gone (
     account INTEGER NOT NULL, folder INTEGER NOT NULL, uid INTEGER NOT NULL,
     message INTEGER, mod_seq INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX mail_gone_account ON mail_gone (account, mod_seq);
   CREATE INDEX mail_gone_folder ON mail_gone (folder, mod_seq);

   CREATE TABLE mail_thread (
     account INTEGER NOT NULL, key TEXT NOT NULL, thread INTEGER NOT NULL,
     PRIMARY KEY (account, key)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX mail_thread_thread ON mail_thread (account, thread);

   -- What is known of a message, where it is one of a folder: "indexed" says whether the texts have it.
   CREATE TABLE mail_content (
     id INTEGER PRIMARY KEY,
     size INTEGER NOT NULL, own INTEGER NOT NULL, base INTEGER, holders INTEGER NOT NULL,
     envelope TEXT, structure TEXT, body TEXT, facts TEXT, indexed INTEGER
   ) STRICT;
   CREATE INDEX mail_content_missing ON mail_content (id) WHERE indexed = 0;

   -- The id is that of the content, times 65,536, and the number of the piece.
   CREATE TABLE mail_piece (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;

   CREATE TABLE mail_text_partial (content INTEGER PRIMARY KEY) STRICT;
   CREATE VIRTUAL TABLE mail_text USING fts5 (
     text, content = '', contentless_delete = 1, detail = none,
     tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co M*'"
   );
   CREATE VIRTUAL TABLE mail_term USING fts5vocab (mail_text, row);`,
  QUEUE_SCHEMA,
];

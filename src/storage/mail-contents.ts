/** The bytes of messages in SQLite, what is known of each, and the full-text index. */

import type { ContentTable, Facts, StoredContent, Summary, TextTable } from '../mail/index.ts';
import type { LoggedDatabase } from './logged-database.ts';

type Row = Readonly<Record<string, unknown>>;

/** Numbers of pieces that a content has: those of 16 GiB. */
const PIECES = 65_536;

/** Ids asked for in one statement. */
const FACTS_AT_ONCE = 500;

export function contentTable(database: LoggedDatabase): ContentTable {
  const get = database.prepare(
    'SELECT id, size, own, base, holders FROM mail_content WHERE id = ?',
  );
  const put = database.change(
    'INSERT INTO mail_content (id, size, own, base, holders, indexed) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const show = database.change(
    'UPDATE mail_content SET indexed = 0 WHERE id = ? AND indexed IS NULL',
  );
  const hold = database.change('UPDATE mail_content SET holders = holders + ? WHERE id = ?');
  const piece = database.prepare('SELECT bytes FROM mail_piece WHERE id = ?');
  const putPiece = database.change('INSERT OR REPLACE INTO mail_piece VALUES (?, ?)');
  const removePieces = database.change('DELETE FROM mail_piece WHERE id >= ? AND id < ?');
  const remove = database.change('DELETE FROM mail_content WHERE id = ?');
  const strays = database.change(
    `DELETE FROM mail_piece WHERE id / ${PIECES} NOT IN (SELECT id FROM mail_content)`,
  );
  return {
    get: (id) => {
      const row = get.get(id);
      return row && contentOf(row);
    },
    put({ id, size, own, base, holders }, shown) {
      put(id, size, own, base ?? null, holders, shown ? 0 : null);
    },
    show(id) {
      show(id);
    },
    hold(id, by) {
      hold(by, id);
    },
    remove(id) {
      remove(id);
      removePieces(id * PIECES, (id + 1) * PIECES);
    },
    piece: (id, index) => piece.get(id * PIECES + index)?.['bytes'] as Uint8Array | undefined,
    putPiece(id, index, bytes) {
      putPiece(id * PIECES + index, bytes);
    },
    removeStrays: () => strays(),
    ...summaries(database),
  };
}

function contentOf(row: Row): StoredContent {
  const { id, size, own, base, holders } = row as unknown as Omit<StoredContent, 'base'> & {
    base: number | null;
  };
  return { id, size, own, base: base ?? undefined, holders };
}

function summaries(
  database: LoggedDatabase,
): Pick<ContentTable, 'summary' | 'keepSummary' | 'facts'> {
  const one = database.prepare(
    'SELECT envelope, structure, body, facts FROM mail_content WHERE id = ? AND envelope IS NOT NULL',
  );
  const keep = database.prepare(
    'UPDATE mail_content SET envelope = ?, structure = ?, body = ?, facts = ? WHERE id = ?',
  );
  const facts = database.prepare(
    `SELECT id, facts FROM mail_content
     WHERE id IN (SELECT value FROM json_each(?)) AND envelope IS NOT NULL`,
  );
  return {
    summary: (id) => {
      const row = one.get(id);
      return row && new StoredSummary(row);
    },
    keepSummary(id, summary) {
      database.derive(() => keep.run(...textsOf(summary), id));
    },
    facts(ids) {
      const found = new Map<number, Facts>();
      for (let at = 0; at < ids.length; at += FACTS_AT_ONCE) {
        const some = JSON.stringify(ids.slice(at, at + FACTS_AT_ONCE));
        for (const row of facts.all(some)) {
          found.set(row['id'] as number, JSON.parse(row['facts'] as string) as Facts);
        }
      }
      return found;
    },
  };
}

function textsOf({ envelope, bodyStructure, body, facts }: Summary): string[] {
  return [envelope, bodyStructure, body, JSON.stringify(facts)];
}

/** The facts are parsed when they are asked for: a list of envelopes needs none. */
class StoredSummary implements Summary {
  readonly envelope: string;
  readonly bodyStructure: string;
  readonly body: string;
  private readonly text: string;

  constructor(row: Row) {
    this.envelope = row['envelope'] as string;
    this.bodyStructure = row['structure'] as string;
    this.body = row['body'] as string;
    this.text = row['facts'] as string;
  }

  get facts(): Facts {
    return JSON.parse(this.text) as Facts;
  }
}

/** A text with more words than this is looked for by its first ones. */
const WORDS_LIMIT = 8;

/** Words of the index that hold a piece of text; with more of them the index says too little. */
const TERMS_LIMIT = 500;

export function textTable(database: LoggedDatabase): TextTable {
  const missing = database.prepare(
    'SELECT id FROM mail_content WHERE indexed = 0 ORDER BY id LIMIT ?',
  );
  // What the index has can be read again: after a crash it is, where it is missing.
  const add = database.prepare('INSERT INTO mail_text (rowid, text) VALUES (?, ?)');
  const partial = database.prepare('INSERT OR IGNORE INTO mail_text_partial VALUES (?)');
  const mark = database.prepare('UPDATE mail_content SET indexed = 1 WHERE id = ?');
  const removals = ['mail_text WHERE rowid', 'mail_text_partial WHERE content'].map((which) =>
    database.change(`DELETE FROM ${which} = ?`),
  );
  const unread = database.prepare(
    'SELECT id FROM mail_content WHERE indexed = 0 UNION ALL SELECT content FROM mail_text_partial',
  );
  const match = database.prepare('SELECT rowid FROM mail_text WHERE mail_text MATCH ?');
  const terms = new Terms(database);
  return {
    missing: (limit) => missing.all(limit).map((row) => Number(row['id'])),
    add(content, text, isWhole) {
      add.run(content, text.toLowerCase());
      if (!isWhole) partial.run(content);
      mark.run(content);
    },
    remove(content) {
      for (const removal of removals) removal(content);
    },
    candidates(text) {
      const query = terms.query(text);
      if (query === undefined) return undefined;
      const found = query === '' ? [] : match.all(query);
      const ids = found.map((row) => Number(row['rowid']));
      return new Set([...ids, ...unread.all().map((row) => Number(row['id']))]);
    },
  };
}

/**
 * A text within others, in terms of the words of the index: its first word may be the end of a longer
 * one, its last word the beginning of one, and one that stands alone may be anywhere in one.
 */
class Terms {
  private readonly database: LoggedDatabase;

  constructor(database: LoggedDatabase) {
    this.database = database;
  }

  /** '' finds nothing; undefined: the index can't tell. */
  query(text: string): string | undefined {
    // As the index cuts words.
    const words = text.toLowerCase().match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu) ?? [];
    if (words.length === 0) return undefined;
    const startsInside = /^[\p{L}\p{N}\p{M}\p{Co}]/u.test(text);
    const endsInside = /[\p{L}\p{N}\p{M}\p{Co}]$/u.test(text);
    const parts: string[] = [];
    const used = words.slice(0, WORDS_LIMIT);
    for (const [at, word] of used.entries()) {
      // SQLite folds letters beyond ASCII in its own way: they are left to those who read the candidates.
      if (!/^[a-z0-9]+$/.test(word)) continue;
      const before = at === 0 && startsInside;
      const after = at === words.length - 1 && endsInside;
      const list = before || after ? this.withPart(word, before, after) : [word];
      if (list === undefined) continue;
      if (list.length === 0) return '';
      parts.push(`(${list.map(quotedTerm).join(' OR ')})`);
    }
    return parts.length === 0 ? undefined : parts.join(' AND ');
  }

  /** The words of the index that begin or end with it, or have it within; undefined: too many. */
  private withPart(word: string, before: boolean, after: boolean): string[] | undefined {
    const pattern = `${before ? '*' : ''}${word}${after ? '*' : ''}`;
    const rows = this.database
      .prepare('SELECT term FROM mail_term WHERE term GLOB ? LIMIT ?')
      .all(pattern, TERMS_LIMIT + 1);
    if (rows.length > TERMS_LIMIT) return undefined;
    return rows.map((row) => String(row['term']));
  }
}

function quotedTerm(term: string): string {
  return `"${term.replaceAll('"', '""')}"`;
}

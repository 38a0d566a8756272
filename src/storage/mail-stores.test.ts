/** One suite for every store of mail: what it promises to POP3, IMAP and JMAP. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromLatin1, latin1, utf8 } from '../lib/bytes.ts';
import {
  type MailAccount,
  type MailChange,
  MailStore,
  type MailTables,
  type MessageEntry,
  memoryMailTables,
} from '../mail/index.ts';
import { below, type Clock, type Random, seededRandom } from '../net/index.ts';
import { realHost } from '../net/real/index.ts';
import { sqliteMailTables } from './index.ts';

let folder: string;
const closing: (() => void)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toplayer-mail-'));
});
afterEach(() => {
  for (const close of closing.splice(0)) close();
  rmSync(folder, { recursive: true });
});

const KINDS = [
  { kind: 'memory', make: (): MailTables => memoryMailTables() },
  {
    kind: 'SQLite',
    make: (): MailTables => {
      const tables = sqliteMailTables(join(folder, 'mail.sqlite'));
      closing.push(() => tables.close());
      return tables;
    },
  },
];

function message(subject: string, more = '', body = 'hello\r\n'): Uint8Array {
  const head = `From: Bob <bob@shop.com>\r\nTo: alice@campus.edu\r\nSubject: ${subject}\r\n`;
  return latin1(`${head}${more}\r\n${body}`);
}

describe.each(KINDS)('a store of mail in $kind', ({ make }) => {
  let tables: MailTables;
  let store: MailStore;
  let alice: MailAccount;
  const inbox = () => alice.folder('INBOX')!;
  const put = async (bytes: Uint8Array, path = 'INBOX', flags: string[] = []) => {
    const [entry] = await alice.append(alice.folder(path)!, [
      { staged: store.stageBytes(bytes), flags },
    ]);
    return entry as MessageEntry;
  };

  beforeEach(async () => {
    tables = make();
    store = MailStore.open(realHost(), tables);
    await store.addAccount({ name: 'alice', addresses: ['alice@campus.edu'], title: 'Alice' });
    alice = store.open('alice');
  });
  afterEach(() => store.close());

  it('begins with the folders that mail programs look for', () => {
    expect(alice.folders().map(({ path, specialUse }) => [path, specialUse])).toEqual([
      ['INBOX', undefined],
      ['Archive', '\\Archive'],
      ['Drafts', '\\Drafts'],
      ['Junk', '\\Junk'],
      ['Sent', '\\Sent'],
      ['Trash', '\\Trash'],
    ]);
    expect(alice.status(inbox())).toEqual({
      messages: 0,
      unseen: 0,
      deleted: 0,
      size: 0,
      uidNext: 1,
      highestModSeq: 1,
    });
  });

  it('finds accounts by name and address, and whom mail is for', () => {
    expect(store.account('ALICE@Campus.edu')?.name).toBe('alice');
    expect(store.accountFor({ local: 'alice+lists', domain: 'campus.edu' })?.name).toBe('alice');
    expect(store.accountFor({ local: 'alice', domain: 'college.edu' })).toBeUndefined();
    expect(() => store.open('bob')).toThrow('There is no account bob');
  });

  it('refuses a second account of a name or address', async () => {
    const twice = store.addAccount({ name: 'a2', addresses: ['Alice@campus.edu'] });
    await expect(twice).rejects.toMatchObject({ code: 'MAIL_ACCOUNT_EXISTS' });
    const bad = store.addAccount({ name: 'b', addresses: ['no address'] });
    await expect(bad).rejects.toMatchObject({ code: 'MAIL_BAD_NAME' });
  });

  it('signs in with what was given, and not with what was not', async () => {
    await store.changeAccount('alice', { password: 'wonderland' });
    const { users } = store;
    const answers = ['wonderland', 'wonderland', 'Wonderland', ''].map((password) =>
      users.verify?.('alice@campus.edu', password),
    );
    expect(await Promise.all(answers)).toEqual([true, true, false, false]);
    expect(await users.verify?.('nobody', 'wonderland')).toBe(false);
    expect([await users.password?.('alice'), store.secretOf('alice')]).toEqual([
      undefined,
      undefined,
    ]);
    await store.changeAccount('alice', { password: 'kept', keepPassword: true });
    expect(await users.verify?.('alice', 'wonderland')).toBe(false);
    expect(await users.verify?.('alice', 'kept')).toBe(true);
    expect(store.secretOf('alice')).toBe('kept');
    expect((await users.scramKeys?.('alice'))?.storedKey).toHaveLength(32);
  });

  it('gives UIDs in order and never again', async () => {
    const [one, two] = [await put(message('1')), await put(message('2'))];
    await alice.expunge(inbox(), [two.uid]);
    expect([one.uid, two.uid, (await put(message('3'))).uid]).toEqual([1, 2, 3]);
    expect(alice.entries(inbox()).map(({ uid }) => uid)).toEqual([1, 3]);
  });

  it('keeps the bytes of copies once, and lets them go with the last one', async () => {
    const first = await put(message('once'));
    const { to } = await alice.copy(inbox(), [first.uid], alice.folder('Archive')!);
    const [copy] = to as [MessageEntry];
    expect([copy.content, copy.id !== first.id]).toEqual([first.content, true]);
    await alice.expunge(inbox(), [first.uid]);
    expect(fromLatin1(alice.bytes(copy.content))).toBe(fromLatin1(message('once')));
    await alice.expunge(alice.folder('Archive')!, [copy.uid]);
    expect(() => alice.bytes(copy.content)).toThrow('The message is gone');
    expect(alice.quota()).toEqual({ used: 0, limit: undefined, messages: 0 });
  });

  it('delivers one message to several accounts, each behind lines of its own', async () => {
    const bob = await store.addAccount({ name: 'bob', addresses: ['bob@shop.com'] });
    const prefix = utf8('Delivered-To: bob@shop.com\r\n');
    await store.deliver(store.stageBytes(message('all')), [
      { account: alice.account },
      { account: bob, prefix, folder: 'Junk', flags: ['$Junk'] },
    ]);
    const [mine] = alice.entries(inbox()) as [MessageEntry];
    const other = store.open(bob);
    const [his] = other.entries(other.folder('Junk')!) as [MessageEntry];
    expect(fromLatin1(other.bytes(his.content))).toBe(
      fromLatin1(prefix) + fromLatin1(alice.bytes(mine.content)),
    );
    expect(his.size).toBe(mine.size + prefix.length);
    const headers = [mine, his].map(({ content }) => alice.summary(content).facts.headerSize);
    expect((headers[1] as number) - (headers[0] as number)).toBe(prefix.length);
    await alice.expunge(inbox(), [mine.uid]);
    expect(other.message(his.content).subject).toBe('all');
  });

  it('keeps the id of a message that moves, and gives it a new UID there', async () => {
    const entry = await put(message('moved'), 'INBOX', ['\\Seen']);
    const { to } = await alice.move(inbox(), [entry.uid], alice.folder('Trash')!);
    expect(to).toEqual([
      { ...entry, folder: alice.folder('Trash')?.id, uid: 1, modSeq: entry.modSeq + 1 },
    ]);
    expect([alice.status(inbox()).messages, alice.byId(entry.id)]).toEqual([0, to[0]]);
    expect(alice.changesSince(entry.modSeq)).toEqual({
      created: [],
      updated: [entry.id],
      destroyed: [],
    });
    expect(alice.vanished(inbox(), entry.modSeq)).toEqual([entry.uid]);
  });

  it('changes flags, but not of messages that others changed meanwhile', async () => {
    const [one, two] = [await put(message('1')), await put(message('2'))];
    const seen = await alice.changeFlags(inbox(), [1], 'add', ['\\seen', 'Work']);
    expect(seen.changed.map(({ flags }) => flags)).toEqual([['Work', '\\Seen']]);
    const both = await alice.changeFlags(inbox(), [1, 2], 'set', ['\\Deleted'], {
      unchangedSince: Math.max(one.modSeq, two.modSeq),
    });
    expect([both.changed.map(({ uid }) => uid), both.modified]).toEqual([[2], [1]]);
    const again = await alice.changeFlags(inbox(), [1], 'add', ['work']);
    expect(again.changed).toEqual([]);
    await alice.changeFlags(inbox(), [1], 'remove', ['WORK']);
    expect(alice.entry(inbox(), 1)?.flags).toEqual(['\\Seen']);
    expect(alice.status(inbox())).toMatchObject({ unseen: 1, deleted: 1 });
  });

  it.each(['\\Odd(', 'two words', '', 'ä', `${'x'.repeat(101)}`])(
    'refuses the flag %j',
    async (flag) => {
      await put(message('1'));
      const change = alice.changeFlags(inbox(), [1], 'add', [flag]);
      await expect(change).rejects.toMatchObject({ code: 'MAIL_BAD_NAME' });
    },
  );

  it('takes nothing over the quota, and all or none', async () => {
    const size = message('1').length;
    await store.changeAccount('alice', { quota: 2 * size });
    await put(message('1'));
    const staged = () => ({ staged: store.stageBytes(message('2')) });
    const two = alice.append(inbox(), [staged(), staged()]);
    await expect(two).rejects.toMatchObject({ code: 'MAIL_OVER_QUOTA' });
    await alice.append(inbox(), [staged()]);
    expect(alice.quota()).toEqual({ used: 2 * size, limit: 2 * size, messages: 2 });
    const copy = alice.copy(inbox(), [1], inbox());
    await expect(copy).rejects.toMatchObject({ code: 'MAIL_OVER_QUOTA' });
  });

  it('makes folders with those above, renames with those below', async () => {
    await alice.createFolder('Lists/news/daily');
    await alice.renameFolder('Lists', 'inbox/Old/Lists');
    expect(alice.folders().map(({ path }) => path)).toEqual([
      'INBOX',
      'Archive',
      'Drafts',
      'INBOX/Old',
      'INBOX/Old/Lists',
      'INBOX/Old/Lists/news',
      'INBOX/Old/Lists/news/daily',
      'Junk',
      'Sent',
      'Trash',
    ]);
    await alice.removeFolder('INBOX/Old/Lists');
    expect(alice.folder('INBOX/Old/Lists')).toMatchObject({ selectable: false });
    await expect(alice.removeFolder('INBOX/Old/Lists')).rejects.toMatchObject({
      code: 'MAIL_FOLDER_EXISTS',
    });
  });

  it('renames INBOX by moving its messages (RFC 9051 §6.3.6)', async () => {
    await put(message('1'));
    await alice.renameFolder('INBOX', 'Before');
    const counts = ['INBOX', 'Before'].map((path) => alice.status(alice.folder(path)!).messages);
    expect(counts).toEqual([0, 1]);
  });

  it.each([
    ['', 'MAIL_BAD_FOLDER_NAME'],
    ['a//b', 'MAIL_BAD_FOLDER_NAME'],
    ['a%', 'MAIL_BAD_FOLDER_NAME'],
    ['tab\t', 'MAIL_BAD_FOLDER_NAME'],
    ['inbox', 'MAIL_FOLDER_EXISTS'],
    [`${'a/'.repeat(25)}a`, 'MAIL_BAD_FOLDER_NAME'],
  ])('does not make the folder %j', async (path, code) => {
    await expect(alice.createFolder(path)).rejects.toMatchObject({ code });
  });

  it('gives a folder that is made again a greater UIDVALIDITY', async () => {
    const before = await alice.createFolder('Twice');
    await alice.removeFolder('Twice');
    const after = await alice.createFolder('Twice');
    expect(after.uidValidity).toBeGreaterThan(before.uidValidity);
  });

  it('tells of each change after it is durable, and who made it', async () => {
    const heard: MailChange[] = [];
    const end = alice.watch((change) => heard.push(change));
    const entry = await put(message('1'));
    await alice.move(inbox(), [1], alice.folder('Trash')!, { by: 'me' });
    await alice.createFolder('New');
    end();
    await put(message('2'));
    const there = alice.byId(entry.id);
    const none = { added: [], changed: [], removed: [] };
    expect(heard).toEqual([
      { type: 'messages', folder: entry.folder, ...none, added: [entry], by: undefined },
      { type: 'messages', folder: entry.folder, ...none, removed: [1], by: 'me' },
      { type: 'messages', folder: there?.folder, ...none, added: [there], by: 'me' },
      { type: 'folders' },
    ]);
  });

  it('puts answers in the conversation of what they answer', async () => {
    const first = await put(message('Plan', 'Message-ID: <1@x>\r\n'));
    const answer = await put(message('Re: Plan', 'Message-ID: <2@x>\r\nIn-Reply-To: <1@x>\r\n'));
    const third = await put(message('RE: plan', 'References: <1@x> <2@x>\r\n'), 'Archive');
    const other = await put(message('Other', 'References: <1@x>\r\n'));
    expect([answer.thread, third.thread]).toEqual([first.thread, first.thread]);
    expect(other.thread).not.toBe(first.thread);
    expect(alice.thread(first.thread).map(({ id }) => id)).toEqual([first.id, answer.id, third.id]);
  });

  it('takes a large message in pieces, and drops one that is not wanted', async () => {
    const staging = store.stage();
    const piece = latin1(`${'x'.repeat(998)}\r\n`.repeat(100));
    await staging.add(message('large'));
    for (let i = 0; i < 20; i++) await staging.add(piece);
    const [entry] = await alice.append(inbox(), [{ staged: staging.finish() }]);
    const size = message('large').length + 20 * piece.length;
    expect([entry?.size, alice.bytes(entry?.content ?? 0).length]).toEqual([size, size]);
    const pieces = [...alice.pieces(entry?.content ?? 0)];
    expect(pieces.length).toBeGreaterThan(5);
    const [whole] = await alice.append(inbox(), [
      { staged: store.stageBytes(new Uint8Array(600_000).fill(65)) },
    ]);
    expect([...alice.pieces(whole?.content ?? 0)].map(({ length }) => length)).toEqual([
      262_144, 262_144, 75_712,
    ]);
    const unwanted = store.stage();
    for (let i = 0; i < 5; i++) await unwanted.add(piece);
    unwanted.drop();
    const small = store.stage({ limit: 10 });
    expect(() => small.add(latin1('12345678901'))).toThrow('A message has at most 10 bytes');
  });

  it('lets one holder have the maildrop', () => {
    const release = alice.lock('pop3');
    expect([release, alice.lock('pop3'), alice.lock('other')]).toEqual([
      expect.any(Function),
      undefined,
      expect.any(Function),
    ]);
    release?.();
    expect(alice.lock('pop3')).toBeDefined();
  });

  it('shows a message as recent once (RFC 3501 §2.3.2)', async () => {
    await put(message('1'));
    await put(message('2'));
    expect([alice.recent(inbox()), alice.recent(inbox())]).toEqual([1, 3]);
  });

  it('takes back all of a change that fails halfway, and nothing of others', async () => {
    const fails = store.write((tx) => {
      const content = tx.content(store.stageBytes(message('half')));
      tx.deliver(content, alice.account);
      throw new Error('halfway');
    });
    const [result, entry] = await Promise.all([fails.catch(String), put(message('whole'))]);
    expect(result).toBe('Error: halfway');
    expect(alice.entries(inbox())).toEqual([entry]);
    expect(alice.quota().messages).toBe(1);
  });

  it('is the same after any changes as one that was opened anew', async () => {
    const seed = 20261126;
    const random = seededRandom(seed);
    for (let step = 0; step < 300; step++) await randomChange(random);
    await store.close();
    const known = snapshot(alice);
    const again = MailStore.open(realHost(), tables);
    expect(snapshot(again.open('alice')), `seed ${seed}`).toEqual(known);
    await again.close();
  });

  async function randomChange(random: Random): Promise<void> {
    const folders = alice.folders();
    const [from, to] = [pick(random, folders), pick(random, folders)];
    const uids = alice.entries(from).flatMap(({ uid }) => (below(random, 3) === 0 ? uid : []));
    const changes = [
      () => put(message(`m${below(random, 9)}`, 'References: <1@x>\r\n'), from.path),
      () => put(message(`n${below(random, 9)}`), from.path, ['\\Flagged']),
      () => alice.copy(from, uids, to),
      () => alice.move(from, uids, to),
      () =>
        alice.changeFlags(from, uids, pick(random, ['add', 'remove', 'set'] as const), [
          '\\Seen',
          'k',
        ]),
      () => alice.expunge(from, uids),
    ];
    await pick<() => Promise<unknown>>(random, changes)();
  }
});

function pick<T>(random: Random, all: readonly T[]): T {
  return all[below(random, all.length)] as T;
}

function snapshot(account: MailAccount): unknown {
  return account.folders().map((folder) => ({
    folder,
    status: account.status(folder),
    quota: account.quota(),
    messages: account
      .entries(folder)
      .map((entry) => ({ ...entry, text: fromLatin1(account.bytes(entry.content)) })),
  }));
}

describe('full-text search in SQLite', () => {
  const BODIES = [
    'The zebra crosses the road.',
    'Zebras, plural; re-reading it twice',
    'nothing of the kind: crosszebra',
    'naïve Straße 日本語 and x',
    'two words: road works',
  ];
  const QUERIES = [
    'zebra',
    'ZEBRA',
    'ebra',
    'the road',
    'road',
    'roa',
    'oad w',
    'bra c',
    '-read',
    'straße',
    'na',
    'x',
    'absent',
    'absent road',
    '日本',
    '!',
    'crosses the',
  ];

  it('finds at least what a reader of all would find, and little else', async () => {
    const tables = sqliteMailTables(join(folder, 'mail.sqlite'));
    // The index is made by the test: pauses of the store's own never end.
    const { clock, random } = realHost();
    const setTimer: Clock['setTimer'] = (ms, fire) =>
      ms === 0 ? clock.setTimer(ms, fire) : { cancel() {} };
    const still: Clock = Object.create(clock, { setTimer: { value: setTimer } });
    const store = MailStore.open({ clock: still, random }, tables);
    await store.addAccount({ name: 'alice', addresses: [] });
    const alice = store.open('alice');
    const inbox = alice.folder('INBOX')!;
    const texts = BODIES.map((body) => {
      const head = 'Content-Type: text/plain; charset=utf-8\r\n\r\n';
      return { staged: store.stageBytes(utf8(`${head}${body}\r\n`)) };
    });
    const entries = await alice.append(inbox, texts);
    expect(alice.candidates('zebra')?.size, 'before they are indexed').toBe(BODIES.length);
    tables.commit(() => {
      for (const [at, id] of tables.texts.missing(10).entries()) {
        tables.texts.add(id, BODIES[at] ?? '', true);
      }
    });
    for (const query of QUERIES) {
      const right = entries.flatMap(({ content }, at) =>
        (BODIES[at] ?? '').toLowerCase().includes(query.toLowerCase()) ? content : [],
      );
      const found = alice.candidates(query);
      if (found) expect([...found], query).toEqual(expect.arrayContaining(right));
    }
    expect(alice.candidates('zebra')?.size).toBe(3);
    expect(alice.candidates('absent')?.size).toBe(0);
    await alice.expunge(inbox, [1]);
    expect(alice.candidates('zebra')?.size).toBe(2);
    await store.close();
    tables.close();
  });
});

/** Mailboxes of other programs: read and written without loss. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromLatin1, fromUtf8, latin1, utf8 } from '../../lib/bytes.ts';
import { type Files, memoryFiles, seededRandom } from '../../net/index.ts';
import { realHost } from '../../net/real/index.ts';
import {
  exportMessages,
  type FileMessage,
  type FolderMessage,
  importMessages,
  MaildirWriter,
  MailStore,
  mboxEntry,
  memoryMailTables,
  readMaildir,
  readMbox,
  toCrLf,
  toLf,
} from '../index.ts';

const SEED = 20261126;
const received = Date.UTC(2026, 10, 6, 8, 5, 39);

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

function pieces(text: string, size: number): Uint8Array[] {
  const out: Uint8Array[] = [];
  for (let at = 0; at < text.length; at += size) out.push(latin1(text.slice(at, at + size)));
  return out;
}

describe('lines', () => {
  it.each([
    ['', ''],
    ['a', 'a\r\n'],
    ['a\n\nb', 'a\r\n\r\nb\r\n'],
    ['a\r\nb\n', 'a\r\nb\r\n'],
    ['\r\r\n', '\r\r\n'],
  ])('%j in a file is %j in mail', (file, mail) => {
    expect(fromLatin1(toCrLf(latin1(file)))).toBe(mail);
    expect(fromLatin1(toLf(latin1(mail)))).toBe(fromLatin1(toLf(toCrLf(latin1(file)))));
  });
});

describe('mbox', () => {
  const entry = (text: string, flags: string[] = []): string =>
    fromLatin1(mboxEntry(latin1(text), { flags, received }, 'bob@shop.com'));

  it('writes what RFC 4155 describes, with a > before each From', () => {
    expect(entry('Subject: x\r\n\r\nFrom here\r\n>From there\r\n>>From\r\n', ['\\Seen', 'k'])).toBe(
      'From bob@shop.com Fri Nov  6 08:05:39 2026\nSubject: x\nStatus: RO\nX-Keywords: k\n\n' +
        '>From here\n>>From there\n>>From\n\n',
    );
  });

  it.each([1, 2, 7, 64, 10_000])('reads entries from pieces of %d', async (size) => {
    const first = 'Subject: a\r\n\r\nFrom here\r\n>From there\r\n';
    const second = 'Subject: b\r\n\r\nno end';
    const text = entry(first, ['\\Answered', '\\Flagged', '\\Seen', 'work']) + entry(second);
    const read = await all(readMbox(pieces(text, size)));
    expect(read.map(({ bytes, flags }) => [fromLatin1(bytes), flags])).toEqual([
      [first, ['\\Seen', '\\Answered', '\\Flagged', 'work']],
      [`${second}\r\n`, []],
    ]);
    expect(read.map((message) => message.received)).toEqual([received, received]);
  });

  it.each([
    ['From a Thu Nov 26 08:05:39 2026', Date.UTC(2026, 10, 26, 8, 5, 39)],
    ['From a@b  Thu Nov 26 08:05:39 2026 +0100', Date.UTC(2026, 10, 26, 7, 5, 39)],
    ['From a Thu Nov 26 08:05:39 EST 2026', Date.UTC(2026, 10, 26, 13, 5, 39)],
    ['From a Thu Nov 26 08:05 2026', Date.UTC(2026, 10, 26, 8, 5)],
    ['From a someday', undefined],
  ])('reads the date of %j', async (line, ms) => {
    const [message] = await all(readMbox([latin1(`${line}\nSubject: x\n\n`)]));
    expect(message?.received).toBe(ms);
  });

  it('takes a file without its first line for one message, and an empty file for none', async () => {
    const [one] = await all(readMbox([latin1('Subject: x\n\nhello')]));
    expect(fromLatin1(one?.bytes ?? latin1(''))).toBe('Subject: x\r\n\r\nhello\r\n');
    expect(await all(readMbox([latin1('\n\n')]))).toEqual([]);
  });

  it('keeps flags of a message that is one line without its end', async () => {
    const [one] = await all(readMbox([latin1(entry('Subject: x', ['\\Seen']))]));
    expect([fromLatin1(one?.bytes ?? latin1('')), one?.flags]).toEqual([
      'Subject: x\r\n',
      ['\\Seen'],
    ]);
  });

  it('stops at a message that is too large', async () => {
    const reading = all(readMbox(pieces(`From a\n${'x\n'.repeat(600)}`, 100), 1000));
    await expect(reading).rejects.toMatchObject({ code: 'MAIL_LIMIT' });
  });

  it(`gives back any lines that were written (seed ${SEED})`, async () => {
    const line = fc.oneof(
      fc.stringMatching(/^>{0,3}From [a-z ]{0,5}$/),
      fc.stringMatching(/^[ -~]{0,20}$/),
    );
    const body = fc
      .array(line, { maxLength: 8 })
      .map((lines) => lines.map((text) => `${text}\r\n`).join(''));
    await fc.assert(
      fc.asyncProperty(
        fc.array(body, { minLength: 1, maxLength: 4 }),
        fc.nat(30),
        async (bodies, size) => {
          const texts = bodies.map((text) => `Subject: x\r\n\r\n${text}`);
          const file = texts.map((text) => entry(text)).join('');
          const read = await all(readMbox(pieces(file, size + 1)));
          expect(read.map(({ bytes }) => fromLatin1(bytes))).toEqual(texts);
        },
      ),
      { seed: SEED, numRuns: 300 },
    );
  });
});

describe('Maildir', () => {
  it('gives back folders, flags and times that were written', async () => {
    const files: Files = memoryFiles(realHost().clock);
    const writer = new MaildirWriter(files, '/mail', seededRandom(SEED));
    const message = (text: string, flags: string[]): FileMessage => ({
      bytes: latin1(`Subject: ${text}\r\n\r\nbody\r\n`),
      flags,
      received,
    });
    await writer.add('INBOX', message('one', ['\\Seen', '\\Flagged']));
    await writer.add('Lists/news', message('two', []));
    await writer.folder('Empty');
    const names = await files.list('/mail/cur');
    expect(names[0]).toMatch(/^1793952339\.[0-9a-f]{8}_1\.toplayer,S=\d+:2,FS$/);
    expect(await files.list('/mail')).toEqual(['.Empty', '.Lists.news', 'cur', 'new', 'tmp']);
    const read = await all(readMaildir(files, '/mail'));
    expect(read).toEqual([
      { folder: 'INBOX', ...message('one', ['\\Flagged', '\\Seen']) },
      { folder: 'Lists/news', ...message('two', []) },
    ]);
  });

  it('keeps keywords as Dovecot does, in letters of each folder', async () => {
    const files: Files = memoryFiles(realHost().clock);
    const add = async (folder: string, flags: string[]): Promise<void> => {
      const writer = new MaildirWriter(files, '/mail', seededRandom(`${folder} ${flags}`));
      await writer.add(folder, { bytes: latin1('x\r\n'), flags, received });
    };
    await add('INBOX', ['\\Seen', 'Work', '$Forwarded', '$Junk']);
    await add('INBOX', ['$junk', 'Later']);
    await add('Old', ['Later']);
    expect(fromUtf8(await files.read('/mail/dovecot-keywords'))).toBe('0 Work\n1 $Junk\n2 Later\n');
    const letters = (await files.list('/mail/cur')).map((name) => name.split(':2,')[1]).sort();
    expect(letters).toEqual(['PSab', 'bc']);
    const read = await all(readMaildir(files, '/mail'));
    expect(read.map(({ flags }) => flags).sort()).toEqual([
      ['$Forwarded', '\\Seen', 'Work', '$Junk'],
      ['$Junk', 'Later'],
      ['Later'],
    ]);
  });

  it('has letters for 26 keywords of a folder', async () => {
    const files: Files = memoryFiles(realHost().clock);
    const writer = new MaildirWriter(files, '/mail', seededRandom(SEED));
    const flags = Array.from({ length: 30 }, (_, i) => `k${i}`);
    await writer.add('INBOX', { bytes: latin1('x\r\n'), flags, received });
    const [read] = await all(readMaildir(files, '/mail'));
    expect(read?.flags).toEqual(flags.slice(0, 26));
  });

  it('keeps the dots of a name, and leads nowhere else', async () => {
    const files: Files = memoryFiles(realHost().clock);
    const writer = new MaildirWriter(files, '/mail', seededRandom(SEED));
    for (const folder of ['v1.2/..', '...', 'a/b.c']) {
      await writer.add(folder, { bytes: latin1('x\r\n'), flags: [], received });
    }
    expect(await files.list('/')).toEqual(['mail']);
    const read = await all(readMaildir(files, '/mail'));
    expect(read.map(({ folder }) => folder).sort()).toEqual(['...', 'a/b.c', 'v1.2/..']);
  });

  it('says when there is none', async () => {
    const reading = all(readMaildir(memoryFiles(realHost().clock), '/none'));
    await expect(reading).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });
});

describe('what is imported', () => {
  async function* messages(): AsyncGenerator<FolderMessage> {
    for (let i = 0; i < 120; i++) {
      const bytes = utf8(`Message-ID: <${i}@x>\r\nSubject: ${i}\r\n\r\n`);
      const folder = i % 2 === 0 ? 'INBOX' : 'Old/Mail';
      yield { folder, bytes, flags: ['\\Seen', 'two words'], received: received + i };
    }
  }

  it('goes into its folders once, and comes out as it was', async () => {
    const store = MailStore.open(realHost(), memoryMailTables());
    await store.addAccount({ name: 'alice', addresses: [] });
    const alice = store.open('alice');
    const steps: number[] = [];
    const onProgress = ({ imported }: { imported: number }) => void steps.push(imported);
    const first = await importMessages(store, alice, messages(), { skipKnown: true, onProgress });
    const again = await importMessages(store, alice, messages(), { skipKnown: true });
    expect([first.imported, again.imported, again.skipped, steps]).toEqual([
      120,
      0,
      120,
      [50, 100, 120],
    ]);
    const out = [...exportMessages(alice, alice.folder('Old/Mail')!)];
    expect(out.map((message) => message.received)).toEqual(
      Array.from({ length: 60 }, (_, i) => received + 2 * i + 1),
    );
    expect(out[0]?.flags).toEqual(['\\Seen']);
    await store.close();
  });
});

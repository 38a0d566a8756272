import { expect, test } from 'vitest';
import { connect, fill, letter, stage, Typist } from '../../test/imap/stage.ts';
import { concat, fromUtf8 } from '../lib/bytes.ts';
import type { FetchedMessage } from './index.ts';

async function all(messages: AsyncIterable<FetchedMessage>): Promise<FetchedMessage[]> {
  const list: FetchedMessage[] = [];
  for await (const message of messages) list.push(message);
  return list;
}

test('a session from greeting to good-bye', async () => {
  const s = await stage();
  const run = async (): Promise<void> => {
    const client = await connect(s);
    expect(client.capabilities.has('IMAP4REV2')).toBe(true);
    const listed = await client.list();
    expect(listed.map(({ path }) => path)).toEqual([
      'INBOX',
      'Archive',
      'Drafts',
      'Junk',
      'Sent',
      'Trash',
    ]);
    expect(listed[1]?.attributes).toEqual(['\\HasNoChildren', '\\Archive']);
    const placed = await client.append(
      'INBOX',
      { octets: letter({ subject: 'one' }), flags: ['\\Seen', 'work'], received: 1e12 },
      { octets: letter({ subject: 'two' }) },
    );
    expect(placed?.uids).toEqual([1, 2]);
    const mailbox = await client.select('INBOX');
    expect(mailbox).toMatchObject({ exists: 2, uidNext: 3, readOnly: false, unseen: 2, recent: 2 });
    const [first, second] = await all(
      client.fetch('1:*', {
        flags: true,
        envelope: true,
        received: true,
        size: true,
        structure: true,
        modSeq: true,
      }),
    );
    expect(first).toMatchObject({
      uid: 1,
      flags: ['\\Recent', '\\Seen', 'work'],
      received: 1e12,
      envelope: { subject: 'one', from: [{ mailbox: 'bob', host: 'b.org' }] },
    });
    expect(second?.structure).toMatchObject({
      type: 'text',
      subtype: 'plain',
      path: '1',
      lines: 1,
    });
    expect(await client.search({ subject: 'TWO' })).toEqual([2]);
    expect((await client.store([1], 'add', ['\\Flagged'])).messages[0]?.flags).toEqual([
      '\\Recent',
      '\\Flagged',
      '\\Seen',
      'work',
    ]);
    expect((await client.copy([1, 2], 'Archive'))?.uids).toEqual([1, 2]);
    expect((await client.move([1], 'Trash'))?.uids).toEqual([1]);
    expect(client.mailbox?.exists).toBe(1);
    await client.store([2], 'add', ['\\Deleted'], { silent: true });
    await client.expunge();
    expect(client.mailbox?.exists).toBe(0);
    expect(await client.status('Archive')).toMatchObject({ MESSAGES: 2, UNSEEN: 1 });
    await client.logout();
  };
  await s.world.run(run());
  expect(s.errors).toEqual([]);
});

test('sections and parts of a message', async () => {
  const s = await stage();
  const raw = [
    'From: a@b.c',
    'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=x',
    '',
    '--x',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    'R3LDvMOfZQ==',
    '--x',
    'Content-Type: message/rfc822',
    '',
    'Subject: inner',
    '',
    'deep',
    '--x--',
    '',
  ].join('\r\n');
  const run = async (): Promise<void> => {
    const client = await connect(s);
    await client.append('INBOX', { octets: new TextEncoder().encode(raw) });
    await client.select('INBOX');
    const sections = [
      'HEADER',
      'TEXT',
      '1',
      '1.MIME',
      '2.HEADER',
      '2.TEXT',
      '3',
      'HEADER.FIELDS (SUBJECT X)',
      'HEADER.FIELDS.NOT (SUBJECT FROM)',
    ];
    const [message] = await all(client.fetch(1, { body: true, sections, decoded: ['1'] }));
    const got = Object.fromEntries(
      [...(message?.bodies ?? [])].map(([key, value]) => [key, value && fromUtf8(value)]),
    );
    expect(got).toEqual({
      'BODY[]': raw,
      'BODY[HEADER]': raw.slice(0, raw.indexOf('\r\n\r\n') + 4),
      'BODY[TEXT]': raw.slice(raw.indexOf('\r\n\r\n') + 4),
      'BODY[1]': 'R3LDvMOfZQ==',
      'BODY[1.MIME]':
        'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n',
      'BODY[2.HEADER]': 'Subject: inner\r\n\r\n',
      'BODY[2.TEXT]': 'deep',
      'BODY[3]': null,
      'BODY[HEADER.FIELDS (SUBJECT X)]': 'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\n',
      'BODY[HEADER.FIELDS.NOT (SUBJECT FROM)]':
        'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n',
      'BINARY[1]': 'Grüße',
    });
    const [part] = await all(
      client.fetch(1, { sections: ['TEXT'], range: { offset: 2, length: 3 } }),
    );
    expect(fromUtf8(part?.bodies.get('BODY[TEXT]') as Uint8Array)).toBe('x\r\n');
    expect(part?.offsets.get('BODY[TEXT]')).toBe(2);
    expect(await client.search({ subject: 'grüße' })).toEqual([1]);
    expect(await client.search({ body: 'GRÜSSE' })).toEqual([]);
    expect(await client.search({ body: 'GRÜ' })).toEqual([1]);
    expect((await all(client.fetch(1, { flags: true })))[0]?.flags).toEqual(['\\Recent']);
    await all(client.fetch(1, { body: true, markSeen: true }));
    expect((await all(client.fetch(1, { flags: true })))[0]?.flags).toEqual(['\\Recent', '\\Seen']);
  };
  await s.world.run(run());
});

test('mailboxes with names of any script, made, renamed, subscribed, removed', async () => {
  const s = await stage();
  const run = async (): Promise<void> => {
    const client = await connect(s);
    await client.create('Läden/日本語');
    await client.create('A&B');
    await client.rename('Läden', 'Märkte');
    await client.subscribe('Märkte/日本語');
    const paths = (await client.list({ pattern: '%' })).map(({ path }) => path);
    expect(paths).toContain('A&B');
    expect(paths).toContain('Märkte');
    for (const { path } of await client.list({ select: ['SUBSCRIBED'], pattern: '%' })) {
      await client.subscribe(path, false);
    }
    const subscribed = await client.list({ select: ['SUBSCRIBED'] });
    expect(subscribed.map(({ path }) => path)).toEqual(['Märkte/日本語']);
    const lsub = await client.lsub('%');
    expect(lsub.map((one) => [one.path, one.attributes])).toEqual([['Märkte', ['\\Noselect']]]);
    const recursive = await client.list({ pattern: '%', select: ['SUBSCRIBED', 'RECURSIVEMATCH'] });
    expect(recursive).toMatchObject([{ path: 'Märkte', childInfo: ['SUBSCRIBED'] }]);
    await client.enable('IMAP4rev2');
    expect(
      (await client.list({ pattern: 'Märkte/*', returns: { status: ['MESSAGES'] } }))[0],
    ).toMatchObject({ path: 'Märkte/日本語', status: { MESSAGES: 0 } });
    await client.delete('Märkte/日本語');
    await expect(client.select('Märkte/日本語')).rejects.toMatchObject({
      responseCode: 'NONEXISTENT',
    });
    await expect(client.create('INBOX')).rejects.toMatchObject({ responseCode: 'ALREADYEXISTS' });
    await expect(client.create('Gone', '\\Junk')).rejects.toMatchObject({
      responseCode: 'USEATTR',
    });
    await expect(client.append('Nowhere', { octets: letter() })).rejects.toMatchObject({
      responseCode: 'TRYCREATE',
    });
  };
  await s.world.run(run());
});

test('sorted and in threads', async () => {
  const s = await stage();
  const run = async (): Promise<void> => {
    await fill(s, 'INBOX', [
      { subject: 'b', from: 'zoe@x.y', date: 'Thu, 26 Nov 2026 08:00:00 +0000', id: '1@x' },
      {
        subject: 'Re: b',
        from: 'Adam <adam@x.y>',
        date: 'Thu, 26 Nov 2026 09:00:00 +0000',
        id: '2@x',
        references: '<1@x>',
      },
      { subject: 'a', from: 'bob@x.y', date: 'Thu, 26 Nov 2026 07:00:00 +0000', id: '3@x' },
    ]);
    const client = await connect(s);
    await client.select('INBOX');
    expect(await client.sort(['DATE'])).toEqual([3, 1, 2]);
    expect(await client.sort(['-FROM'])).toEqual([1, 3, 2]);
    expect(await client.sort(['SUBJECT', '-DATE'])).toEqual([3, 2, 1]);
    expect(await client.thread()).toMatchObject([
      { message: 3, children: [] },
      { message: 1, children: [{ message: 2 }] },
    ]);
    expect(await client.thread('ORDEREDSUBJECT')).toHaveLength(2);
  };
  await s.world.run(run());
});

test('extended searches, saved ones, and what was changed', async () => {
  const s = await stage();
  const run = async (): Promise<void> => {
    await fill(s, 'INBOX', [
      { subject: 'x' },
      { subject: 'y', flags: ['\\Seen'] },
      { subject: 'x' },
    ]);
    const client = await connect(s);
    await client.select('INBOX', { condstore: true });
    const result = await client.esearch(
      { subject: 'x' },
      { returns: ['MIN', 'MAX', 'COUNT', 'SAVE'] },
    );
    expect(result).toMatchObject({ uid: true, min: 1, max: 3, count: 2 });
    expect((await client.store('$', 'add', ['\\Flagged'])).messages).toHaveLength(2);
    const since = client.mailbox?.highestModSeq ?? 0;
    expect(
      (await all(client.fetch('1:*', { flags: true }, { changedSince: since }))).map(
        ({ uid }) => uid,
      ),
    ).toEqual([1, 3]);
    expect(
      await client.search({ or: [{ seen: true }, { subject: 'x', not: { flagged: true } }] }),
    ).toEqual([2]);
    const kept = await client.store([1, 2], 'add', ['late'], { unchangedSince: since });
    expect(kept.modified).toEqual([1]);
    expect((await client.esearch({}, { returns: ['COUNT'] })).count).toBe(3);
    expect(
      await client.esearch({ seen: false, flagged: false }, { returns: ['MIN', 'ALL'] }),
    ).toMatchObject({ uid: true });
  };
  await s.world.run(run());
});

test('what went and what changed while away', async () => {
  const s = await stage();
  const run = async (): Promise<void> => {
    await fill(s, 'INBOX', [{}, {}, {}, {}]);
    const client = await connect(s);
    await client.enable('QRESYNC');
    const { uidValidity, highestModSeq = 0 } = await client.select('INBOX');
    await client.unselect();
    const folder = s.account.folder('INBOX');
    if (!folder) throw new Error('no INBOX');
    await s.account.expunge(folder, [2, 3]);
    await s.account.changeFlags(folder, [4], 'add', ['\\Seen']);
    const { vanished, changed, mailbox } = await client.resynchronise('INBOX', {
      uidValidity,
      modSeq: highestModSeq,
    });
    expect(vanished).toEqual([[2, 3]]);
    expect(changed).toMatchObject([{ uid: 4, flags: ['\\Seen'] }]);
    expect(mailbox.exists).toBe(2);
    await client.store([1], 'add', ['\\Deleted']);
    await client.expunge([1]);
    expect(client.mailbox?.exists).toBe(1);
  };
  await s.world.run(run());
});

test('who idles hears of it at once', async () => {
  const s = await stage();
  const run = async (): Promise<unknown[]> => {
    const client = await connect(s);
    await client.select('INBOX');
    const heard: unknown[] = [];
    const listening = (async () => {
      for await (const update of client.idle()) {
        heard.push([
          update.type,
          'number' in update ? update.number : 'message' in update ? update.message.flags : '',
          Math.round(s.client.clock.now()),
        ]);
        if (update.type === 'expunge') break;
      }
    })();
    await new Promise<void>((resolve) => void s.server.clock.setTimer(40 * 60_000, resolve));
    const folder = s.account.folder('INBOX');
    if (!folder) throw new Error('no INBOX');
    const before = s.client.clock.now();
    await fill(s, 'INBOX', [{}]);
    await s.account.changeFlags(folder, [1], 'add', ['\\Answered']);
    await s.account.expunge(folder, [1]);
    await listening;
    expect(s.client.clock.now() - before).toBeLessThan(60);
    await client.noop();
    return heard.map((one) => (one as unknown[]).slice(0, 2));
  };
  expect(await s.world.run(run())).toEqual([
    ['exists', 1],
    ['recent', 1],
    ['fetch', ['\\Recent', '\\Answered']],
    ['expunge', 1],
  ]);
});

test('compressed both ways', async () => {
  const s = await stage();
  const run = async (): Promise<void> => {
    await fill(
      s,
      'INBOX',
      Array.from({ length: 50 }, () => ({ text: 'a'.repeat(5_000) })),
    );
    const client = await connect(s);
    await client.compress();
    await client.select('INBOX');
    expect(await all(client.fetch('1:*', { body: true }))).toHaveLength(50);
    await client.append('INBOX', { octets: letter({ text: 'b'.repeat(200_000) }) });
    expect((await client.message(51))?.length).toBeGreaterThan(200_000);
    await expect(client.compress()).rejects.toMatchObject({ responseCode: 'COMPRESSIONACTIVE' });
    await client.logout();
  };
  await s.world.run(run());
});

test('quota, namespace, id', async () => {
  const s = await stage();
  const run = async (): Promise<void> => {
    await s.store.changeAccount('alice', { quota: 4_096 });
    const client = await connect(s);
    expect(await client.quota()).toEqual(new Map([['', [{ name: 'STORAGE', used: 0, limit: 4 }]]]));
    expect(await client.namespace()).toMatchObject({ personal: [{ prefix: '', delimiter: '/' }] });
    expect(await client.id(new Map([['name', 'test']]))).toEqual(new Map([['name', 'toplayer']]));
    await expect(
      client.append('INBOX', { octets: letter({ text: 'x'.repeat(5_000) }) }),
    ).rejects.toMatchObject({ responseCode: 'OVERQUOTA' });
  };
  await s.world.run(run());
});

test('commands in a row are answered in order, each in its state', async () => {
  const s = await stage();
  const run = async (): Promise<string[]> => {
    const typist = await Typist.at(s);
    const script = [
      '1 SELECT INBOX',
      '2 LOGIN alice tea',
      '3 FETCH 1 FLAGS',
      '4 SELECT INBOX',
      '5 FETCH 1 FLAGS',
      '6 FETCH 1:* FLAGS',
      '7 NOOP',
      '8 FROB',
      '9 NOOP x',
      '10 UID FROB',
      '11 LOGOUT',
    ];
    const lines = await typist.say(script.join('\r\n'));
    return lines
      .filter((line) => !line.startsWith('*'))
      .map((line) => line.replace(/\[.*?\] /, ''));
  };
  expect(await s.world.run(run())).toEqual([
    '1 BAD Sign in first',
    '2 OK Welcome',
    '3 BAD Select a mailbox first',
    '4 OK SELECT completed',
    '5 BAD There are 0 messages, not 1',
    '6 OK FETCH completed',
    '7 OK NOOP completed',
    '8 BAD There is no command FROB',
    '9 BAD Expected the end of the line, found " x"',
    '10 BAD There is no command FROB',
    '11 OK LOGOUT completed',
  ]);
});

test('a large message: whole, range by range, and twice in one answer', async () => {
  const s = await stage();
  const run = async (): Promise<void> => {
    const octets = letter({
      text: Array.from({ length: 60_000 }, (_, i) => `line ${i}`).join('\r\n'),
    });
    const client = await connect(s);
    await client.append('INBOX', { octets });
    await client.enable('CONDSTORE');
    await client.select('INBOX');
    expect(await client.message(1)).toEqual(octets);
    const ranges: Uint8Array[] = [];
    for (let offset = 0; offset < octets.length; offset += 100_000) {
      const [part] = await all(client.fetch(1, { body: true, range: { offset, length: 100_000 } }));
      ranges.push(part?.bodies.get('BODY[]') as Uint8Array);
    }
    expect(concat(ranges)).toEqual(octets);
    const [seen] = await all(client.fetch(1, { body: true, size: true, markSeen: true }));
    expect(seen).toMatchObject({ size: octets.length, flags: ['\\Recent', '\\Seen'], modSeq: 3 });
    const typist = await Typist.signedIn(s);
    await typist.say('b SELECT INBOX');
    const lines = await typist.say('c FETCH 1 (RFC822 BODY.PEEK[])');
    expect(lines.filter((line) => line === 'line 59999')).toHaveLength(2);
  };
  await s.world.run(run());
});

test('what is said of flags and messages that are wrong', async () => {
  const s = await stage();
  const run = async (): Promise<void> => {
    const client = await connect(s);
    const dropped: string[] = [];
    const stageOne = s.store.stage.bind(s.store);
    s.store.stage = () => {
      const staging = stageOne();
      const drop = staging.drop.bind(staging);
      staging.drop = () => {
        dropped.push('dropped');
        drop();
      };
      return staging;
    };
    const wrong = client.append('INBOX', { octets: letter(), flags: ['\\Nonsense'] });
    await expect(wrong).rejects.toMatchObject({ status: 'BAD' });
    await expect(client.append('INBOX', { octets: new Uint8Array() })).rejects.toMatchObject({
      status: 'NO',
    });
    expect(dropped).toHaveLength(2);
    await fill(s, 'INBOX', [
      { header: `Cc: ${Array.from({ length: 150 }, (_, i) => `p${i}@x.y`).join(', ')}` },
    ]);
    await client.select('INBOX');
    expect(await client.search({ cc: 'p149@x.y' })).toEqual([1]);
    expect(await client.search({ text: '' })).toEqual([1]);
  };
  await s.world.run(run());
});

test('days are those of the Date as it is written, in its zone; those of the arrival are in UTC', async () => {
  const s = await stage();
  const run = async (): Promise<void> => {
    const received = Date.UTC(2026, 10, 26, 23, 30);
    await fill(s, 'INBOX', [
      { date: 'Fri, 27 Nov 2026 00:30:00 +0100', received },
      { date: 'Thu, 26 Nov 2026 23:30:00 -0500', received },
      { date: 'nonsense', received },
    ]);
    const client = await connect(s);
    await client.select('INBOX');
    const day = Date.UTC(2026, 10, 26);
    const next = Date.UTC(2026, 10, 27);
    expect(await client.search({ sentOn: day })).toEqual([2]);
    expect(await client.search({ sentSince: next })).toEqual([1]);
    expect(await client.search({ sentBefore: next })).toEqual([2]);
    expect(await client.search({ on: day })).toEqual([1, 2, 3]);
    expect(await client.search({ since: next })).toEqual([]);
  };
  await s.world.run(run());
});

test('what went while away: of what the client knows, and where nobody remembers it', async () => {
  const s = await stage();
  const run = async (): Promise<void> => {
    await fill(
      s,
      'INBOX',
      Array.from({ length: 8 }, () => ({})),
    );
    const client = await connect(s);
    await client.enable('QRESYNC');
    const { uidValidity, highestModSeq: modSeq = 0 } = await client.select('INBOX');
    const folder = s.account.folder('INBOX');
    if (!folder) throw new Error('no INBOX');
    await s.account.expunge(folder, [2, 5, 8]);
    const gone = async (more: object): Promise<unknown> => {
      const { vanished } = await client.resynchronise('INBOX', { uidValidity, modSeq, ...more });
      return vanished;
    };
    expect(await gone({})).toEqual([
      [2, 2],
      [5, 5],
      [8, 8],
    ]);
    expect(await gone({ known: [[4, 6]] })).toEqual([[5, 5]]);
    s.account.vanished = () => undefined;
    expect(await gone({})).toEqual([
      [2, 2],
      [5, 5],
      [8, 8],
    ]);
    expect(await gone({ known: [[1, 6]] })).toEqual([
      [2, 2],
      [5, 5],
    ]);
    // Numbers 1 and 4 have the UIDs that they have now: nothing below is missing that the client does not know of.
    const match = {
      numbers: [
        [1, 1],
        [4, 4],
      ],
      uids: [
        [1, 1],
        [6, 6],
      ],
    };
    expect(await gone({ known: [[1, 8]], match })).toEqual([[8, 8]]);
    expect(await gone({ uidValidity: 1 })).toEqual([]);
  };
  await s.world.run(run());
});

import { beforeEach, describe, expect, test } from 'vitest';
import { CORE, dig, Stage, text } from '../../test/jmap/stage.ts';
import type { Json, JsonObject } from './types.ts';

let at: Stage;
beforeEach(async () => {
  at = await Stage.set();
});

const HELLO = `From: Bob <bob@campus.edu>
To: alice@campus.edu
Subject: Hello there
Message-ID: <a@b>
Date: Fri, 20 Nov 2026 10:00:00 +0100

Zebras like quagga hay.
`;
const REPLY = `From: alice@campus.edu
To: Bob <bob@campus.edu>
Subject: Re: Hello there
Message-ID: <c@b>
In-Reply-To: <a@b>
Date: Fri, 20 Nov 2026 11:00:00 +0100

And oats.
`;
const PICTURE = `From: "Ann, =?utf-8?Q?M=C3=BCller?=" <ann@news.org>
To: alice@campus.edu, Friends: jane@x.org, =?UTF-8?Q?John_Sm=C3=AEth?= <john@x.org>;
Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=
MIME-Version: 1.0
List-Post: <mailto:list@x.org>
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: multipart/alternative; boundary=y

--y
Content-Type: text/plain; charset=utf-8

Plain words
--y
Content-Type: text/html; charset=utf-8

<style>.hidden{}</style><p>Rich <b>wor</b>ds</p><img alt="a giraffe" src="cid:p">
--y--
--x
Content-Type: image/png; name="cat.png"
Content-Disposition: attachment; filename="cat.png"
Content-Transfer-Encoding: base64

iVBORw==
--x--
`;

describe('requests', () => {
  test.each<[string, string, Json]>([
    ['no JSON', '{', { type: 'urn:ietf:params:jmap:error:notJSON', status: 400 }],
    ['a list', '[]', { type: 'urn:ietf:params:jmap:error:notRequest' }],
    ['no calls', '{"using":[]}', { type: 'urn:ietf:params:jmap:error:notRequest' }],
    [
      'a call of two',
      '{"using":[],"methodCalls":[["a",{}]]}',
      { type: 'urn:ietf:params:jmap:error:notRequest' },
    ],
    [
      'a capability that is none',
      '{"using":["x"],"methodCalls":[]}',
      { type: 'urn:ietf:params:jmap:error:unknownCapability' },
    ],
    [
      'ids that are none',
      '{"using":[],"methodCalls":[],"createdIds":{"a":1}}',
      { type: 'urn:ietf:params:jmap:error:notRequest' },
    ],
    [
      'depth',
      `{"using":${'['.repeat(100)}${']'.repeat(100)},"methodCalls":[]}`,
      { type: 'urn:ietf:params:jmap:error:notRequest' },
    ],
    [
      'too many calls',
      JSON.stringify({ using: [], methodCalls: Array.from({ length: 33 }, () => ['a', {}, '']) }),
      { type: 'urn:ietf:params:jmap:error:limit', limit: 'maxCallsInRequest' },
    ],
    [
      'too many bytes',
      ' '.repeat(10_000_001),
      { type: 'urn:ietf:params:jmap:error:limit', limit: 'maxSizeRequest' },
    ],
  ])('%s is refused', async (_, body, expected) => {
    const answer = await at.api(body);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
    expect(answer.json).toMatchObject(expected as JsonObject);
  });

  test('of another type are refused', async () => {
    const answer = await at.api('{}', { 'Content-Type': 'text/plain' });
    expect(text(answer.json, 'type')).toMatch(/notJSON$/);
  });

  test('echo, and errors of calls stay with their calls', async () => {
    expect(
      await at.call(
        ['Core/echo', { hello: true, high: 5 }, 'b3ff'],
        ['Nothing/get', {}, 'x'],
        ['Core/echo', {}, 'y'],
      ),
    ).toMatchObject([
      ['Core/echo', { hello: true, high: 5 }, 'b3ff'],
      ['error', { type: 'unknownMethod' }, 'x'],
      ['Core/echo', {}, 'y'],
    ]);
  });

  test('methods of capabilities that are not used are unknown', async () => {
    const { json } = await at.api({
      using: [CORE],
      methodCalls: [['Mailbox/get', { accountId: 'A1' }, '']],
    });
    expect(dig(json, 'methodResponses', 0, 1)).toMatchObject({ type: 'unknownMethod' });
  });

  test.each<[string, JsonObject, string]>([
    ['Mailbox/get', { accountId: 'A2' }, 'accountNotFound'],
    ['Mailbox/get', { accountId: 7 }, 'invalidArguments'],
    ['Mailbox/get', { ids: 'F1' }, 'invalidArguments'],
    ['Mailbox/get', { properties: ['colour'] }, 'invalidArguments'],
    ['Mailbox/get', { nonsense: 1 }, 'invalidArguments'],
    ['Mailbox/changes', { sinceState: 'gone' }, 'cannotCalculateChanges'],
    ['Email/get', { ids: [], properties: ['header:From:asDate'] }, 'invalidArguments'],
    ['Email/get', { ids: [], bodyProperties: ['smell'] }, 'invalidArguments'],
    ['Email/get', { ids: Array.from({ length: 1_001 }, (_, n) => `M${n}`) }, 'requestTooLarge'],
    ['Email/query', { filter: { inMailbox: 7 } }, 'invalidArguments'],
    ['Email/query', { filter: { smell: 'x' } }, 'unsupportedFilter'],
    ['Email/query', { filter: { operator: 'XOR', conditions: [] } }, 'invalidArguments'],
    ['Email/query', { sort: [{ property: 'colour' }] }, 'unsupportedSort'],
    ['Email/query', { sort: [{ property: 'hasKeyword' }] }, 'invalidArguments'],
    ['Email/query', { limit: -1 }, 'invalidArguments'],
    ['Email/query', { anchor: 'M99' }, 'anchorNotFound'],
    ['Email/changes', { sinceState: '999999' }, 'cannotCalculateChanges'],
    ['Email/changes', { sinceState: '1', maxChanges: 0 }, 'invalidArguments'],
    ['Email/set', { ifInState: 'other' }, 'stateMismatch'],
    ['Email/set', { destroy: Array.from({ length: 1_001 }, (_, n) => `M${n}`) }, 'requestTooLarge'],
    ['Email/queryChanges', { sinceQueryState: 'x' }, 'cannotCalculateChanges'],
    ['Identity/set', {}, 'unknownMethod'],
  ])('%s with %o is %s', async (name, args, type) => {
    expect(await at.one(name, args)).toMatchObject({ error: { type } });
  });

  test('results are referred to, with * too, and what leads nowhere says so', async () => {
    await at.put('INBOX', HELLO, REPLY);
    const answers = await at.call(
      ['Email/query', {}, 'q'],
      [
        'Email/get',
        { '#ids': { resultOf: 'q', name: 'Email/query', path: '/ids' }, properties: ['threadId'] },
        'g',
      ],
      [
        'Thread/get',
        { '#ids': { resultOf: 'g', name: 'Email/get', path: '/list/*/threadId' } },
        't',
      ],
      ['Thread/get', { '#ids': { resultOf: 'g', name: 'Email/get', path: '/nothing' } }, 'n'],
      ['Thread/get', { ids: [], '#ids': { resultOf: 'g', name: 'Email/get', path: '/list' } }, 'm'],
    );
    expect(dig(answers[2], 1, 'list')).toEqual([{ id: 'T1', emailIds: ['M1', 'M2'] }]);
    expect(dig(answers[3], 1)).toMatchObject({ type: 'invalidResultReference' });
    expect(dig(answers[4], 1)).toMatchObject({ type: 'invalidArguments' });
  });
});

describe('mailboxes', () => {
  test('have roles, counts, and conversations that are unread wherever the unread message is', async () => {
    await at.put('INBOX', HELLO);
    await at.put('Archive', REPLY);
    await at.one('Email/set', { update: { M1: { 'keywords/$seen': true } } });
    const { list } = await at.one('Mailbox/get', {
      properties: ['name', 'role', 'unreadEmails', 'unreadThreads'],
    });
    expect(list).toContainEqual({
      id: at.folder('INBOX'),
      name: 'Inbox',
      role: 'inbox',
      unreadEmails: 0,
      unreadThreads: 1,
    });
    expect(list).toContainEqual({
      id: at.folder('Archive'),
      name: 'Archive',
      role: 'archive',
      unreadEmails: 1,
      unreadThreads: 1,
    });
  });

  test('are made within each other in one call, in any order, renamed, moved and destroyed', async () => {
    const made = await at.one('Mailbox/set', {
      create: { b: { name: 'Dogs', parentId: '#a' }, a: { name: 'Pets', parentId: null } },
    });
    expect(made['notCreated']).toBeNull();
    const [pets, dogs] = [at.folder('Pets'), at.folder('Pets/Dogs')];
    expect(dig(made, 'created', 'b', 'id')).toBe(dogs);
    const state = text(await at.one('Mailbox/get'), 'state');
    const moved = await at.one('Mailbox/set', {
      update: { [dogs]: { parentId: null, name: 'Hounds' } },
    });
    expect(moved['updated']).toEqual({ [dogs]: null });
    expect(at.folder('Hounds')).toBe(dogs);
    expect(await at.one('Mailbox/changes', { sinceState: state })).toMatchObject({
      created: [],
      updated: [dogs],
      destroyed: [],
      updatedProperties: null,
    });
    await at.put('Hounds', HELLO);
    expect(await at.one('Mailbox/set', { destroy: [dogs, pets] })).toMatchObject({
      destroyed: [pets],
      notDestroyed: { [dogs]: { type: 'mailboxHasEmail' } },
    });
    expect(
      await at.one('Mailbox/set', { destroy: [dogs], onDestroyRemoveEmails: true }),
    ).toMatchObject({ destroyed: [dogs] });
  });

  test.each<[string, JsonObject, JsonObject]>([
    [
      'without a name',
      { create: { a: {} } },
      { notCreated: { a: { type: 'invalidProperties', properties: ['name'] } } },
    ],
    [
      'named as a path',
      { create: { a: { name: 'a/b' } } },
      { notCreated: { a: { type: 'invalidProperties' } } },
    ],
    [
      'that is there',
      { create: { a: { name: 'Sent' } } },
      { notCreated: { a: { type: 'invalidProperties' } } },
    ],
    [
      'in nothing',
      { create: { a: { name: 'x', parentId: 'F99' } } },
      { notCreated: { a: { properties: ['parentId'] } } },
    ],
    [
      'with a strange property',
      { create: { a: { name: 'x', colour: 1 } } },
      { notCreated: { a: { properties: ['colour'] } } },
    ],
    [
      'that is none',
      { update: { F99: { name: 'x' } } },
      { notUpdated: { F99: { type: 'notFound' } } },
    ],
    ['the inbox', { destroy: ['F1'] }, { notDestroyed: { F1: { type: 'forbidden' } } }],
    [
      'within itself',
      { update: { F6: { parentId: 'F6' } } },
      { notUpdated: { F6: { type: 'invalidProperties' } } },
    ],
    [
      'that goes anyway',
      { update: { F6: { name: 'x' } }, destroy: ['F6'] },
      { notUpdated: { F6: { type: 'willDestroy' } } },
    ],
  ])('one %s is refused', async (_, args, expected) => {
    expect(await at.one('Mailbox/set', args)).toMatchObject(expected);
  });

  test('tell that only counts have changed', async () => {
    const state = text(await at.one('Mailbox/get'), 'state');
    await at.put('INBOX', HELLO);
    expect(await at.one('Mailbox/changes', { sinceState: state })).toMatchObject({
      updated: [at.folder('INBOX')],
      updatedProperties: ['totalEmails', 'unreadEmails', 'totalThreads', 'unreadThreads'],
    });
  });

  test('are asked for by filter and as a tree', async () => {
    await at.one('Mailbox/set', {
      create: { a: { name: 'Aa' }, b: { name: 'B', parentId: '#a' } },
    });
    const sort = [{ property: 'name', isAscending: false }];
    const ids = async (args: JsonObject) => dig(await at.one('Mailbox/query', args), 'ids');
    expect(await ids({ filter: { hasAnyRole: false }, sort, sortAsTree: true })).toEqual([
      at.folder('Aa'),
      at.folder('Aa/B'),
    ]);
    expect(await ids({ filter: { name: 'b', hasAnyRole: false }, filterAsTree: true })).toEqual([]);
    expect(await ids({ filter: { role: 'inbox' } })).toEqual([at.folder('INBOX')]);
    expect(
      await ids({
        filter: { operator: 'NOT', conditions: [{ hasAnyRole: true }] },
        sort,
        limit: 1,
      }),
    ).toEqual([at.folder('Aa/B')]);
  });
});

describe('messages', () => {
  test('are shown in the parts and forms that are asked for', async () => {
    const [id = ''] = await at.put('INBOX', PICTURE);
    const properties = [
      'from',
      'subject',
      'textBody',
      'htmlBody',
      'attachments',
      'bodyValues',
      'hasAttachment',
      'header:List-Post:asURLs',
      'header:To:asGroupedAddresses',
      'header:received:all',
      'header:Nothing',
    ];
    const { list } = await at.one('Email/get', {
      ids: [id],
      properties,
      bodyProperties: ['partId', 'type'],
      fetchHTMLBodyValues: true,
      maxBodyValueBytes: 30,
    });
    expect(dig(list, 0)).toMatchObject({
      from: [{ name: 'Ann, Müller', email: 'ann@news.org' }],
      subject: 'Grüße',
      textBody: [{ partId: '1.1', type: 'text/plain' }],
      htmlBody: [{ partId: '1.2', type: 'text/html' }],
      attachments: [{ partId: '2', type: 'image/png' }],
      hasAttachment: true,
      bodyValues: { '1.2': { value: '<style>.hidden{}</style><p>Ric', isTruncated: true } },
      'header:List-Post:asURLs': ['mailto:list@x.org'],
      'header:To:asGroupedAddresses': [
        { name: null, addresses: [{ name: null, email: 'alice@campus.edu' }] },
        {
          name: 'Friends',
          addresses: [
            { name: null, email: 'jane@x.org' },
            { name: 'John Smîth', email: 'john@x.org' },
          ],
        },
      ],
      'header:received:all': [],
      'header:Nothing': null,
    });
    expect(await at.one('Email/get', { ids: ['M77', id], properties: ['id'] })).toMatchObject({
      list: [{ id }],
      notFound: ['M77'],
    });
  });

  test.each<[string, JsonObject, readonly number[]]>([
    ['all', {}, [1, 2, 3]],
    ['a word of the body', { text: 'ZEBRAS' }, [1]],
    ['a phrase', { text: '"quagga hay"' }, [1]],
    ['a phrase that is not there', { text: '"hay quagga"' }, []],
    ['two words', { text: 'hay zebras' }, [1]],
    ['a word with markup in it', { body: 'words' }, [3]],
    ['the text of a picture', { body: 'giraffe' }, [3]],
    ['no style sheet', { body: 'hidden' }, []],
    ['a person', { from: 'müller' }, [3]],
    ['an address', { to: 'bob@campus.edu' }, [2]],
    ['a subject', { subject: 'hello' }, [1, 2]],
    ['attachments', { hasAttachment: true }, [3]],
    ['a field', { header: ['list-post'] }, [3]],
    ['a field with a text', { header: ['In-Reply-To', 'a@b'] }, [2]],
    ['before', { before: '2026-11-20T00:01:00Z' }, [1]],
    ['after', { after: '2026-11-20T00:01:00Z' }, [2, 3]],
    ['size', { minSize: 300 }, [3]],
    ['keyword', { hasKeyword: '$flagged' }, [2]],
    ['no keyword', { notKeyword: '$flagged' }, [1, 3]],
    ['some of a thread', { someInThreadHaveKeyword: '$flagged' }, [1, 2]],
    ['all of a thread', { allInThreadHaveKeyword: '$flagged' }, []],
    ['none of a thread', { noneInThreadHaveKeyword: '$flagged' }, [3]],
    ['or', { operator: 'OR', conditions: [{ text: 'quagga' }, { from: 'ann' }] }, [1, 3]],
    ['not', { operator: 'NOT', conditions: [{ text: 'quagga' }, { from: 'ann' }] }, [2]],
    ['and', { operator: 'AND', conditions: [{ subject: 'hello' }, { from: 'alice' }] }, [2]],
    ['another folder', { inMailbox: 'F2' }, []],
    ['elsewhere', { inMailboxOtherThan: ['F1'] }, []],
  ])('are found by %s', async (_, filter, expected) => {
    await at.put('INBOX', HELLO, REPLY, PICTURE);
    await at.one('Email/set', { update: { M2: { 'keywords/$flagged': true } } });
    const { ids } = await at.one('Email/query', { filter, sort: [{ property: 'receivedAt' }] });
    expect(ids).toEqual(expected.map((number) => `M${number}`));
  });

  test.each<[JsonObject, readonly number[]]>([
    [{ property: 'receivedAt', isAscending: false }, [3, 2, 1]],
    [{ property: 'size' }, [1, 2, 3]],
    [{ property: 'from' }, [2, 3, 1]],
    [{ property: 'subject' }, [3, 1, 2]],
    [{ property: 'hasKeyword', keyword: '$flagged', isAscending: false }, [2, 3, 1]],
  ])('are sorted by %o', async (comparator, expected) => {
    await at.put('INBOX', HELLO, REPLY, PICTURE);
    await at.one('Email/set', { update: { M2: { 'keywords/$flagged': true } } });
    const { ids } = await at.one('Email/query', { sort: [comparator] });
    expect(ids).toEqual(expected.map((number) => `M${number}`));
  });

  test('come in windows, collapsed, with a total', async () => {
    await at.put('INBOX', HELLO, REPLY, PICTURE);
    const sort = [{ property: 'receivedAt', isAscending: false }];
    const query = (args: JsonObject) => at.one('Email/query', { sort, ...args });
    expect(await query({ position: -2, limit: 1, calculateTotal: true })).toMatchObject({
      position: 1,
      ids: ['M2'],
      total: 3,
    });
    expect(await query({ collapseThreads: true })).toMatchObject({ ids: ['M3', 'M2'] });
    expect(await query({ anchor: 'M1', anchorOffset: -1 })).toMatchObject({
      position: 1,
      ids: ['M2', 'M1'],
    });
    expect(await query({ position: 9 })).toMatchObject({ ids: [] });
  });

  test('that change are told, and where they are now in a query', async () => {
    await at.put('INBOX', HELLO, REPLY);
    const filter = { inMailbox: at.folder('INBOX') };
    const state = text(await at.one('Email/query', { filter }), 'queryState');
    await at.put('INBOX', PICTURE);
    await at.one('Email/set', {
      update: { M1: { mailboxIds: { [at.folder('Trash')]: true } } },
      destroy: ['M2'],
    });
    expect(await at.one('Email/changes', { sinceState: state })).toMatchObject({
      created: ['M3'],
      updated: ['M1'],
      destroyed: ['M2'],
    });
    expect(
      await at.one('Email/queryChanges', { filter, sinceQueryState: state, calculateTotal: true }),
    ).toMatchObject({
      removed: ['M1', 'M2'],
      added: [{ id: 'M3', index: 0 }],
      total: 1,
    });
    expect(
      await at.one('Email/queryChanges', { filter, sinceQueryState: state, maxChanges: 1 }),
    ).toMatchObject({ error: { type: 'tooManyChanges' } });
  });

  test('that IMAP has marked as deleted are gone', async () => {
    await at.put('INBOX', HELLO, REPLY);
    const { state } = await at.one('Email/get', { ids: [] });
    await at.run(at.mail.changeFlags(at.mail.folder('INBOX')!, [1], 'add', ['\\Deleted']));
    expect(await at.one('Email/query')).toMatchObject({ ids: ['M2'] });
    expect(await at.one('Email/changes', { sinceState: state ?? '' })).toMatchObject({
      updated: [],
      destroyed: ['M1'],
    });
    expect(await at.one('Email/get', { ids: ['M1'] })).toMatchObject({ notFound: ['M1'] });
  });

  test.each<[string, JsonObject, JsonObject]>([
    [
      'all keywords',
      { keywords: { $seen: true, work: true } },
      { keywords: { $seen: true, work: true } },
    ],
    ['one more', { 'keywords/$answered': true }, { keywords: { $flagged: true, $answered: true } }],
    ['one less', { 'keywords/$flagged': null }, { keywords: {} }],
    ['a folder', { mailboxIds: { F6: true } }, { mailboxIds: { F6: true } }],
    [
      'a folder by parts',
      { 'mailboxIds/F1': null, 'mailboxIds/F6': true, 'keywords/$seen': true },
      { mailboxIds: { F6: true }, keywords: { $flagged: true, $seen: true } },
    ],
  ])('are changed: %s', async (_, patch, expected) => {
    await at.put('INBOX', HELLO);
    await at.one('Email/set', { update: { M1: { keywords: { $flagged: true } } } });
    expect(await at.one('Email/set', { update: { M1: patch } })).toMatchObject({
      updated: { M1: null },
    });
    expect(dig(await at.one('Email/get', { ids: ['M1'] }), 'list', 0)).toMatchObject(expected);
  });

  test.each<[string, JsonObject, string]>([
    ['of two folders', { mailboxIds: { F1: true, F2: true } }, 'tooManyMailboxes'],
    ['of none', { mailboxIds: {} }, 'invalidProperties'],
    ['that are no keywords', { 'keywords/a b': true }, 'invalidProperties'],
    ['reserved', { 'keywords/$recent': true }, 'invalidProperties'],
    ['whole and in parts', { keywords: {}, 'keywords/x': true }, 'invalidPatch'],
    ['deeper than there is', { 'keywords/a/b': true }, 'invalidPatch'],
    ['of the subject', { subject: 'x' }, 'invalidProperties'],
  ])('keep from changes %s', async (_, patch, type) => {
    await at.put('INBOX', HELLO);
    expect(await at.one('Email/set', { update: { M1: patch } })).toMatchObject({
      notUpdated: { M1: { type } },
    });
  });
});

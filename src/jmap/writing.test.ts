import { beforeEach, describe, expect, test } from 'vitest';
import { dig, Stage, text } from '../../test/jmap/stage.ts';
import type { JsonObject } from './types.ts';

let at: Stage;
let drafts: JsonObject;
beforeEach(async () => {
  at = await Stage.set();
  drafts = { [at.folder('Drafts')]: true };
});

function letter(more: JsonObject = {}): JsonObject {
  return {
    mailboxIds: drafts,
    keywords: { $draft: true, $seen: true },
    from: [{ name: 'Alice Adams', email: 'alice@campus.edu' }],
    to: [{ name: 'Bob', email: 'bob@campus.edu' }],
    subject: 'Grüße',
    textBody: [{ partId: 't', type: 'text/plain' }],
    bodyValues: { t: { value: 'Hello,\nBob' } },
    ...more,
  };
}

async function create(email: JsonObject): Promise<JsonObject> {
  return at.one('Email/set', { create: { k: email } });
}

async function upload(content: string, type = 'text/csv'): Promise<string> {
  const answer = await at.http('POST', '/jmap/upload/A1/', content, {
    Authorization: `Basic ${btoa('alice:wonderland')}`,
    'Content-Type': type,
  });
  expect(answer.status).toBe(201);
  expect(answer.json).toMatchObject({ accountId: 'A1', type, size: content.length });
  return text(answer.json, 'blobId');
}

describe('a message', () => {
  test('is made of its texts and attachments', async () => {
    const blobId = await upload('a,b');
    const made = await create(
      letter({
        bcc: [{ name: 'Jörg', email: 'joerg@x.org' }],
        inReplyTo: ['a@b'],
        references: ['a@b'],
        'header:X-Mailer:asText': 'toplayer',
        htmlBody: [{ partId: 'h', type: 'text/html' }],
        bodyValues: { t: { value: 'Hello' }, h: { value: '<p>Hello <img src="cid:pic">' } },
        attachments: [
          { blobId, type: 'text/csv', name: 'Zahlen ä.csv' },
          { blobId, type: 'image/png', cid: 'pic', disposition: 'inline' },
        ],
      }),
    );
    const id = text(made, 'created', 'k', 'id');
    expect(Object.keys(dig(made, 'created', 'k') ?? {})).toEqual([
      'id',
      'blobId',
      'threadId',
      'size',
    ]);
    const properties = [
      'bcc',
      'inReplyTo',
      'references',
      'header:x-mailer:asText',
      'subject',
      'bodyStructure',
      'messageId',
      'keywords',
      'attachments',
    ];
    const { list } = await at.one('Email/get', {
      ids: [id],
      properties,
      bodyProperties: ['type', 'name', 'cid'],
    });
    expect(dig(list, 0)).toMatchObject({
      bcc: [{ name: 'Jörg', email: 'joerg@x.org' }],
      inReplyTo: ['a@b'],
      references: ['a@b'],
      'header:x-mailer:asText': 'toplayer',
      subject: 'Grüße',
      keywords: { $draft: true, $seen: true },
      messageId: [expect.stringMatching(/@campus\.edu$/)],
      bodyStructure: {
        type: 'multipart/mixed',
        subParts: [
          {
            type: 'multipart/alternative',
            subParts: [
              { type: 'text/plain' },
              {
                type: 'multipart/related',
                subParts: [{ type: 'text/html' }, { type: 'image/png', cid: 'pic' }],
              },
            ],
          },
          { type: 'text/csv', name: 'Zahlen ä.csv' },
        ],
      },
    });
  });

  test('is made of a structure as it is given', async () => {
    const bodyStructure = {
      type: 'multipart/mixed',
      subParts: [
        { partId: 't', type: 'text/plain' },
        { partId: 't', type: 'text/html', disposition: 'attachment', name: 'x.html' },
      ],
    };
    const { textBody: _, ...rest } = letter({ bodyStructure });
    const made = await create(rest);
    const { list } = await at.one('Email/get', {
      ids: [text(made, 'created', 'k', 'id')],
      properties: ['bodyStructure'],
      bodyProperties: ['type', 'disposition', 'name'],
    });
    expect(dig(list, 0, 'bodyStructure')).toMatchObject({
      type: 'multipart/mixed',
      subParts: [
        { type: 'text/plain' },
        { type: 'text/html', disposition: 'attachment', name: 'x.html' },
      ],
    });
  });

  test('may be half finished', async () => {
    const made = await create(letter({ to: [{ name: null, email: 'bo' }], from: null }));
    const { list } = await at.one('Email/get', {
      ids: [text(made, 'created', 'k', 'id')],
      properties: ['to', 'from'],
    });
    expect(dig(list, 0)).toMatchObject({
      to: [{ email: 'bo' }],
      from: [{ email: 'alice@campus.edu' }],
    });
  });

  test.each<[string, JsonObject, JsonObject]>([
    [
      'without a folder',
      { mailboxIds: {} },
      { type: 'invalidProperties', properties: ['mailboxIds'] },
    ],
    ['in two', { mailboxIds: { F1: true, F2: true } }, { type: 'tooManyMailboxes' }],
    ['with headers', { headers: [] }, { properties: ['headers'] }],
    ['with a field twice', { 'header:subject': 'x' }, { type: 'invalidProperties' }],
    ['with a field of parts', { 'header:Content-Type': 'x' }, { type: 'invalidProperties' }],
    [
      'with a field in a wrong form',
      { 'header:Comments:asDate': 'x' },
      { type: 'invalidProperties' },
    ],
    [
      'with a field of two lines',
      { 'header:X-A:asText': 'a\r\nBcc: x@y' },
      { type: 'invalidProperties' },
    ],
    [
      'with a text that is not there',
      { textBody: [{ partId: 'z' }] },
      { properties: ['textBody'] },
    ],
    [
      'with two texts',
      { textBody: [{ partId: 't' }, { partId: 't' }] },
      { properties: ['textBody'] },
    ],
    [
      'with part and blob',
      { attachments: [{ partId: 't', blobId: 'B1' }] },
      { properties: ['attachments'] },
    ],
    [
      'with a blob that is not there',
      { attachments: [{ blobId: 'B99' }] },
      { type: 'blobNotFound', notFound: ['B99'] },
    ],
    [
      'with texts cut',
      { bodyValues: { t: { value: '', isTruncated: true } } },
      { properties: ['bodyValues'] },
    ],
    ['with a bad message id', { messageId: ['a b'] }, { properties: ['messageId'] }],
    ['with something else', { colour: 'red' }, { properties: ['colour'] }],
  ])('%s is refused', async (_, more, expected) => {
    expect(dig(await create(letter(more)), 'notCreated', 'k')).toMatchObject(expected);
  });

  test('has no line of the header that its texts could begin', async () => {
    const evil = 'x\r\nBcc: eve@x.org\r\n\r\nbody';
    const made = await create(
      letter({ subject: evil, to: [{ name: evil, email: 'bob@campus.edu' }] }),
    );
    const { list } = await at.one('Email/get', {
      ids: [text(made, 'created', 'k', 'id')],
      properties: ['bcc', 'to'],
    });
    expect(dig(list, 0, 'bcc')).toBeNull();
  });
});

describe('sending', () => {
  async function submit(email: JsonObject, more: JsonObject = {}, on: JsonObject = {}) {
    const [, answer, implied] = await at.call(
      ['Email/set', { create: { k: email } }],
      [
        'EmailSubmission/set',
        { create: { s: { identityId: 'I0', emailId: '#k', ...more } }, ...on },
      ],
    );
    return { answer: dig(answer, 1) as JsonObject, implied: dig(implied, 1) as JsonObject };
  }

  test('goes to everybody once, without Bcc, and puts the draft away', async () => {
    const sent = at.folder('Sent');
    const { answer, implied } = await submit(
      letter({
        cc: [{ email: 'BOB@campus.edu' }],
        bcc: [{ email: 'adams@campus.edu' }, { email: 'nobody@campus.edu' }],
      }),
      {},
      { onSuccessUpdateEmail: { '#s': { mailboxIds: { [sent]: true }, 'keywords/$draft': null } } },
    );
    const id = text(answer, 'created', 's', 'id');
    expect(dig(answer, 'created', 's', 'deliveryStatus')).toMatchObject({
      'nobody@campus.edu': { smtpReply: '550 5.1.1 No such mailbox here', delivered: 'no' },
      'adams@campus.edu': { delivered: 'queued' },
    });
    expect(implied).toMatchObject({ updated: { M1: null } });
    expect(at.sent[0]?.envelope).toMatchObject({ from: { local: 'alice' }, to: [{}, {}, {}] });
    expect(at.sent[0]?.text).not.toMatch(/bcc/i);
    expect(at.sent[0]?.text).toContain('\r\n\r\nHello,\r\nBob');
    expect(dig(await at.one('Email/get', { ids: ['M1'] }), 'list', 0)).toMatchObject({
      mailboxIds: { [sent]: true },
      keywords: { $seen: true },
    });
    expect(
      await at.one('EmailSubmission/get', { ids: [id], properties: ['undoStatus', 'emailId'] }),
    ).toMatchObject({ list: [{ id, undoStatus: 'final', emailId: 'M1' }] });
    expect(await at.one('EmailSubmission/query', { filter: { emailIds: ['M1'] } })).toMatchObject({
      ids: [id],
    });
    expect(
      await at.one('EmailSubmission/set', { update: { [id]: { undoStatus: 'canceled' } } }),
    ).toMatchObject({ notUpdated: { [id]: { type: 'cannotUnsend' } } });
  });

  test.each<[string, JsonObject, JsonObject, JsonObject]>([
    ['to nobody', { to: null }, {}, { type: 'noRecipients' }],
    [
      'to no address',
      { to: [{ email: 'bo' }] },
      {},
      { type: 'invalidRecipients', invalidRecipients: ['bo'] },
    ],
    [
      'to strangers',
      { to: [{ email: 'eve@campus.edu' }] },
      {},
      { type: 'invalidRecipients', invalidRecipients: ['eve@campus.edu'] },
    ],
    ['as somebody else', { from: [{ email: 'bob@campus.edu' }] }, {}, { type: 'forbiddenFrom' }],
    [
      'back to somebody else',
      {},
      {
        envelope: { mailFrom: { email: 'bob@campus.edu' }, rcptTo: [{ email: 'bob@campus.edu' }] },
      },
      { type: 'forbiddenMailFrom' },
    ],
    [
      'by nobody',
      {},
      { identityId: 'I9' },
      { type: 'invalidProperties', properties: ['identityId'] },
    ],
    ['nothing', {}, { emailId: 'M99' }, { type: 'invalidProperties', properties: ['emailId'] }],
    [
      'with parameters',
      {},
      {
        envelope: {
          mailFrom: { email: 'alice@campus.edu', parameters: { HOLDFOR: '9' } },
          rcptTo: [],
        },
      },
      { type: 'invalidProperties' },
    ],
  ])('%s is refused', async (_, email, more, expected) => {
    const on = { onSuccessUpdateEmail: { '#s': { 'keywords/$draft': null } } };
    const { answer, implied } = await submit(letter(email), more, on);
    expect(dig(answer, 'notCreated', 's')).toMatchObject(expected);
    expect(implied).toBeUndefined();
    expect(at.sent).toEqual([]);
  });

  test('an envelope of its own outweighs the header', async () => {
    const envelope = {
      mailFrom: { email: 'adams@campus.edu' },
      rcptTo: [{ email: 'bob@campus.edu', parameters: null }],
    };
    await submit(letter({ to: [{ email: 'eve@x.org' }] }), { envelope });
    expect(at.sent[0]?.envelope).toMatchObject({
      from: { local: 'adams' },
      to: [{ path: { local: 'bob' } }],
    });
  });
});

test('identities are the addresses of the account', async () => {
  expect(await at.one('Identity/get', { properties: ['email', 'name'] })).toMatchObject({
    list: [
      { id: 'I0', email: 'alice@campus.edu', name: 'Alice Adams' },
      { id: 'I1', email: 'adams@campus.edu' },
    ],
  });
});

test('messages are imported, and read without being imported', async () => {
  const blobId = await upload(
    'Received: by x; Fri, 20 Nov 2026 10:00:00 +0000\r\nSubject: old\r\n\r\nHi',
    'message/rfc822',
  );
  const parsed = await at.one('Email/parse', { blobIds: [blobId, 'B7'], fetchAllBodyValues: true });
  expect(parsed).toMatchObject({
    parsed: { [blobId]: { subject: 'old', preview: 'Hi', bodyValues: { '1': { value: 'Hi' } } } },
    notFound: ['B7'],
  });
  const email = { blobId, mailboxIds: drafts, keywords: { $seen: true } };
  const made = await at.one('Email/import', {
    emails: { k: email, l: { ...email, blobId: 'B7' } },
  });
  expect(made).toMatchObject({
    notCreated: { l: { type: 'invalidProperties', properties: ['blobId'] } },
  });
  const id = text(made, 'created', 'k', 'id');
  expect(
    await at.one('Email/get', { ids: [id], properties: ['receivedAt', 'keywords'] }),
  ).toMatchObject({ list: [{ receivedAt: '2026-11-20T10:00:00Z', keywords: { $seen: true } }] });
});

test('snippets mark what was found, and nothing in them is markup', async () => {
  await at.put(
    'INBOX',
    `Subject: <b>zebra</b> & co\n\n${'word '.repeat(40)}a <i>Zebra</i> here${' tail'.repeat(100)}\n`,
  );
  const { list } = await at.one('SearchSnippet/get', {
    filter: { text: 'zebra' },
    emailIds: ['M1', 'M9'],
  });
  expect(dig(list, 0, 'subject')).toBe('&lt;b&gt;<mark>zebra</mark>&lt;/b&gt; &amp; co');
  expect(dig(list, 0, 'preview')).toContain('&lt;i&gt;<mark>Zebra</mark>&lt;/i&gt;');
  expect(text(list, 0, 'preview').length).toBeLessThanOrEqual(255);
});

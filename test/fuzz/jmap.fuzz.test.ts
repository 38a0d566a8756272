/** JMAP with JSON of every kind: each call gets an answer, and no answer is a failure of the server. */
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { JmapError, type JsonObject } from '../../src/jmap/index.ts';
import { htmlText } from '../../src/jmap/machine/plain-text.ts';
import { searchTokens } from '../../src/jmap/machine/search-text.ts';
import { excerpt, marked } from '../../src/jmap/machine/snippet.ts';
import { METHODS } from '../../src/jmap/methods/table.ts';
import { parseRequest } from '../../src/jmap/wire/request.ts';
import { utf8 } from '../../src/lib/bytes.ts';
import { dig, Stage } from '../jmap/stage.ts';

const TIME = 120_000;
const ROUNDS = 1_500;
const RULES = { maxCallsInRequest: 9, capabilities: ['urn:ietf:params:jmap:core'] };

let at: Stage;
beforeAll(async () => {
  at = await Stage.set();
  await at.put(
    'INBOX',
    'From: bob@campus.edu\nSubject: Hello\nMessage-ID: <a@b>\n\nHi\n',
    'Subject: x\n\nyes\n',
  );
});

it('any bytes are a request, or an error of the standard', () => {
  const texts = fc.oneof(fc.json(), fc.string(), fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(fc.oneof(texts.map(utf8), fc.uint8Array()), (bytes) => {
      try {
        parseRequest(bytes, RULES);
      } catch (error) {
        if (!(error instanceof JmapError) || error.level !== 'request') throw error;
      }
    }),
    { seed: 8620, numRuns: 2_000 },
  );
});

/** Words that the methods know, so that noise goes deeper. */
const WORDS = [
  ...[
    'ids',
    'properties',
    'filter',
    'sort',
    'create',
    'update',
    'destroy',
    'emailIds',
    'blobIds',
    'emails',
  ],
  ...[
    'mailboxIds',
    'keywords',
    'keywords/$seen',
    'mailboxIds/F1',
    'subject',
    'to',
    'from',
    'textBody',
    'partId',
  ],
  ...[
    'bodyValues',
    'value',
    'attachments',
    'blobId',
    'name',
    'parentId',
    'property',
    'operator',
    'conditions',
  ],
  ...[
    'text',
    'inMailbox',
    'header',
    'hasKeyword',
    'sinceState',
    'sinceQueryState',
    'envelope',
    'emailId',
    'identityId',
  ],
  ...[
    'bodyStructure',
    'subParts',
    'type',
    'bodyProperties',
    'anchor',
    'position',
    'limit',
    'rcptTo',
    'email',
    '#ids',
  ],
  ...[
    'header:X-A:asText',
    'resultOf',
    'path',
    '__proto__',
    'constructor',
    'M1',
    'F2',
    '#k',
    'k',
    'isAscending',
  ],
];
const VALUES = [
  'M1',
  'M2',
  'F1',
  'F2',
  'B1',
  'B1-1',
  'I0',
  'T1',
  '#k',
  'AND',
  'receivedAt',
  'text/plain',
  'multipart/mixed',
];

const word = fc.constantFrom(...WORDS);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(
      fc.constantFrom(...VALUES, ...WORDS),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.string(),
    ),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc
      .array(fc.tuple(word, tie('tree')), { maxLength: 5 })
      .map((pairs) => Object.fromEntries(pairs)),
  ),
}));
/** Calls that are right, of which a few places are changed: so noise gets beyond the first check. */
const RIGHT: readonly (readonly [string, JsonObject])[] = [
  ['Mailbox/get', { ids: ['F1'], properties: ['id', 'name'] }],
  ['Mailbox/changes', { sinceState: '1-1', maxChanges: 5 }],
  [
    'Mailbox/query',
    {
      filter: { operator: 'OR', conditions: [{ name: 'a' }, { role: null }] },
      sort: [{ property: 'name' }],
      sortAsTree: true,
    },
  ],
  [
    'Mailbox/set',
    {
      create: { k: { name: 'a', parentId: '#l' }, l: { name: 'b', isSubscribed: true } },
      update: { F4: { name: 'c', parentId: null } },
      destroy: ['F9'],
      onDestroyRemoveEmails: false,
    },
  ],
  ['Thread/get', { ids: ['T1'] }],
  ['Thread/changes', { sinceState: '1' }],
  [
    'Email/get',
    {
      ids: ['M1', 'M2'],
      properties: ['bodyStructure', 'bodyValues', 'header:To:asAddresses', 'textBody'],
      bodyProperties: ['type', 'header:X:asText:all'],
      fetchAllBodyValues: true,
      maxBodyValueBytes: 2,
    },
  ],
  ['Email/changes', { sinceState: '1' }],
  [
    'Email/query',
    {
      filter: {
        operator: 'AND',
        conditions: [
          { inMailbox: 'F1', text: 'hi "a b"' },
          {
            operator: 'NOT',
            conditions: [{ header: ['To', 'x'] }, { before: '2026-11-26T00:00:00Z' }],
          },
        ],
      },
      sort: [
        { property: 'subject' },
        { property: 'hasKeyword', keyword: '$seen', isAscending: false },
      ],
      position: -1,
      limit: 5,
      calculateTotal: true,
      collapseThreads: true,
    },
  ],
  [
    'Email/query',
    { anchor: 'M1', anchorOffset: -3, filter: { someInThreadHaveKeyword: '$seen', minSize: 3 } },
  ],
  [
    'Email/queryChanges',
    {
      sinceQueryState: '2',
      filter: { text: 'x' },
      sort: [{ property: 'size' }],
      collapseThreads: true,
    },
  ],
  [
    'Email/set',
    {
      create: {
        k: {
          mailboxIds: { F2: true },
          keywords: { $seen: true, a: true },
          from: [{ name: 'A', email: 'alice@campus.edu' }],
          to: [{ email: 'b' }],
          bcc: [{ name: 'ä', email: 'b@x' }],
          subject: 'é',
          sentAt: '2026-11-26T00:00:00+01:00',
          messageId: ['a@b'],
          references: ['a@b'],
          'header:X-A:asText': 'x',
          'header:List-Post:asURLs': ['http://x'],
          bodyValues: { t: { value: 'x' } },
          textBody: [{ partId: 't', type: 'text/plain' }],
          attachments: [{ blobId: 'B1-1', type: 'text/csv', name: 'x', cid: 'y' }],
        },
      },
    },
  ],
  [
    'Email/set',
    {
      create: {
        k: {
          mailboxIds: { F2: true },
          bodyStructure: {
            type: 'multipart/mixed',
            subParts: [
              { partId: 't', type: 'text/html', disposition: 'inline' },
              { blobId: 'B1', type: 'message/rfc822', charset: 'utf-8', location: 'http://x' },
            ],
          },
          bodyValues: { t: { value: 'x', isTruncated: false } },
        },
      },
    },
  ],
  [
    'Email/set',
    {
      update: {
        M1: { 'keywords/$seen': true, 'mailboxIds/F1': true },
        M2: { keywords: { $flagged: true }, mailboxIds: { F1: true } },
      },
      destroy: ['M9'],
      ifInState: null,
    },
  ],
  [
    'Email/import',
    {
      emails: {
        k: {
          blobId: 'B1',
          mailboxIds: { F2: true },
          keywords: { $seen: true },
          receivedAt: '2026-11-26T00:00:00Z',
        },
      },
    },
  ],
  [
    'Email/parse',
    {
      blobIds: ['B1', 'B1-1'],
      properties: ['subject', 'textBody', 'headers'],
      fetchTextBodyValues: true,
    },
  ],
  ['SearchSnippet/get', { filter: { subject: 'hello', body: 'hi' }, emailIds: ['M1', 'M2'] }],
  ['Identity/get', { ids: ['I0'], properties: ['email'] }],
  [
    'EmailSubmission/set',
    {
      create: {
        s: {
          identityId: 'I0',
          emailId: 'M1',
          envelope: {
            mailFrom: { email: 'alice@campus.edu' },
            rcptTo: [{ email: 'bob@campus.edu', parameters: null }],
          },
        },
      },
      onSuccessUpdateEmail: { '#s': { 'keywords/$seen': true } },
      onSuccessDestroyEmail: ['#t'],
    },
  ],
  [
    'EmailSubmission/query',
    { filter: { emailIds: ['M1'], after: '2026-11-26T00:00:00Z' }, sort: [{ property: 'sentAt' }] },
  ],
  ['EmailSubmission/changes', { sinceState: 'x-1' }],
];

type Place = readonly (string | number)[];

/** Every value within a value, by the way to it. */
function placesIn(value: unknown, way: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [way];
  return [way, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...way, key]))];
}

/** With other values at a few places, or other names for them; null takes one away. */
function changed(args: JsonObject, changes: readonly Change[]): JsonObject {
  const copy = JSON.parse(JSON.stringify(args)) as Record<string, unknown>;
  for (const { at, value, name } of changes) {
    const places = placesIn(copy).slice(1);
    const way = places[at % Math.max(1, places.length)];
    if (!way) continue;
    let inner: Record<string, unknown> = copy;
    for (const key of way.slice(0, -1)) inner = inner[key] as Record<string, unknown>;
    const last = String(way.at(-1));
    if (name !== undefined && !Array.isArray(inner)) {
      inner[name] = inner[last];
      if (value === null) delete inner[last];
    } else inner[last] = value;
  }
  return JSON.parse(JSON.stringify(copy)) as JsonObject;
}

interface Change {
  readonly at: number;
  readonly value: unknown;
  readonly name: string | undefined;
}

const change = fc.record({
  at: fc.nat(1_000),
  value: tree,
  name: fc.option(word, { nil: undefined, freq: 3 }),
});

it(
  'right calls with a few places changed get an answer, and most of the right ones a good one',
  async () => {
    const call = fc.tuple(fc.constantFrom(...RIGHT), fc.array(change, { maxLength: 3 }));
    let good = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 4 }), async (calls) => {
        const answers = await at.call(
          ...calls.map(([[name, args], changes]) => [name, changed(args, changes)] as const),
        );
        expect(answers.length).toBeGreaterThanOrEqual(calls.length);
        expect(at.faults).toEqual([]);
        good += answers.filter((answer) => dig(answer, 0) !== 'error').length;
      }),
      { seed: 8621, numRuns: ROUNDS },
    );
    expect(good).toBeGreaterThan(ROUNDS / 2);
  },
  TIME,
);

it(
  'any arguments of any method get an answer',
  async () => {
    const args = fc
      .array(fc.tuple(word, tree), { maxLength: 5 })
      .map((pairs) => Object.fromEntries(pairs));
    const call = fc.tuple(fc.constantFrom(...Object.keys(METHODS)), args);
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 4 }), async (calls) => {
        const answers = await at.call(
          ...calls.map(
            ([name, one]) => [name, JSON.parse(JSON.stringify(one)) as JsonObject] as const,
          ),
        );
        expect(answers.length).toBeGreaterThanOrEqual(calls.length);
        expect(at.faults).toEqual([]);
      }),
      { seed: 8621, numRuns: 300 },
    );
  },
  TIME,
);

it('what is made of any HTML and any search is bounded, and no markup', () => {
  const html = fc
    .array(
      fc.constantFrom(
        '<',
        '>',
        '</',
        '<!--',
        '-->',
        '<style',
        'script',
        '"',
        '=',
        ' alt',
        '&',
        '&#',
        ';',
        'ab',
        'İ',
        '\u{1f600}',
        '\n',
      ),
    )
    .map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(html, fc.oneof(fc.string(), html), (text, search) => {
      const shown = htmlText(text);
      const tokens = searchTokens(search);
      for (const made of [excerpt(shown, tokens), marked(text, tokens)]) {
        expect((made ?? '').replace(/<\/?mark>/g, '')).not.toMatch(/[<>]/);
      }
      expect(utf8(excerpt(text, tokens) ?? '').length).toBeLessThanOrEqual(255);
    }),
    { seed: 5, numRuns: 3_000 },
  );
});

it('a megabyte of beginnings takes no longer than a megabyte of text', () => {
  for (const piece of ['<', '<style>', '<!--', '<a alt="', '&#1']) {
    expect(htmlText(piece.repeat(1_000_000 / piece.length)).length).toBeLessThanOrEqual(2_000_000);
  }
});

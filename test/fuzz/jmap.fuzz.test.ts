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
import { Stage } from '../jmap/stage.ts';

const TIME = 120_000;
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
const args = fc
  .array(fc.tuple(word, tree), { maxLength: 5 })
  .map((pairs) => Object.fromEntries(pairs));

it(
  'any arguments of any method get an answer',
  async () => {
    const call = fc.tuple(fc.constantFrom(...Object.keys(METHODS)), args);
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 4 }), async (calls) => {
        const answers = await at.call(
          ...calls.map(
            ([name, one]) => [name, JSON.parse(JSON.stringify(one)) as JsonObject] as const,
          ),
        );
        expect(answers.length).toBeGreaterThanOrEqual(calls.length);
        expect(JSON.stringify(answers)).not.toContain('"serverFail"');
      }),
      { seed: 8621, numRuns: 1_000 },
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

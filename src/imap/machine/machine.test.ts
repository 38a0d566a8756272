import { describe, expect, test } from 'vitest';
import type { Facts, Folder, MessageEntry } from '../../mail/index.ts';
import { listings, patternTest } from './list.ts';
import { type ThreadMessage, threadsOf, threadsText } from './thread.ts';
import { MailboxView } from './view.ts';

function entry(uid: number, modSeq = 1, flags: readonly string[] = []): MessageEntry {
  return {
    id: uid,
    folder: 1,
    uid,
    flags,
    modSeq,
    received: 0,
    size: 0,
    content: uid,
    thread: uid,
  };
}

const NOTHING = { added: [], changed: [], removed: [] };

describe('a view', () => {
  test('keeps numbers until it may say that messages went', () => {
    const view = new MailboxView([1, 2, 3, 4].map((uid) => entry(uid)));
    view.apply({ ...NOTHING, removed: [2, 3] }, false);
    view.apply({ ...NOTHING, added: [entry(5)] }, false);
    expect(view.take(false)).toEqual({ expunged: [], exists: 5, changed: [] });
    expect(view.byNumbers([[2, 2]])).toEqual([1]);
    expect(view.take(true)).toEqual({
      expunged: [
        { number: 2, uid: 2 },
        { number: 2, uid: 3 },
      ],
      exists: undefined,
      changed: [],
    });
    expect(view.byUids([[2, 5]])).toEqual([1, 2]);
    expect(view.hasNews).toBe(false);
  });

  test('tells changes of others once, in the order of numbers; of what came and went it tells nothing', () => {
    const view = new MailboxView([1, 2].map((uid) => entry(uid)));
    view.apply(
      { added: [entry(3)], changed: [entry(2, 5, ['a']), entry(1, 5)], removed: [] },
      false,
    );
    view.apply({ ...NOTHING, changed: [entry(1, 4, ['old'])], removed: [3] }, false);
    expect(view.take(true)).toMatchObject({
      exists: undefined,
      changed: [{ number: 1, entry: { modSeq: 5 } }, { number: 2 }],
    });
    view.apply({ ...NOTHING, changed: [entry(1, 6)] }, true);
    expect(view.hasNews).toBe(false);
    expect(view.at(0).modSeq).toBe(6);
  });

  test('knows numbers that nobody has', () => {
    const view = new MailboxView([entry(7)]);
    expect(view.byNumbers([[5, Number.POSITIVE_INFINITY]])).toEqual([0]);
    expect(() => view.byNumbers([[1, 2]])).toThrow(/There are 1 messages/);
    expect(
      view.byUids([
        [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
        [100, 200],
      ]),
    ).toEqual([0]);
    expect(new MailboxView([]).byNumbers([[1, Number.POSITIVE_INFINITY]])).toEqual([]);
  });
});

test.each([
  ['*', 'a/b', true],
  ['%', 'a/b', false],
  ['%', 'a', true],
  ['%/%', 'a/b', true],
  ['a*b', 'a/x/b', true],
  ['a%b', 'a/b', false],
  ['inbox', 'INBOX', true],
  ['In%', 'INBOX', true],
  ['a.b', 'axb', false],
  ['*%*', 'a/b', true],
  ['', 'a', false],
  ['%x', 'xx', true],
])('the pattern %s and %s', (pattern, path, fits) => expect(patternTest(pattern)(path)).toBe(fits));

test('a pattern of many wildcards takes no time, or is refused', () => {
  const before = Date.now();
  expect(patternTest('*a'.repeat(20))(`${'a'.repeat(399)}b`)).toBe(false);
  expect(Date.now() - before).toBeLessThan(1_000);
  expect(() => patternTest('*a'.repeat(30))).toThrow(/wildcards/);
});

function folder(path: string, more: Partial<Folder> = {}): Folder {
  return {
    id: 1,
    account: 1,
    path,
    specialUse: undefined,
    subscribed: false,
    selectable: true,
    uidValidity: 1,
    ...more,
  };
}

test('listings say what is below, and of what use it is', () => {
  const folders = [
    folder('INBOX'),
    folder('Sent', { specialUse: '\\Sent' }),
    folder('a', { selectable: false }),
    folder('a/b', { subscribed: true }),
  ];
  const wish = { patterns: ['*'], selection: [], returns: { subscribed: true } } as const;
  expect(listings(folders, wish).map(({ path, attributes }) => [path, ...attributes])).toEqual([
    ['INBOX', '\\HasNoChildren'],
    ['Sent', '\\HasNoChildren', '\\Sent'],
    ['a', '\\Noselect', '\\HasChildren'],
    ['a/b', '\\HasNoChildren', '\\Subscribed'],
  ]);
});

/** `name subject id references...`; the date goes up with the name. */
function message(text: string): ThreadMessage {
  const [name = '', subject = '', id = '', ...references] = text.split(' ');
  const facts: Pick<Facts, 'messageId' | 'references' | 'subject'> = {
    subject: subject.replaceAll('_', ' '),
    messageId: id === '-' ? undefined : id,
    references,
  };
  return { name: Number(name), date: Number(name), facts };
}

test.each([
  ['a chain', ['1 s a', '2 Re:_s b a', '3 Re:_s c a b'], '(1 2 3)'],
  ['two answers', ['1 s a', '2 Re:_s b a', '3 Re:_s c a'], '(1 (2)(3))'],
  ['a missing first message', ['2 Re:_s b a', '3 Re:_s c a'], '((2)(3))'],
  ['a missing message in the middle', ['1 s a', '3 Re:_s c a b'], '(1 3)'],
  ['answers that name nobody', ['1 s a', '2 Re:_s b', '3 other c'], '(1 2)(3)'],
  ['two of one subject', ['1 s a', '2 s b'], '((1)(2))'],
  ['the answer comes first', ['1 Re:_s b a', '2 s a'], '(2 1)'],
  ['a loop', ['1 s a b', '2 t b a'], '(2 1)'],
  ['one identity twice', ['1 s a', '2 t a'], '(1)(2)'],
  ['no identities', ['1 s -', '2 t -'], '(1)(2)'],
])('threads by references: %s', (_, messages, expected) => {
  expect(threadsText(threadsOf('REFERENCES', messages.map(message)))).toBe(expected);
});

test('threads by subject', () => {
  const messages = ['1 s a', '2 t b', '3 Re:_s c', '4 [x]_s_(fwd) d'].map(message);
  expect(threadsText(threadsOf('ORDEREDSUBJECT', messages))).toBe('(1 (3)(4))(2)');
});

test('a thread of 50,000 answers to answers', () => {
  const messages = Array.from({ length: 50_000 }, (_, i) => message(`${i + 1} s m${i} m${i - 1}`));
  expect(threadsText(threadsOf('REFERENCES', messages))).toMatch(/^\(1 2 3 .* 50000\)$/);
});

import { describe, expect, it } from 'vitest';
import type { MessageLine } from '../../../src/trace/message.ts';
import type { Zone } from './tree.ts';
import { questionName, stepNumbers, walkOf } from './walk.ts';

function zone(origin: string, host: string): Zone {
  return { origin, servers: [{ host, serial: 1, running: true }], records: 1, delegations: 0 };
}

const ZONES = [zone('.', 'a.root'), zone('edu.', 'a.edu')];
const ASKED = { host: 'alice', name: 'www.x.edu', after: 10 };

interface Links {
  readonly replyTo?: number;
  readonly causedBy?: number;
}

function ask(id: number, from: string, to: string, name = 'www.x.edu', links: Links = {}) {
  return said(id, from, to, `A? ${name}`, 'request', links);
}

function reply(id: number, from: string, to: string, replyTo: number, summary = 'an answer') {
  return said(id, from, to, summary, 'reply', { replyTo, causedBy: replyTo });
}

function said(
  id: number,
  from: string,
  to: string,
  summary: string,
  role: string,
  links: Links,
): MessageLine {
  const common = {
    conversation: 1,
    protocol: 'dns',
    transport: 'udp',
    fromPort: 1,
    toPort: 53,
  } as const;
  return { ...common, id, from, to, summary, role, sentAt: id, length: 40, ...links };
}

const WHOLE = [
  ask(11, 'alice', 'resolver'),
  ask(12, 'resolver', 'a.root', 'www.x.edu', { causedBy: 11 }),
  reply(13, 'a.root', 'resolver', 12),
  ask(14, 'resolver', 'a.edu', 'www.x.edu', { causedBy: 13 }),
  reply(15, 'a.edu', 'resolver', 14),
  reply(16, 'resolver', 'alice', 11),
];

const ids = (messages: readonly MessageLine[], asked = ASKED) =>
  walkOf(messages, asked, ZONES).steps.map(({ message }) => message.id);

describe('a walk', () => {
  it('is what followed from the question, each step with its zone', () => {
    const walk = walkOf(WHOLE, ASKED, ZONES);
    expect(walk.steps.map((step) => [step.message.id, step.zone])).toEqual([
      [11, undefined],
      [12, '.'],
      [13, '.'],
      [14, 'edu.'],
      [15, 'edu.'],
      [16, undefined],
    ]);
    expect([walk.done, walk.fromCache]).toEqual([true, false]);
  });

  it('leaves out what others said meanwhile, and what was said before and after', () => {
    const others = [
      ask(5, 'alice', 'resolver'),
      ask(12.1, 'bob', 'resolver'),
      ask(12.2, 'resolver', 'a.root', 'www.x.edu', { causedBy: 12.1 }),
      reply(13.1, 'a.root', 'resolver', 12.2),
      ask(17, 'alice', 'resolver'),
      reply(18, 'resolver', 'alice', 17),
    ];
    expect(ids([...WHOLE, ...others])).toEqual([11, 12, 13, 14, 15, 16]);
  });

  it('is not done while the answer is missing', () => {
    expect(walkOf(WHOLE.slice(0, 4), ASKED, ZONES)).toMatchObject({
      done: false,
      fromCache: false,
    });
    expect(walkOf([], ASKED, ZONES)).toEqual({ steps: [], done: false, fromCache: false });
  });

  it('is from the cache when only the resolver was asked', () => {
    const walk = walkOf(
      [ask(11, 'alice', 'resolver'), reply(12, 'resolver', 'alice', 11)],
      ASKED,
      ZONES,
    );
    expect([walk.steps.length, walk.done, walk.fromCache]).toEqual([2, true, true]);
  });

  it('has the question twice when it was asked again', () => {
    const again = [
      ask(11, 'alice', 'resolver'),
      ask(12, 'alice', 'resolver'),
      reply(13, 'resolver', 'alice', 12),
    ];
    expect(ids(again)).toEqual([11, 12, 13]);
    expect(walkOf(again, ASKED, ZONES).fromCache).toBe(true);
  });

  it('knows the question in capitals, and with its last dot', () => {
    expect(ids([ask(11, 'alice', 'resolver', 'WWW.x.EDU')])).toEqual([11]);
    expect(ids(WHOLE, { ...ASKED, name: 'www.x.edu.' })).toHaveLength(6);
    expect(ids(WHOLE, { ...ASKED, name: 'x.edu' })).toEqual([]);
  });
});

it('numbers stand at the zones, and between them at who speaks', () => {
  const { zones, hosts } = stepNumbers(walkOf(WHOLE, ASKED, ZONES).steps);
  expect([...zones]).toEqual([
    ['.', [2, 3]],
    ['edu.', [4, 5]],
  ]);
  expect([...hosts]).toEqual([
    ['alice', [1]],
    ['resolver', [6]],
  ]);
});

it('only questions have a name', () => {
  expect(questionName(ask(1, 'a', 'b', 'x.'))).toBe('x.');
  expect(questionName(reply(1, 'a', 'b', 1, 'A? x'))).toBeUndefined();
  expect(questionName({ ...ask(1, 'a', 'b'), protocol: 'http' })).toBeUndefined();
});

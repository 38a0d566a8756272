import { expect, test } from 'vitest';
import { type Pop3Session, pop3Story, pop3StoryText } from './pop3-story.ts';

/** What the client says, and the first lines of what it is answered; messages are left out. */
function said({ lines }: Pop3Session): string[] {
  const isText = (line: string): boolean => /^(?:From|To|Subject):|^$|^blah/.test(line);
  return lines.filter(({ line }) => !isText(line)).map(({ who, line }) => `${who}: ${line}`);
}

const SIGN_IN = [
  'S: +OK mailserver.hamburger.edu toplayer POP3',
  'C: USER bob',
  'S: +OK And the password?',
  'C: PASS ********',
];
const TWO = ['C: LIST', 'S: +OK 2 messages', 'S: 1 498', 'S: 2 912', 'S: .'];

test('download and delete: each is fetched and deleted, and five minutes later there is nothing', async () => {
  const { sessions } = await pop3Story({ seed: '1', mode: 'delete' });
  const [first, second] = sessions as [Pop3Session, Pop3Session];
  expect(said(first)).toEqual([
    ...SIGN_IN,
    'S: +OK 2 messages, 1410 octets',
    ...TWO,
    'C: RETR 1',
    'S: +OK 498 octets',
    'S: .',
    'C: DELE 1',
    'S: +OK Message 1 will be deleted at QUIT',
    'C: RETR 2',
    'S: +OK 912 octets',
    'S: .',
    'C: DELE 2',
    'S: +OK Message 2 will be deleted at QUIT',
    'C: QUIT',
    'S: +OK 2 deleted, maildrop empty',
  ]);
  expect(said(second)).toEqual([
    ...SIGN_IN,
    'S: +OK 0 messages, 0 octets',
    'C: LIST',
    'S: +OK 0 messages',
    'S: .',
    'C: QUIT',
    'S: +OK Bye',
  ]);
  expect(sessions.map(({ fetched, left }) => [fetched, left])).toEqual([
    [2, 0],
    [0, 0],
  ]);
});

test('download and keep: five minutes later the same list, and by its ids nothing new', async () => {
  const { sessions } = await pop3Story({ seed: '1', mode: 'keep' });
  const [first, second] = sessions as [Pop3Session, Pop3Session];
  const ids = ['C: UIDL', 'S: +OK 2 messages', 'S: 1 1767225600.1', 'S: 2 1767225600.2', 'S: .'];
  const begin = [...SIGN_IN, 'S: +OK 2 messages, 1410 octets', ...TWO, ...ids];
  const end = ['C: QUIT', 'S: +OK Bye'];
  const [one, two] = [
    ['C: RETR 1', 'S: +OK 498 octets', 'S: .'],
    ['C: RETR 2', 'S: +OK 912 octets', 'S: .'],
  ];
  expect(said(first)).toEqual([...begin, ...(one ?? []), ...(two ?? []), ...end]);
  expect(said(second)).toEqual([...begin, ...end]);
  expect(sessions.map(({ fetched, left }) => [fetched, left])).toEqual([
    [2, 2],
    [0, 2],
  ]);
  const pause = (second.lines[0]?.at ?? 0) - (first.lines.at(-1)?.at ?? 0);
  expect(pause).toBeGreaterThanOrEqual(300_000);
  expect(pause).toBeLessThan(300_100);
});

test('is told as text with times, the same for the same seed', async () => {
  const [a, b] = await Promise.all([1, 2].map(() => pop3Story({ seed: '7', mode: 'delete' })));
  expect(a).toEqual(b);
  const text = pop3StoryText(a ? [a] : []);
  expect(text).toContain('The session 5 minutes later');
  expect(text).toMatch(/^00:00\.120 {2}C: LIST$/m);
  expect(text).toMatch(/^05:00\.\d{3} {2}S: \+OK 0 messages$/m);
  expect(text).toMatch(/^00:00\.200 {2}S: \(\d+ times more\)$/m);
});

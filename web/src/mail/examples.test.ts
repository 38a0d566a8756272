import { expect, it } from 'vitest';
import type { MailHostView, MailUserView } from '../../../src/internet/dashboard/api-mail.ts';
import { examplesFor, offHosts } from './examples.ts';

function host(name: string, domain: string, account: string, running = true): MailHostView {
  const accounts = [
    {
      name: account,
      addresses: [`${account}@${domain}`],
      title: account,
      used: 0,
      quota: undefined,
      messages: 0,
      folders: [],
    },
  ];
  return {
    host: name,
    hostname: name,
    domains: [domain],
    running,
    accounts: running ? accounts : [],
    queue: [],
    failures: [],
  };
}

const CAMPUS = host('mail.campus', 'campus.edu', 'alice');
const COLLEGE = host('mail.college', 'college.edu', 'bob');
const NEWS = host('mail.news', 'news.org', 'editor');
const ALICE: MailUserView = {
  host: 'alice',
  title: 'Alice',
  address: 'alice@campus.edu',
  server: 'mail.campus',
};
const BOB: MailUserView = {
  ...ALICE,
  host: 'bob',
  address: 'bob@college.edu',
  server: 'mail.college',
};

it('are made of who is there', () => {
  const view = { users: [ALICE, BOB], hosts: [CAMPUS, COLLEGE, NEWS] };
  expect(examplesFor(view, ALICE)).toEqual([
    { name: 'good', to: 'bob@college.edu' },
    { name: 'bounce', to: 'nobody@college.edu' },
    { name: 'nullMx', to: 'sam@shop.com' },
    { name: 'off', to: 'bob@college.edu', off: 'mail.college' },
    { name: 'several', to: 'bob@college.edu, editor@news.org' },
  ]);
  expect(examplesFor(view, BOB)[0]).toEqual({ name: 'good', to: 'alice@campus.edu' });
});

it('need nobody but the author', () => {
  const names = examplesFor({ users: [ALICE], hosts: [CAMPUS] }, ALICE).map(({ name }) => name);
  expect(names).toEqual(['nullMx']);
});

it.each([
  ['bob@college.edu', []],
  ['editor@news.org', ['mail.news']],
  ['Eddie <editor@news.org>, bob@college.edu', ['mail.news']],
  ['editor@elsewhere.org', []],
  ['', []],
] as const)('hosts that are off for %j: %j', (to, off) => {
  const hosts = [CAMPUS, COLLEGE, host('mail.news', 'news.org', 'editor', false)];
  expect(offHosts(hosts, to)).toEqual(off);
});

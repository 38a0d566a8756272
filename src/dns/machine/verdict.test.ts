import { describe, expect, test } from 'vitest';
import { message, question } from '../message.ts';
import type { Message, ResourceRecord } from '../types.ts';
import { Cache } from './cache.ts';
import { Iteration } from './iteration.ts';
import { judge, type Verdict } from './verdict.ts';

const common = { class: 'IN', ttl: 300 } as const;
const a = (name: string, address = '6.6.6.6'): ResourceRecord => ({
  ...common,
  name,
  type: 'A',
  address,
});
const ns = (name: string, target: string): ResourceRecord => ({
  ...common,
  name,
  type: 'NS',
  target,
});
const cname = (name: string, target: string): ResourceRecord => ({
  ...common,
  name,
  type: 'CNAME',
  target,
});
const soa = (name: string): ResourceRecord => ({
  ...common,
  name,
  type: 'SOA',
  primary: 'a.',
  mailbox: 'b.',
  serial: 1,
  refresh: 1,
  retry: 1,
  expire: 1,
  minimum: 60,
});

const asked = question('www.campus.edu.', 'A');

function says(parts: Partial<Message>, zone: string): Verdict {
  return judge(message({ response: true, authoritative: true, ...parts }), asked, zone);
}

describe('a referral', () => {
  const refer = (parts: Partial<Message>) => says({ authoritative: false, ...parts }, 'edu.');

  test('goes down towards the name, with the glue that lies in the zone', () => {
    const authorities = [ns('campus.edu.', 'ns.campus.edu.'), ns('campus.edu.', 'ns.bank.net.')];
    const additionals = [
      a('ns.campus.edu.', '10.0.0.1'),
      a('ns.bank.net.'),
      a('www.campus.edu.'),
      a('ns.other.edu.'),
    ];
    expect(refer({ authorities, additionals })).toMatchObject({
      kind: 'referral',
      referral: { zone: 'campus.edu.', glue: [{ name: 'ns.campus.edu.', address: '10.0.0.1' }] },
    });
  });

  test.each<[string, string]>([
    ['upwards', '.'],
    ['to the same zone', 'edu.'],
    ['sideways', 'other.edu.'],
    ['out of the zone', 'net.'],
    ['below the name', 'deep.www.campus.edu.'],
  ])('%s is none', (_, owner) => {
    const found = refer({ authorities: [ns(owner, 'ns.evil.')] });
    expect(found).toMatchObject({ kind: 'useless', spec: 'RFC 1912 §2.8' });
  });
});

describe('an answer', () => {
  test('must come with authority', () => {
    expect(says({ answers: [a(asked.name)] }, 'campus.edu.').kind).toBe('answer');
    const lame = says({ authoritative: false, answers: [a(asked.name)] }, 'campus.edu.');
    expect(lame).toMatchObject({ kind: 'useless' });
  });

  test('ends where an alias leads out of the zone, whatever else is said', () => {
    const answers = [cname(asked.name, 'www.bank.net.'), a('www.bank.net.')];
    expect(says({ answers }, 'campus.edu.')).toMatchObject({
      kind: 'alias',
      name: 'www.bank.net.',
    });
    expect(says({ answers }, '.').kind).toBe('answer');
  });

  test('to another name, or of another class, is none', () => {
    expect(says({ answers: [a('mail.campus.edu.')] }, 'campus.edu.')).toMatchObject({
      kind: 'denial',
      denial: 'nodata',
      soa: undefined,
    });
    const chaos: ResourceRecord = { ...a(asked.name), class: 'CH' };
    expect(says({ answers: [chaos] }, 'campus.edu.').kind).toBe('denial');
  });
});

describe('a denial', () => {
  test('has the SOA of a zone that the server serves and the name is in', () => {
    const deny = (owner: string) =>
      says({ rcode: 'NXDOMAIN', authorities: [soa(owner)] }, 'campus.edu.');
    expect(deny('campus.edu.')).toMatchObject({ kind: 'denial', denial: 'nxdomain' });
    expect(deny('campus.edu.')).toMatchObject({ soa: { name: 'campus.edu.' } });
    expect(deny('edu.')).toMatchObject({ soa: undefined });
    expect(deny('lab.campus.edu.')).toMatchObject({ soa: undefined });
  });

  test('is about the last name of the aliases', () => {
    const answers = [cname(asked.name, 'no.campus.edu.')];
    const parts = { rcode: 'NXDOMAIN' as const, answers, authorities: [soa('campus.edu.')] };
    expect(says(parts, 'campus.edu.')).toMatchObject({
      denial: 'nxdomain',
      name: 'no.campus.edu.',
    });
  });
});

test('an error code makes a server useless', () => {
  expect(says({ rcode: 'REFUSED' }, 'edu.')).toMatchObject({ text: 'answered REFUSED' });
});

describe('the steps', () => {
  const surroundings = () => ({
    cache: new Cache(),
    roots: [{ name: 'a.root.', address: '10.0.0.1' }],
    ipv6: false,
    cost: () => 0,
  });
  const source = { address: '10.0.0.1', port: 53 };

  test('a server that refers one level deeper each time is left after the limit', () => {
    const deep = question(`${'a.'.repeat(100)}edu.`, 'A');
    const iteration = new Iteration(deep, surroundings());
    let messages = 0;
    for (let step = iteration.step(0); step.kind === 'ask'; step = iteration.step(0)) {
      messages++;
      const zone = `${'a.'.repeat(messages)}edu.`;
      const authorities = [ns(zone, 'ns.edu.')];
      const additionals = [a('ns.edu.', '10.0.0.1')];
      iteration.receive(message({ response: true, authorities, additionals }), source, 0);
    }
    expect(messages).toBe(50);
    expect(iteration.step(0)).toMatchObject({
      rcode: 'SERVFAIL',
      failure: 'more than 50 messages for one question',
    });
  });

  test('each address is tried twice, then the question fails', () => {
    const iteration = new Iteration(asked, surroundings());
    let tries = 0;
    for (let step = iteration.step(0); step.kind === 'ask'; step = iteration.step(0)) {
      tries++;
      iteration.failed('did not answer in time');
    }
    expect(tries).toBe(2);
  });

  test('names of servers are looked up for one referral only so often', () => {
    const iteration = new Iteration(asked, surroundings());
    let messages = 0;
    for (let step = iteration.step(0); step.kind === 'ask'; step = iteration.step(0)) {
      messages++;
      if (step.question.name === asked.name) {
        const many = Array.from({ length: 30 }, (_, i) => ns('edu.', `ns${i}.victim.net.`));
        iteration.receive(message({ response: true, authorities: many }), source, 0);
      } else {
        const denial = { rcode: 'NXDOMAIN' as const, authoritative: true, authorities: [soa('.')] };
        iteration.receive(message({ response: true, ...denial }), source, 0);
      }
    }
    expect(messages).toBe(5);
  });

  test('a server whose name lies in the zone it serves is not looked up without glue', () => {
    const iteration = new Iteration(asked, surroundings());
    expect(iteration.step(0)).toMatchObject({ kind: 'ask', address: '10.0.0.1' });
    const authorities = [ns('edu.', 'ns.edu.')];
    iteration.receive(message({ response: true, authorities }), source, 0);
    expect(iteration.step(0)).toMatchObject({ rcode: 'SERVFAIL' });
  });
});

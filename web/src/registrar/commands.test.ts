import { describe, expect, it } from 'vitest';
import { answeringOf, createCommand, serverLines, updateCommand } from './commands.ts';

const ANN = { owner: 'Ann', organisation: '', email: '' };

describe('a form is a command', () => {
  it('with a zone at the registrar', () => {
    const form = { ...ANN, years: '2', answering: 'registrar', addresses: '127.0.0.1, 127.0.0.2' };
    expect(createCommand('books.com', { ...form, servers: 'ns.left.over' })).toEqual({
      command: 'create',
      name: 'books.com',
      registrant: { name: 'Ann' },
      years: 2,
      addresses: ['127.0.0.1', '127.0.0.2'],
    });
  });

  it('with name servers of the owner, a line each', () => {
    const servers = ' ns.books.com 127.0.0.1 ::1\n\nns.campus.edu\n';
    const form = { ...ANN, email: 'ann@books.com', years: '', answering: 'own', servers };
    expect(createCommand('books.com', form)).toEqual({
      command: 'create',
      name: 'books.com',
      registrant: { name: 'Ann', email: 'ann@books.com' },
      nameServers: [
        { name: 'ns.books.com', addresses: ['127.0.0.1', '::1'] },
        { name: 'ns.campus.edu', addresses: [] },
      ],
    });
  });

  it('a change without servers takes the delegation away', () => {
    expect(updateCommand('books.com', { ...ANN, answering: 'own', servers: '' })).toEqual({
      command: 'update',
      name: 'books.com',
      registrant: { name: 'Ann' },
      nameServers: [],
    });
  });
});

it('a domain is a form', () => {
  const nameServers = [
    { name: 'ns.books.com', addresses: ['127.0.0.1', '::1'] },
    { name: 'ns.campus.edu', addresses: [] },
  ];
  expect(serverLines({ nameServers })).toBe('ns.books.com 127.0.0.1 ::1\nns.campus.edu');
  expect(answeringOf({})).toBe('own');
  expect(answeringOf({ addresses: ['127.0.0.1'] })).toBe('registrar');
});

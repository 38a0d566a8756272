import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromUtf8, latin1, utf8 } from '../../lib/bytes.ts';
import type { SmtpError } from '../errors.ts';
import type { Command } from '../types.ts';
import { fromXtext, xtext } from './ascii.ts';
import { commandText, encodeCommand, lineText, parseCommand } from './command.ts';
import { isAddressLiteral, isDomain } from './domain.ts';
import { mailboxText, parsePath } from './mailbox.ts';
import { encodeReply, enhancedOf, ReplyReader, replyOf } from './reply.ts';

function refusal(text: string, allowUtf8 = false): SmtpError {
  try {
    parseCommand(text, allowUtf8);
  } catch (error) {
    return error as SmtpError;
  }
  throw new Error(`${text} was understood`);
}

describe('commands', () => {
  const a = { local: 'a', domain: 'b.org' };
  it.each<[string, Command]>([
    ['EHLO client.example.com', { type: 'EHLO', name: 'client.example.com' }],
    ['helo [127.0.0.1] ', { type: 'HELO', name: '[127.0.0.1]' }],
    ['EHLO my_pc', { type: 'EHLO', name: 'my_pc' }],
    ['MAIL FROM:<>', { type: 'MAIL', path: null, options: {} }],
    ['mail from: <a@b.org>', { type: 'MAIL', path: a, options: {} }],
    [
      'MAIL FROM:<a@b.org> SIZE=100 body=8bitmime RET=HDRS ENVID=x+2By AUTH=<>',
      {
        type: 'MAIL',
        path: a,
        options: { size: 100, body: '8BITMIME', ret: 'HDRS', envid: 'x+y', auth: null },
      },
    ],
    [
      'MAIL FROM:<ä@b.org> SMTPUTF8',
      { type: 'MAIL', path: { local: 'ä', domain: 'b.org' }, options: { utf8: true } },
    ],
    [
      'RCPT TO:<postmaster>',
      { type: 'RCPT', path: { local: 'postmaster', domain: '' }, options: {} },
    ],
    [
      'RCPT TO:<a@b.org> NOTIFY=success,delay ORCPT=rfc822;Bob+40x.org',
      {
        type: 'RCPT',
        path: a,
        options: { notify: ['SUCCESS', 'DELAY'], orcpt: { type: 'rfc822', address: 'Bob@x.org' } },
      },
    ],
    ['RCPT TO:<a@b.org> NOTIFY=NEVER', { type: 'RCPT', path: a, options: { notify: [] } }],
    ['BDAT 86 last', { type: 'BDAT', size: 86, last: true }],
    ['AUTH plain =', { type: 'AUTH', mechanism: 'PLAIN', initial: '=' }],
    ['NOOP anything', { type: 'NOOP', text: 'anything' }],
    ['DATA  ', { type: 'DATA' }],
  ])('%s', (text, command) => {
    expect(parseCommand(text)).toEqual(command);
    expect(parseCommand(commandText(command))).toEqual(command);
    expect(fromUtf8(encodeCommand(command))).toBe(`${commandText(command)}\r\n`);
  });

  it.each([
    ['EHLO', 501, '5.5.4', 'Say who you are: EHLO client.example.com'],
    ['EHLO a b', 501, '5.5.4', 'no name'],
    ['MAIL FROM:a@b.org', 501, '5.1.7', '<a@b.org>'],
    ['MAIL FROM:<a@b.org', 501, '5.1.7', '<a@b.org>'],
    ['RCPT TO: bob', 501, '5.1.3', '<name@example.com>'],
    ['RCPT TO:<bob>', 501, '5.1.3', '<bob@example.com>'],
    ['RCPT bob@b.org', 501, '5.5.4', 'RCPT TO:<recipient@example.com>'],
    ['MAIL', 501, '5.5.4', 'MAIL FROM:<sender@example.com>'],
    ['RCPT TO:<>', 501, '5.1.3', 'recipient'],
    ['RCPT TO:<a b@c.org>', 501, '5.1.3', 'no name of a mailbox'],
    ['RCPT TO:<a@b_c.org>', 501, '5.1.3', 'No domain'],
    ['RCPT TO:<a@[1.2.3]>', 501, '5.1.3', 'address literal'],
    [`RCPT TO:<${'a'.repeat(65)}@b.org>`, 501, '5.1.3', 'mailbox'],
    ['MAIL FROM:<ä@b.org>', 553, '5.6.7', 'SMTPUTF8'],
    ['RCPT TO:<ä@b.org>', 553, '5.6.7', 'SMTPUTF8'],
    ['MAIL FROM:<a@b.org> SIZE=x', 501, '5.5.4', 'octets'],
    ['MAIL FROM:<a@b.org> SIZE=1 SIZE=1', 501, '5.5.4', 'twice'],
    ['MAIL FROM:<a@b.org> BODY=BINARYMIME', 501, '5.5.4', '8BITMIME'],
    ['MAIL FROM:<a@b.org> constructor=1', 555, '5.5.4', 'CONSTRUCTOR'],
    ['MAIL FROM:<a@b.org>SIZE=1', 501, '5.5.4', 'form'],
    ['RCPT TO:<a@b.org> NOTIFY=NEVER,DELAY', 501, '5.5.4', 'NEVER'],
    ['RCPT TO:<a@b.org> ORCPT=rfc822;a+0D+0Ab', 501, '5.5.4', 'ORCPT'],
    ['BDAT -1', 501, '5.5.4', 'BDAT'],
    ['DATA now', 501, '5.5.4', 'alone'],
    ['FROB', 500, '5.5.2', 'HELP'],
    ['MAILFROM:<a@b.org>', 500, '5.5.2', 'HELP'],
    ['GET / HTTP/1.1', 500, '5.5.2', 'web'],
    ['', 500, '5.5.2', 'HELP'],
    ['NOOP \x01', 501, '5.5.4', 'control'],
    [`NOOP ${'x'.repeat(2050)}`, 500, '5.5.2', 'long'],
  ])('%s is refused with words that help', (text, reply, enhanced, words) => {
    expect(refusal(text)).toMatchObject({ reply, enhanced });
    expect(refusal(text).message).toContain(words);
  });
});

describe('paths', () => {
  it.each([
    ['<"a b"@c.org>', 'a b', 'c.org', '"a b"@c.org'],
    ['<"a\\"\\\\b"@c.org>', 'a"\\b', 'c.org', '"a\\"\\\\b"@c.org'],
    ['<"ab"@c.org>', 'ab', 'c.org', 'ab@c.org'],
    ['<"a@b"@c.org>', 'a@b', 'c.org', '"a@b"@c.org'],
    ['<a@[IPv6:2001:db8::1]>', 'a', '[IPv6:2001:db8::1]', 'a@[IPv6:2001:db8::1]'],
    ['<@x.org,@y.org:a@c.org>', 'a', 'c.org', 'a@c.org'],
    ["<o'neil+x@c.org>", "o'neil+x", 'c.org', "o'neil+x@c.org"],
  ])('%s', (text, local, domain, plain) => {
    const mailbox = parsePath(text, 'recipient', false);
    expect(mailbox).toEqual({ local, domain });
    expect(mailboxText(mailbox)).toBe(plain);
  });

  it('are read as they are written', () => {
    const local = fc.stringMatching(/^[ -~]{1,40}$/);
    fc.assert(
      fc.property(local, (name) => {
        const mailbox = { local: name, domain: 'b.org' };
        expect(parsePath(`<${mailboxText(mailbox)}>`, 'sender', false)).toEqual(mailbox);
      }),
      { seed: 1 },
    );
  });

  it.each([
    ['example.com', true],
    ['localhost', true],
    ['münchen.example', true],
    ['-a.com', false],
    ['a..b', false],
    ['a.com.', false],
    ['', false],
  ])('the domain %j: %s', (text, is) => expect(isDomain(text)).toBe(is));

  it.each([
    ['[255.0.0.1]', true],
    ['[256.0.0.1]', false],
    ['[IPv6:::]', true],
    ['[IPv6:1:2:3:4:5:6:7:8]', true],
    ['[IPv6:1:2:3:4:5:6:7]', false],
    ['[IPv6:1:2:3:4:5:6::8]', false],
    ['[IPv6:::ffff:1.2.3.4]', true],
    ['[IPv6:1::2::3]', false],
    ['[X400:c=de]', true],
    ['[1.2.3.4', false],
  ])('the literal %s: %s', (text, is) => expect(isAddressLiteral(text)).toBe(is));

  it('xtext carries any text', () => {
    expect(xtext('a+b=c d')).toBe('a+2Bb+3Dc+20d');
    expect(fromXtext('a+2bb')).toBeUndefined();
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(fromXtext(xtext(text))).toBe(fromUtf8(utf8(text)));
      }),
      { seed: 1 },
    );
  });
});

it('lines that are none explain themselves', () => {
  expect(() => lineText({ bytes: utf8('a'), fault: 'bare LF' })).toThrow('nc -C');
  expect(() => lineText({ bytes: latin1('\xff') })).toThrow('no text');
});

describe('replies', () => {
  const read = (chunks: readonly string[]) => {
    const reader = new ReplyReader();
    const replies = [];
    for (const chunk of chunks) {
      reader.push(latin1(chunk));
      for (let reply = reader.next(); reply; reply = reader.next()) replies.push(reply);
    }
    return replies;
  };

  it.each([
    ['250 OK\r\n', [{ code: 250, lines: ['OK'] }]],
    [
      '250-a\r\n250-b\r\n250 c\r\n354 go\n',
      [
        { code: 250, lines: ['a', 'b', 'c'] },
        { code: 354, lines: ['go'] },
      ],
    ],
    [
      '334 \r\n220\r\n',
      [
        { code: 334, lines: [''] },
        { code: 220, lines: [''] },
      ],
    ],
    ['250-a\r\n', []],
  ])('%j', (text, replies) => {
    expect(read([text])).toEqual(replies);
    expect(read([...text])).toEqual(replies);
  });

  it.each([
    'hello\r\n',
    '250-a\r\n251 b\r\n',
    '25\r\n',
    '999 x\r\n',
    '250 a\rb\r\n',
    `250 ${'x'.repeat(5000)}\r\n`,
  ])('%j is none', (text) =>
    expect(() => read([text])).toThrow(expect.objectContaining({ code: 'SMTP_BAD_REPLY' })),
  );

  it('carry enhanced codes on every line, and no line of their own making', () => {
    const reply = replyOf({ code: 550, enhanced: '5.1.1', text: 'No such user\nTry another' });
    const wire = fromUtf8(encodeReply(reply));
    expect(wire).toBe('550-5.1.1 No such user\r\n550 5.1.1 Try another\r\n');
    expect(enhancedOf(reply)).toEqual({
      code: 550,
      enhanced: '5.1.1',
      text: 'No such user\nTry another',
    });
    expect(enhancedOf({ code: 250, lines: ['5.1.1 x'] })).toEqual({ code: 250, text: '5.1.1 x' });
    expect(fromUtf8(encodeReply({ code: 250, lines: ['a\r\n550 b'] }))).toBe('250 a??550 b\r\n');
  });
});

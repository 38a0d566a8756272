/** Headers as they pass, reports as they are written, networks. */
import { describe, expect, it } from 'vitest';
import { fromLatin1, latin1 } from '../../lib/bytes.ts';
import { HEADER_LIMIT } from '../defaults.ts';
import { HeaderIntake } from './header-intake.ts';
import { parseNetworks } from './networks.ts';
import { statusText } from './status.ts';

function pass(text: string, step: number, dropsBcc = true): { out: string; intake: HeaderIntake } {
  const intake = new HeaderIntake({ dropsBcc });
  let out = '';
  const bytes = latin1(text);
  for (let at = 0; at < bytes.length; at += step) {
    out += fromLatin1(intake.push(bytes.subarray(at, at + step)));
  }
  return { out: out + fromLatin1(intake.end()), intake };
}

describe('a header', () => {
  it.each([
    ['From: a\r\n\r\nbody\r\n', 'From: a\r\n\r\nbody\r\n'],
    ['From: a\r\n', 'From: a\r\n\r\n'],
    ['\r\nbody\r\n', '\r\nbody\r\n'],
    ['no header\r\nat all\r\n', '\r\nno header\r\nat all\r\n'],
    ['A: b\r\nnot a field\r\n\r\nx\r\n', 'A: b\r\n\r\nnot a field\r\n\r\nx\r\n'],
    [
      'A: b\r\nBcc: x,\r\n y\r\nbcc : z\r\nC: d\r\n\r\nBcc: stays\r\n',
      'A: b\r\nC: d\r\n\r\nBcc: stays\r\n',
    ],
    ['', '\r\n'],
    ['\r\n', '\r\n'],
    ['X: \xff\r\n\r\n\xfe', 'X: \xff\r\n\r\n\xfe'],
  ])('%j', (text, expected) => {
    for (const step of [1, 3, 1000]) expect(pass(text, step).out).toBe(expected);
  });

  it('is read on its way', () => {
    const text =
      'Received: a\r\nreceived: b\r\n\tc\r\nDelivered-To: Bob@B.edu\r\nMessage-Id:\r\n <1@x>\r\nDate: x\r\n\r\nReceived: d\r\n';
    for (const step of [1, 1000]) {
      expect(pass(text, step).intake).toMatchObject({
        hops: 2,
        deliveredTo: ['bob@b.edu'],
        messageId: '1@x',
        hasDate: true,
        eightBit: false,
        wideHeader: false,
      });
    }
    expect(pass('A: b\r\n\r\nx\r\n\xe4', 1).intake).toMatchObject({
      eightBit: true,
      wideHeader: false,
    });
    expect(pass('A: \xe4\r\n\r\nx\r\n', 9).intake).toMatchObject({
      eightBit: true,
      wideHeader: true,
    });
  });

  it('is not for ever', () => {
    const { intake, out } = pass(`A: ${'x'.repeat(HEADER_LIMIT)}\r\n\r\n`, 5000);
    expect(intake.isTooLong).toBe(true);
    expect(out.length).toBeGreaterThan(HEADER_LIMIT);
  });

  it('keeps Bcc where a relay only passes it on', () => {
    expect(pass('Bcc: x\r\n\r\n', 2, false).out).toBe('Bcc: x\r\n\r\n');
  });
});

describe('a report', () => {
  const one = {
    original: { type: 'rfc822', address: 'Bob@b.edu' },
    final: 'bob@c.edu',
    action: 'failed',
    status: '5.1.1',
    remote: 'mx.c.edu',
    diagnostic: '550 5.1.1 no such user\r\nX-Evil: 1',
    lastAttempt: 'Thu, 1 Jan 2026 00:00:00 +0000',
    logId: 'ABC',
    retryUntil: undefined,
  };
  it('has fields for the message and for each recipient', () => {
    const message = { reporter: 'mx.a.edu', envid: 'a b', arrived: 'then' };
    const text = statusText(message, [one, { ...one, original: undefined, final: 'jürgen@x' }]);
    expect(text.split('\r\n')).toEqual([
      'Original-Envelope-Id: a b',
      'Reporting-MTA: dns; mx.a.edu',
      'Arrival-Date: then',
      '',
      'Original-Recipient: rfc822;Bob@b.edu',
      'Final-Recipient: rfc822; bob@c.edu',
      'Action: failed',
      'Status: 5.1.1',
      'Remote-MTA: dns; mx.c.edu',
      'Diagnostic-Code: smtp; 550 5.1.1 no such user X-Evil: 1',
      'Last-Attempt-Date: Thu, 1 Jan 2026 00:00:00 +0000',
      'Final-Log-ID: ABC',
      '',
      'Final-Recipient: utf-8; j\\x{FC}rgen@x',
      ...text.split('\r\n').slice(-7),
    ]);
  });

  it('folds what is long', () => {
    const long = { ...one, diagnostic: `550 ${'word '.repeat(50)}` };
    const text = statusText({ reporter: 'a', envid: undefined, arrived: 'b' }, [long]);
    for (const line of text.split('\r\n')) expect(line.length).toBeLessThanOrEqual(78);
  });
});

describe('networks', () => {
  it.each([
    ['10.0.0.0/8', '10.1.2.3', true],
    ['10.0.0.0/8', '11.1.2.3', false],
    ['127.0.0.1', '127.0.0.1', true],
    ['127.0.0.1', '127.0.0.2', false],
    ['0.0.0.0/0', '200.1.1.1', true],
    ['192.168.4.0/22', '192.168.7.255', true],
    ['192.168.4.0/22', '192.168.8.0', false],
    ['::1', '::1', true],
    ['10.0.0.0/8', '::1', false],
  ])('%s has %s: %s', (network, address, expected) => {
    expect(parseNetworks([network])(address)).toBe(expected);
  });

  it.each(['10.0.0.0/33', 'x', '10.0.0/8', '10.0.0.0/-1', '::/0'])('%s is none', (text) => {
    expect(() => parseNetworks([text])).toThrow(/is no network/);
  });
});

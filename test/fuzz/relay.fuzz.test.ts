/** What a relay reads beside SMTP: headers as they pass, whole and byte by byte; networks; and what it reports. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { it } from 'vitest';
import { fromLatin1, hex } from '../../src/lib/bytes.ts';
import { UsageError } from '../../src/lib/errors.ts';
import { parseMessage } from '../../src/mime/index.ts';
import { seededRandom } from '../../src/net/index.ts';
import { buildReport } from '../../src/relay/report.ts';
import { HeaderIntake } from '../../src/relay/wire/header-intake.ts';
import { parseNetworks } from '../../src/relay/wire/networks.ts';
import { fuzz, ROUNDS } from './mutate.ts';

const TIME = 120_000;

const HEADERS = [
  'Received: a\r\n b\r\nBcc: x\r\n y\r\nMessage-ID: <a@b>\r\n\r\nbody\r\n',
  'From: x\r\nDelivered-To: a@b\r\n\r\n.\r\n',
  'no header\r\n\r\n',
];
const SPICE = ['\r\n', '\r\n\r\n', '\r', '\n', ':', ' ', '\t', 'bcc:', 'Bcc :', '\xff', '\0'];

function pass(bytes: Uint8Array, step: number): { out: string; facts: string } {
  const intake = new HeaderIntake({ dropsBcc: true });
  let out = '';
  for (let at = 0; at < bytes.length; at += step) {
    out += hex(intake.push(bytes.subarray(at, at + step)));
  }
  out += hex(intake.end());
  const { hops, messageId, eightBit, wideHeader, deliveredTo, header } = intake;
  return {
    out,
    facts: JSON.stringify([hops, messageId, eightBit, wideHeader, deliveredTo, hex(header)]),
  };
}

it('headers', { timeout: TIME }, () => {
  fuzz(HEADERS, SPICE, (bytes) => {
    const whole = pass(bytes, bytes.length || 1);
    deepEqual(pass(bytes, 1), whole);
    // The body is never touched: what is there goes on, but for blind copies.
    const text = fromLatin1(bytes);
    const at = text.indexOf('\r\n\r\n');
    const end = at < 0 ? '' : text.slice(at + 4);
    ok(whole.out.endsWith(hex(bytes.subarray(bytes.length - end.length))));
  });
});

it('networks', { timeout: TIME }, () => {
  fuzz(['10.0.0.0/8', '127.0.0.1', '::1'], ['/', '.', ':', '33', '-'], (bytes) => {
    try {
      parseNetworks([fromLatin1(bytes)])('10.1.2.3');
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
    }
  });
});

it('replies and addresses of any kind make a notice that can be read', { timeout: TIME }, () => {
  const random = seededRandom('report');
  const replies = [
    '550 5.1.1 no',
    'ünknown\r\n\r\nX: y',
    'a'.repeat(1200),
    '--=_boundary',
    '(((\\"',
  ];
  const rounds = Math.ceil(ROUNDS / 50);
  fuzz(
    replies,
    ['\r\n', '\0', 'ä', '=?utf-8?q?x?=', ';', '"'],
    (bytes) => {
      const text = fromLatin1(bytes);
      const path = { local: text.slice(0, 20) || 'x', domain: 'b.edu' };
      const options = { orcpt: { type: 'rfc822', address: text } };
      const attempt = { at: 1, code: 550, enhanced: '5.1.1', text, remote: 'mx' };
      const message = {
        id: 'A',
        from: { local: 'alice', domain: 'a.edu' },
        options: { envid: text },
        received: 0,
        size: bytes.length,
        messageId: text,
        wideHeader: false,
      };
      const notice = parseMessage(
        buildReport(
          { hostname: 'mx.a.edu', now: 0, random },
          {
            message,
            messageId: 'notice@mx.a.edu',
            to: message.from,
            recipients: [{ path, options, action: 'failed', attempt }],
            retryUntil: 0,
            pieces: [bytes],
          },
        ),
      );
      const parts = notice.root.children.map(({ type }) => type.subtype);
      match(parts.join(' '), /^plain delivery-status rfc822(?:-headers)?$/);
      equal(notice.root.children[1]?.encoding, '7bit');
      const status = fromLatin1(notice.content(notice.root.children[1] as never));
      equal(status.match(/^Action: /gm)?.length, 1);
      match(status, /^[\t\r\n -~]*$/);
    },
    rounds,
  );
});

/** Every request of the API and its answer, on a simulated host. */
import { expect, test } from 'vitest';
import { ask, type Stage, send, stage } from '../../../test/mailhost/stage.ts';
import { sleep } from '../../net/index.ts';
import { SmtpReplyError } from '../../smtp/index.ts';

const LETTER =
  'From: Bob <bob@b.org>\r\nTo: alice@shop.com\r\nSubject: Order 17\r\nMessage-ID: <17@b.org>\r\nX-Order: 17\r\n\r\nTwo teapots.\r\n';

async function play(story: (s: Stage) => Promise<void>, options = {}): Promise<void> {
  const s = await stage(options);
  await s.world.run(story(s));
  expect(s.errors).toEqual([]);
}

test('each path: what it does, and what it answers', () =>
  play(async (s) => {
    await send(s, 'alice@shop.com', LETTER);
    await ask(s, 'POST /accounts', { name: 'carl', addresses: ['carl@shop.com'], quota: 5_000 });
    const rows: readonly (readonly [string, number, unknown, unknown?])[] = [
      ['GET /accounts', 200, { accounts: [{ name: 'alice', messages: 1 }, { name: 'carl' }] }],
      [
        'POST /accounts',
        409,
        { error: { code: 'MAIL_ACCOUNT_EXISTS' } },
        { name: 'carl', addresses: ['c@shop.com'] },
      ],
      ['POST /accounts', 400, { error: { message: 'addresses: is missing' } }, { name: 'x' }],
      [
        'POST /accounts',
        400,
        { error: { message: expect.stringContaining('no such field') } },
        { name: 'x', addresses: [], admin: true },
      ],
      [
        'POST /accounts',
        422,
        { error: { code: 'MAIL_BAD_NAME' } },
        { name: 'x', addresses: ['no address'] },
      ],
      ['DELETE /accounts/nobody', 404, { error: { code: 'MAIL_NO_ACCOUNT' } }],
      [
        'GET /messages',
        200,
        {
          total: 1,
          messages: [{ subject: 'Order 17', account: 'alice', folder: 'INBOX', uid: 1 }],
        },
      ],
      ['GET /messages?messageId=17@b.org&header=x-order:%2017', 200, { total: 1 }],
      [
        'GET /messages?text=teapots&from=bob&to=alice&folder=inbox&account=alice@shop.com',
        200,
        { total: 1 },
      ],
      ['GET /messages?text=kettles', 200, { total: 0, messages: [] }],
      [
        'GET /messages?subjekt=17',
        400,
        { error: { message: expect.stringMatching(/^subjekt: there are account, /) } },
      ],
      [
        'GET /messages?since=yesterday',
        400,
        { error: { message: expect.stringMatching(/^since: /) } },
      ],
      ['GET /messages?limit=many', 400, { error: { message: expect.stringMatching(/^limit: /) } }],
      [
        'GET /messages/alice/1',
        200,
        {
          headers: expect.arrayContaining([['X-Order', '17']]),
          text: 'Two teapots.\n',
          parts: [{ path: '1', type: 'text/plain' }],
        },
      ],
      ['GET /messages/alice/99', 404, { error: { code: 'MAIL_API_NOT_FOUND' } }],
      ['GET /messages/alice/one', 404, { error: { code: 'MAIL_API_NOT_FOUND' } }],
      ['GET /messages/nobody/1', 404, { error: { code: 'MAIL_NO_ACCOUNT' } }],
      ['GET /messages/alice/1/parts/7', 404, { error: { message: expect.stringContaining('7') } }],
      ['GET /wait', 400, { error: { message: expect.stringMatching(/^say which message/) } }],
      [
        'GET /wait?to=alice&timeout=soon',
        400,
        { error: { message: expect.stringMatching(/^timeout: /) } },
      ],
      [
        'GET /wait?to=alice&timeout=11min',
        400,
        { error: { message: expect.stringMatching(/^timeout: /) } },
      ],
      ['GET /wait?to=alice', 200, { subject: 'Order 17' }],
      [
        'POST /accounts/carl/messages?folder=Lists/tea&flags=\\Seen%20work&received=1700000000000',
        201,
        { bytes: 15 },
        'Subject: Hi\r\n\r\n',
      ],
      [
        'GET /messages?folder=Lists/tea',
        200,
        { messages: [{ account: 'carl', flags: ['\\Seen', 'work'], received: 1.7e12 }] },
      ],
      [
        'POST /accounts/carl/messages?folder=a*b',
        422,
        { error: { code: 'MAIL_BAD_FOLDER_NAME' } },
        'x',
      ],
      [
        'POST /accounts/carl/messages',
        422,
        { error: { code: 'MAIL_OVER_QUOTA' } },
        'x'.repeat(6_000),
      ],
      ['GET /queue', 200, { queue: [] }],
      ['GET /queue/NONE', 404, { error: { code: 'MAIL_API_NOT_FOUND' } }],
      ['POST /queue/NONE/hold', 404, { error: { code: 'MAIL_API_NOT_FOUND' } }],
      ['DELETE /queue/NONE', 404, { error: { message: expect.stringContaining('NONE') } }],
      ['POST /queue/retry', 200, { waiting: 0 }],
      [
        'GET /events',
        200,
        { events: expect.arrayContaining([expect.objectContaining({ kind: 'delivered' })]) },
      ],
      ['POST /send', 400, { error: { message: 'to: is missing' } }, { from: 'a@shop.com' }],
      [
        'POST /send',
        422,
        { error: { message: expect.stringContaining('not a list of addresses') } },
        { from: 'alice', to: 'bob' },
      ],
      [
        'POST /send',
        400,
        { error: { message: 'attachments.content: expected base64' } },
        { from: 'a@b.c', to: 'alice@shop.com', attachments: [{ content: '&' }] },
      ],
      [
        'POST /send',
        422,
        { error: { code: 'RELAY_REFUSED' } },
        { from: 'alice@shop.com', to: 'nobody@shop.com' },
      ],
      ['DELETE /failures/7', 404, { error: { message: 'there is no rule 7' } }],
      [
        'POST /failures',
        400,
        { error: { message: expect.stringContaining('CONNECT, MAIL, RCPT or DATA') } },
        { stage: 'QUIT', code: 451 },
      ],
      [
        'POST /failures',
        400,
        { error: { message: expect.stringContaining('400 to 599') } },
        { stage: 'RCPT', code: 250 },
      ],
      [
        'POST /failures',
        400,
        { error: { message: expect.stringContaining('one of code') } },
        { stage: 'RCPT' },
      ],
      ['PUT /messages', 405, { error: { message: 'PUT is not understood here; GET, DELETE is' } }],
      ['GET /nothing', 404, { error: { message: 'there is nothing at /nothing' } }],
    ];
    for (const [line, status, answer, body] of rows) {
      const { status: said, json, text } = await ask(s, line, body);
      expect(said, `${line}: ${text}`).toBe(status);
      expect(json, line).toMatchObject(answer as object);
    }
  }));

test('raw bytes and parts cannot act as pages of ours', () =>
  play(async (s) => {
    const html = Buffer.from('<script>alert(1)</script>').toString('base64');
    const attachments = [{ fileName: 'a "b"; x=ü.html', type: 'text/html', content: html }];
    const draft = { from: 'alice@shop.com', to: 'alice@shop.com', subject: 'Hi' };
    const forged = { ...draft, subject: 'Hi\r\nBcc: eve@x.y' };
    expect((await ask(s, 'POST /send', forged)).json.error.code).toBe('MIME_BAD_FIELD');
    const sent = await ask(s, 'POST /send', { ...draft, text: 'Grüße', attachments });
    expect(sent).toMatchObject({ status: 202, json: { refused: [] } });
    const { json: message } = await ask(s, 'GET /wait?to=alice&subject=Hi');
    expect(message).toMatchObject({ attachments: 1, cc: [] });
    const place = `/messages/alice/${message.id}`;
    const raw = await ask(s, `GET ${place}/raw`);
    expect(raw.headers.get('Content-Type')).toBe('message/rfc822');
    expect(raw.text).toMatch(/^Return-Path: <alice@shop\.com>\r\n/);
    expect(raw.text).not.toMatch(/^(Bcc|X):/m);
    const part = await ask(s, `GET ${place}/parts/2`);
    expect(part.text).toBe('<script>alert(1)</script>');
    expect(part.headers.get('Content-Security-Policy')).toBe("default-src 'none'; sandbox");
    expect(part.headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(part.headers.get('Content-Disposition')).toMatch(
      /^attachment; filename\*=UTF-8''[\w%.]+$/,
    );
    const head = await ask(s, `HEAD ${place}`);
    expect([head.status, head.text]).toEqual([200, '']);
  }));

test('wait is for the message that is meant, and no other', () =>
  play(async (s) => {
    const waiting = ask(s, 'GET /wait?messageId=%3C18@b.org%3E&timeout=1min');
    await send(s, 'alice@shop.com', LETTER);
    await sleep(s.client.clock, 20_000);
    await send(s, 'alice@shop.com', LETTER.replaceAll('17', '18'));
    expect((await waiting).json).toMatchObject({ messageId: '18@b.org', subject: 'Order 18' });
    const before = s.client.clock.now();
    const late = await ask(s, 'GET /wait?to=alice&subject=order%2019&timeout=30s');
    expect(s.client.clock.now() - before).toBeGreaterThanOrEqual(30_000);
    expect(late.status).toBe(404);
    expect(late.json.error.message).toBe('no message with to alice, subject order 19 came in 30 s');
    const since = await ask(s, `GET /messages?since=${1e14}`);
    expect(since.json.total).toBe(0);
  }));

test('one who waits for an address that is made only when mail comes for it is not forgotten', () =>
  play(
    async (s) => {
      const waiting = ask(s, 'GET /wait?account=new@shop.com&timeout=1min');
      const anybody = ask(s, 'GET /wait?to=new@shop.com&timeout=1min');
      await sleep(s.client.clock, 1_000);
      await send(s, 'new@shop.com', 'To: new@shop.com\r\nSubject: first\r\n\r\n');
      expect((await waiting).json).toMatchObject({ account: 'new@shop.com', subject: 'first' });
      expect((await anybody).json).toMatchObject({ subject: 'first' });
    },
    { catchAll: 'domains' },
  ));

test('failures by stage and recipient: code, delay, drop, greylist, times; then none', () =>
  play(async (s) => {
    const fail = async (rule: object): Promise<void> => {
      expect((await ask(s, 'POST /failures', rule)).status).toBe(201);
    };
    const said = async (): Promise<string> => {
      const before = s.client.clock.now();
      const outcome = await send(s, 'alice@shop.com', LETTER).then(
        ({ reply }) => `${reply.code}`,
        (error: Error & { readonly code: string }) =>
          error instanceof SmtpReplyError ? error.message.replace(/^.*?: /, '') : error.code,
      );
      const seconds = Math.floor((s.client.clock.now() - before) / 1000);
      await ask(s, 'DELETE /failures');
      return seconds === 0 ? outcome : `${outcome} after ${seconds} s`;
    };
    await fail({ stage: 'rcpt', code: 452, enhanced: '4.2.2', text: 'Full', address: 'alice@' });
    expect(await said()).toBe('452 4.2.2 Full');
    await fail({ stage: 'RCPT', code: 452, address: 'carl@' });
    expect(await said()).toBe('250');
    await fail({ stage: 'DATA', delayMs: 7_000 });
    expect(await said()).toBe('250 after 7 s');
    await fail({ stage: 'MAIL', drop: true });
    expect(await said()).toMatch(/^(NET_|SMTP_)/);
    await fail({ stage: 'CONNECT', code: 421, times: 1 });
    expect(await said()).toMatch(/^421/);
    expect(await said()).toBe('250');
    await fail({ stage: 'RCPT', greylistMs: 60_000 });
    const first = send(s, 'alice@shop.com', LETTER);
    await expect(first).rejects.toMatchObject({ reply: 451 });
    await sleep(s.client.clock, 61_000);
    expect(await said()).toBe('250');
    expect((await ask(s, 'GET /failures')).json).toEqual({ failures: [] });
  }));

test('the queue: seen, held, released, deleted with and without a notice; and all is cleared', () =>
  play(async (s) => {
    const draft = { from: 'alice@shop.com', to: ['x@else.where'], subject: 'Far' };
    const { json } = await ask(s, 'POST /send', draft);
    expect(json.id).toMatch(/^\w{10}$/);
    await sleep(s.client.clock, 60_000);
    const queued = await ask(s, `GET /queue/${json.id}`);
    expect(queued.json.recipients[0]).toMatchObject({ state: 'waiting', attempts: 1 });
    expect((await ask(s, `POST /queue/${json.id}/hold`)).json.recipients[0].state).toBe('held');
    expect((await ask(s, `POST /queue/${json.id}/release`)).json.recipients[0].state).toBe(
      'waiting',
    );
    expect((await ask(s, 'POST /queue/retry?domain=else.where')).json).toEqual({ waiting: 1 });
    expect((await ask(s, `DELETE /queue/${json.id}?bounce=true`)).json).toEqual({
      removed: json.id,
    });
    const notice = await ask(s, 'GET /wait?account=alice&timeout=1min&from=mailer-daemon');
    expect(notice.json.subject).toMatch(/Undeliver|fail|not/i);
    await ask(s, 'POST /send', draft);
    await ask(s, 'POST /failures', { stage: 'RCPT', code: 550 });
    expect((await ask(s, 'POST /clear')).json).toMatchObject({ messages: 1, queue: 1 });
    expect((await ask(s, 'GET /messages')).json.total).toBe(0);
    expect((await ask(s, 'GET /queue')).json.queue).toEqual([]);
    expect((await ask(s, 'GET /failures')).json.failures).toEqual([]);
  }));

test('pages of other sites can do nothing; bad JSON and forms are told so', () =>
  play(async (s) => {
    await send(s, 'alice@shop.com', LETTER);
    const rule = { stage: 'RCPT', code: 550 };
    const foreign = await ask(s, 'POST /failures', rule, { Origin: 'http://evil.com' });
    expect(foreign).toMatchObject({
      status: 400,
      json: { error: { message: expect.stringContaining('other sites') } },
    });
    for (const line of ['POST /clear', 'DELETE /messages', 'DELETE /queue', 'POST /queue/retry']) {
      const { status } = await ask(s, line, undefined, { Origin: 'null' });
      expect(status, line).toBe(400);
    }
    const own = await ask(s, 'POST /failures', rule, { Origin: 'http://mail.shop.com' });
    expect(own.status).toBe(201);
    const form = await ask(s, 'POST /failures', JSON.stringify(rule));
    expect(form.json.error.message).toBe('expected Content-Type: application/json');
    const bad = await ask(s, 'POST /failures', '{"stage":', { 'Content-Type': 'application/json' });
    expect(bad).toMatchObject({ status: 400, json: { error: { message: 'expected JSON' } } });
    for (const value of [null, [], 'x', 7]) {
      const odd = await ask(s, 'POST /failures', value === 'x' ? undefined : value);
      expect(odd.status, JSON.stringify(value)).toBe(400);
    }
    expect((await ask(s, 'GET /messages')).json.total).toBe(1);
  }));

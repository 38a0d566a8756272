/** `toplayer proxy` called wrongly: what is said, and how it exits. */
import { expect, it } from 'vitest';
import { toplayer } from '../run.ts';

it.each([
  [['--reverse', 'nowhere'], 'an origin is http://HOST or http://HOST:PORT, not nowhere'],
  [['--reverse', 'http://a/b'], 'an origin has no path: http://a, not http://a/b'],
  [['--rewrite-host'], '--rewrite-host needs --reverse: without it, clients name the hosts'],
  [['--max-size', 'much'], 'expected a size such as 64M, 512k or 4096.'],
  [['--forwarded', 'all'], 'expected none, x, forwarded or both.'],
  [['purge'], 'purge what? a URL, or --tag TAG'],
  [['purge', 'news'], 'expected a URL such as http://127.0.0.1:8080/news, not news'],
])('%j', async (args, message) => {
  const { status, err, out } = await toplayer('proxy', ...args);
  expect(status).toBe(2);
  expect(err).toContain(message);
  expect(out).toBe('');
});

it('purges a proxy that is not there: one line, no stack', async () => {
  const { status, err } = await toplayer('proxy', 'purge', '--tag', 'x', '--proxy', '127.0.0.1:1');
  expect([status, err]).toEqual([1, 'toplayer: connect to 127.0.0.1:1: nobody listens there\n']);
});

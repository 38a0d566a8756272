import { describe, expect, it } from 'vitest';
import { memoryFiles } from '../net/index.ts';
import { hostsFirst, readHostsFile, withName, withoutName, writeHostsFile } from './hosts-file.ts';

describe('the list of names', () => {
  it.each([
    ['', 'www.a', '127.0.0.1', '127.0.0.1\twww.a\n'],
    [
      '# mine\n127.0.0.9 b www.a\n',
      'WWW.A.',
      '127.0.0.1',
      '# mine\n127.0.0.9\tb\n127.0.0.1\tWWW.A.\n',
    ],
    ['127.0.0.9 www.a\n', 'www.a', '127.0.0.1', '127.0.0.1\twww.a\n'],
  ])('%j with %s', (text, name, address, changed) => {
    expect(withName(text, name, address)).toBe(changed);
  });

  it('is as it was without a name that is removed again', () => {
    const text = '# mine\n127.0.0.9 b\n';
    expect(withoutName(withName(text, 'www.a', '127.0.0.1'), 'www.a')).toBe(text);
  });

  it('refuses what is no address', () => {
    expect(() => withName('', 'www.a', 'there')).toThrow('not an IPv4 address: there');
  });
});

it('comes before DNS, and outlives a power cut', async () => {
  const files = memoryFiles({ epoch: 0, now: () => 0 });
  const lookup = hostsFirst(
    () => readHostsFile(files),
    async () => ['127.0.0.80'],
  );
  expect(await lookup('www.a')).toEqual(['127.0.0.80']);
  await writeHostsFile(files, withName('', 'www.a', '127.0.0.1'));
  files.crash();
  expect(await lookup('www.a')).toEqual(['127.0.0.1']);
  expect(await lookup('www.b')).toEqual(['127.0.0.80']);
  await writeHostsFile(files, '');
  expect(await lookup('www.a')).toEqual(['127.0.0.80']);
});

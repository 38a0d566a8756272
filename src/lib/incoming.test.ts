import { describe, expect, it } from 'vitest';
import { fromUtf8, utf8 } from './bytes.ts';
import { LimitError, UsageError } from './errors.ts';
import { Incoming } from './incoming.ts';

const setting = {
  name: 'a thing',
  buffer: 4,
  limit: 6,
  tooLarge: (limit: number) => new LimitError('TOO_LARGE', `more than ${limit}`, { limit }),
  cancelled: () => new Error('given up'),
};

class Thing extends Incoming<string> {
  readonly asked: string[] = [];

  constructor() {
    super(setting);
  }

  say(text: string): void {
    this.push(utf8(text));
  }

  protected wanted(): void {
    this.asked.push('more');
  }

  protected abandoned(): void {
    this.asked.push('no more');
  }
}

/** What a reader hears, in order. */
function reader(thing: Thing): string[] {
  const heard: string[] = [];
  thing.attach({
    onData: (bytes) => heard.push(fromUtf8(bytes)),
    onEnd: (end) => heard.push(`end ${end}`),
    onError: (error) => heard.push(`error ${error.message}`),
  });
  return heard;
}

describe('bytes on their way in', () => {
  it('wait for the reader, and the end with them', () => {
    const thing = new Thing();
    thing.say('ab');
    thing.finish('z');
    expect(reader(thing)).toEqual(['ab', 'end z']);
    expect(thing.asked).toEqual([]);
  });

  it('go straight to a reader who is there', () => {
    const thing = new Thing();
    const heard = reader(thing);
    expect(thing.asked).toEqual(['more']);
    thing.say('ab');
    thing.finish('z');
    expect(heard).toEqual(['ab', 'end z']);
  });

  it('are held as long as the reader lets them wait, to a limit', () => {
    const thing = new Thing();
    const heard = reader(thing);
    thing.pause();
    thing.say('abc');
    expect(thing.open).toBe(true);
    thing.say('d');
    expect(thing.open).toBe(false);
    thing.finish('z');
    expect([heard, thing.open]).toEqual([[], true]);
    thing.resume();
    expect(heard).toEqual(['abc', 'd', 'end z']);
  });

  it('break off after what is there', () => {
    const thing = new Thing();
    thing.say('ab');
    thing.fail(new Error('gone'));
    thing.say('cd');
    thing.finish('z');
    expect(thing.broken).toBe(true);
    expect(reader(thing)).toEqual(['ab', 'error gone']);
  });

  it('are thrown away when the reader has lost interest', () => {
    const thing = new Thing();
    const heard = reader(thing);
    thing.cancel();
    thing.say('ab');
    thing.finish('z');
    expect([heard, thing.asked, thing.open]).toEqual([[], ['more', 'no more'], true]);
  });

  it('are read once', () => {
    const thing = new Thing();
    reader(thing);
    expect(() => reader(thing)).toThrow(new UsageError('a thing can be read only once'));
  });

  it('are collected up to a limit', async () => {
    const thing = new Thing();
    const all = thing.bytes();
    for (const text of ['abc', 'def']) thing.say(text);
    thing.finish('z');
    expect(fromUtf8(await all)).toBe('abcdef');
    const other = new Thing();
    const more = other.bytes();
    for (const text of ['abc', 'def', 'g']) other.say(text);
    await expect(more).rejects.toMatchObject({ code: 'TOO_LARGE' });
    expect(other.asked).toEqual(['more', 'no more']);
  });

  it('are pulled piece by piece, and wait in between', async () => {
    const thing = new Thing();
    const pulled = thing[Symbol.asyncIterator]();
    thing.say('ab');
    thing.say('cd');
    expect(thing.open).toBe(false);
    expect(await pulled.next()).toEqual({ done: false, value: utf8('ab') });
    expect(await pulled.next()).toEqual({ done: false, value: utf8('cd') });
    thing.finish('z');
    expect(await pulled.next()).toEqual({ done: true, value: undefined });
  });

  it('tell who pulls them that they broke off, and are told that he stopped', async () => {
    const broken = new Thing();
    const pulled = broken[Symbol.asyncIterator]();
    broken.fail(new Error('gone'));
    await expect(pulled.next()).rejects.toThrow('gone');
    const left = new Thing();
    left.say('ab');
    for await (const _ of left) break;
    expect(left.broken).toBe(true);
  });
});

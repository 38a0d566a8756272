import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, fromLatin1, latin1 } from '../lib/bytes.ts';
import { ByteReader } from '../net/index.ts';
import { World } from '../net/sim/index.ts';
import {
  escapeIac,
  type Shell,
  serveTelnet,
  type TelnetElement,
  TelnetParser,
  telnetDissector,
} from './index.ts';
import { LineEditor } from './machine/line-editor.ts';
import { refusal } from './machine/negotiation.ts';
import { DO, DONT, IAC, SB, SE, WILL, WONT } from './wire/codes.ts';

/** Data joined, commands by their codes: what a stream says, however it was cut. */
function reading(elements: readonly TelnetElement[]): string {
  return elements
    .map((element) =>
      element.type === 'data'
        ? fromLatin1(element.bytes)
        : `<${element.command.code}${element.command.option === undefined ? '' : ` ${element.command.option}`}>`,
    )
    .join('');
}

describe('the stream', () => {
  it.each([
    ['hello', 'hello'],
    [`a\xff\xffb`, 'a\xffb'],
    [`a${String.fromCharCode(IAC, WILL, 1)}b`, 'a<251 1>b'],
    [`${String.fromCharCode(IAC, SB, 24, 1, 255, 255, IAC, SE)}x`, '<250>x'],
    [`${String.fromCharCode(IAC, 246)}x`, '<246>x'],
    ['\xff', ''],
  ])('%j', (text, read) => {
    expect(reading(new TelnetParser().push(latin1(text)))).toBe(read);
  });

  it('reads the same whole and byte by byte, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const special = bytes.map((byte) => (byte % 3 === 0 ? 240 + (byte % 16) : byte));
        const single = new TelnetParser();
        const pieces = [...special].flatMap((byte) => single.push(Uint8Array.of(byte)));
        expect(reading(pieces)).toBe(reading(new TelnetParser().push(special)));
      }),
      { seed: 2, numRuns: 2_000 },
    );
  });

  it('gives data back that was escaped', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const data = new TelnetParser()
          .push(escapeIac(bytes))
          .flatMap((element) => (element.type === 'data' ? [element.bytes] : []));
        expect(concat(data)).toEqual(bytes);
      }),
      { seed: 3, numRuns: 500 },
    );
  });
});

describe('negotiation', () => {
  it('refuses what is offered and demanded, and does not answer a refusal', () => {
    expect(refusal({ code: WILL, option: 1 })).toEqual(Uint8Array.of(IAC, DONT, 1));
    expect(refusal({ code: DO, option: 31 })).toEqual(Uint8Array.of(IAC, WONT, 31));
    expect(refusal({ code: WONT, option: 1 })).toBeUndefined();
    expect(refusal({ code: DONT, option: 1 })).toBeUndefined();
  });
});

describe('lines', () => {
  it.each([
    ['a\r\nb\r\0c\nd', ['a', 'b', 'c']],
    ['ab\x7fc\r\n', ['ac']],
    ['\r\n\r\n', ['', '']],
  ])('%j', (typed, lines) => {
    expect(new LineEditor().push(latin1(typed))).toEqual(lines);
  });

  it('have a limit', () => {
    const editor = new LineEditor();
    const [line] = editor.push(latin1(`${'x'.repeat(5_000)}\n`));
    expect(line).toHaveLength(1_024);
  });
});

const echo = (): Shell => ({
  banner: 'hello',
  prompt: '> ',
  async run(line, write) {
    if (line === 'exit') return 'exit';
    if (line === 'fail') throw new Error('it failed');
    write(`you said ${line}\n`);
    return undefined;
  },
});

async function talk(typed: string): Promise<string> {
  const world = new World({ seed: 1 });
  const [user, host] = [world.host('user', { latency: 5 }), world.host('host')];
  return world.run(
    (async () => {
      const { local } = await serveTelnet(host, { shell: echo });
      const reader = new ByteReader(await user.network.connect(local));
      await reader.write(latin1(typed));
      reader.end();
      return fromLatin1(await reader.readAll());
    })(),
  );
}

describe('the remote terminal', () => {
  it('runs lines one after another and hangs up at the end of the input', async () => {
    expect(await talk('one\r\ntwo\r\n')).toBe('hello\r\n> you said one\r\n> you said two\r\n> ');
  });

  it('hangs up on exit, whatever was typed after it', async () => {
    expect(await talk('exit\r\none\r\n')).toBe('hello\r\n> ');
  });

  it('shows what a command failed of, and goes on', async () => {
    expect(await talk('fail\r\none\r\n')).toContain('it failed\r\n> you said one');
  });

  it('answers are-you-there and refuses options', async () => {
    const answer = await talk(String.fromCharCode(IAC, 246, IAC, DO, 1));
    expect(answer).toContain('[yes]');
    expect(answer).toContain(String.fromCharCode(IAC, WONT, 1));
  });
});

it('a terminal that nobody reads is cut off', async () => {
  const world = new World({ seed: 1 });
  const [user, host] = [world.host('user'), world.host('host', { sendBuffer: 1_000 })];
  const talker = (): Shell => ({
    banner: '',
    prompt: '',
    async run(_line, write) {
      for (let i = 0; i < 3_000; i++) write('x'.repeat(1_000));
      return undefined;
    },
  });
  const why = world.run(
    (async () => {
      const { local } = await serveTelnet(host, { shell: talker });
      const connection = await user.network.connect(local);
      return new Promise<string>((resolve) => {
        connection.attach({ onData() {}, onClose: ({ kind }) => resolve(kind) });
        connection.pause();
        connection.write(latin1('go\r\n'));
      });
    })(),
  );
  expect(await why).toBe('reset');
});

it('is dissected with commands by their names', () => {
  const reader = telnetDissector.stream?.();
  const [message] = reader?.push('client', Uint8Array.of(IAC, WILL, 31, 104, 105)) ?? [];
  expect(message).toMatchObject({ length: 5, summary: 'WILL WINDOW SIZE, hi' });
});

import { describe, expect, it } from 'vitest';
import { latin1 } from '../lib/bytes.ts';
import type { Endpoint } from '../lib/endpoint.ts';
import { TraceBus } from './bus.ts';
import { ladder, ladderLine } from './ladder.ts';
import { mermaid } from './mermaid.ts';
import type { Message } from './message.ts';
import { ndjson, parseNdjson } from './ndjson.ts';
import { Recorder } from './recorder.ts';
import { DissectorRegistry, preview } from './registry.ts';
import { Ring } from './ring.ts';
import type { Dissected, Dissector, TraceEvent } from './types.ts';

const ALICE: Endpoint = { address: '127.20.1.10', port: 40_000 };
const SERVER: Endpoint = { address: '127.20.1.80', port: 7 };
const OUTSIDE: Endpoint = { address: '127.0.0.1', port: 50_000 };
const HEAD = {
  epoch: Date.UTC(2026, 0, 1),
  hosts: [
    { name: 'alice', address: ALICE.address },
    { name: 'server', address: SERVER.address },
  ],
};

function line(text: string, length: number): Dissected {
  return {
    length,
    summary: text,
    role: text.startsWith('ask') ? 'request' : 'reply',
    fields: () => [{ name: 'Text', value: text, start: 0, end: length, spec: 'RFC 0' }],
  };
}

/** Messages are lines; a line that begins with "ask" is a request. */
const LINES: Dissector = {
  protocol: 'lines',
  ports: [7],
  datagram: (bytes) => line(new TextDecoder().decode(bytes), bytes.length),
  stream() {
    const rest = { client: '', server: '' };
    return {
      push(speaker, bytes) {
        const lines = (rest[speaker] + new TextDecoder().decode(bytes)).split('\n');
        rest[speaker] = lines.pop() ?? '';
        return lines.map((text) => line(text, text.length + 1));
      },
      end(speaker) {
        const text = rest[speaker];
        rest[speaker] = '';
        return text === '' ? [] : [{ ...line(text, text.length), malformed: true }];
      },
    };
  },
};

function recorder() {
  const bus = new TraceBus();
  const updates: number[] = [];
  const made = new Recorder({ bus, dissectors: new DissectorRegistry([LINES]), head: HEAD });
  made.watch({ onMessage() {}, onUpdate: (message) => updates.push(message.id) });
  const tell = (event: Partial<TraceEvent> & Pick<TraceEvent, 'kind' | 'from' | 'to'>) =>
    bus.emit({ at: 0, host: 'alice', transport: 'tcp', ...event });
  return { bus, made, tell, updates };
}

const summaries = (messages: readonly Message[]) => messages.map(({ summary }) => summary);

describe('datagrams', () => {
  it('pairs what left with what arrived, and a reply with its request', () => {
    const { made, tell } = recorder();
    const udp = { transport: 'udp' as const };
    tell({ ...udp, kind: 'bind', from: ALICE, to: ALICE });
    tell({ ...udp, kind: 'send', from: ALICE, to: SERVER, bytes: latin1('ask'), at: 1 });
    tell({
      ...udp,
      kind: 'receive',
      host: 'server',
      from: ALICE,
      to: SERVER,
      bytes: latin1('ask'),
      at: 3,
    });
    tell({
      ...udp,
      kind: 'send',
      host: 'server',
      from: SERVER,
      to: ALICE,
      bytes: latin1('told'),
      at: 4,
    });
    const [request, reply] = made.messages();
    expect(request).toMatchObject({ fromHost: 'alice', toHost: 'server', sentAt: 1, arrivedAt: 3 });
    expect(reply).toMatchObject({ replyTo: request?.id, causedBy: request?.id });
    expect(reply?.arrivedAt).toBeUndefined();
  });

  it('believes the receiver where the sender is not ours', () => {
    const { made, tell } = recorder();
    tell({
      transport: 'udp',
      kind: 'receive',
      host: 'server',
      from: OUTSIDE,
      to: SERVER,
      bytes: latin1('ask'),
      at: 3,
    });
    expect(made.messages()).toHaveLength(1);
    expect(made.messages()[0]).toMatchObject({ fromHost: '127.0.0.1', sentAt: 3, arrivedAt: 3 });
  });

  it('marks what the network lost, and finds it among others', () => {
    const { made, tell, updates } = recorder();
    const udp = { transport: 'udp' as const, from: ALICE, to: SERVER };
    tell({ ...udp, kind: 'send', bytes: latin1('ask 1') });
    tell({ ...udp, kind: 'send', bytes: latin1('ask 2') });
    tell({ ...udp, kind: 'drop', bytes: latin1('ask 2'), text: 'lost on the link' });
    tell({ ...udp, kind: 'receive', host: 'server', bytes: latin1('ask 1'), at: 9 });
    expect(made.messages().map(({ lost, arrivedAt }) => [lost, arrivedAt])).toEqual([
      [undefined, 9],
      ['lost on the link', undefined],
    ]);
    expect(updates).toEqual([2, 1]);
  });
});

describe('connections', () => {
  const open = (tell: ReturnType<typeof recorder>['tell']) => {
    tell({ kind: 'open', from: ALICE, to: SERVER });
    tell({ kind: 'accept', host: 'server', from: ALICE, to: SERVER });
  };

  it('cuts the stream of each side into messages, whatever the pieces', () => {
    const { made, tell } = recorder();
    open(tell);
    tell({ kind: 'send', from: ALICE, to: SERVER, bytes: latin1('ask o'), at: 1 });
    tell({ kind: 'send', from: ALICE, to: SERVER, bytes: latin1('ne\nask two\n'), at: 2 });
    tell({
      kind: 'receive',
      host: 'server',
      from: ALICE,
      to: SERVER,
      bytes: latin1('ask one\na'),
      at: 3,
    });
    tell({
      kind: 'receive',
      host: 'server',
      from: ALICE,
      to: SERVER,
      bytes: latin1('sk two\n'),
      at: 4,
    });
    tell({ kind: 'send', host: 'server', from: SERVER, to: ALICE, bytes: latin1('yes\n'), at: 5 });
    const [one, two, yes] = made.messages();
    expect(one).toMatchObject({
      summary: 'ask one',
      startedAt: 1,
      sentAt: 2,
      arrivedAt: 3,
      opensConnection: true,
    });
    expect(two).toMatchObject({
      summary: 'ask two',
      startedAt: 2,
      sentAt: 2,
      arrivedAt: 4,
      opensConnection: false,
    });
    expect(yes).toMatchObject({ summary: 'yes', replyTo: one?.id });
    expect(new TextDecoder().decode(one?.bytes)).toBe('ask one\n');
  });

  it('marks as lost what the other side closed upon, and tells what was cut off', () => {
    const { made, tell } = recorder();
    open(tell);
    tell({ kind: 'send', from: ALICE, to: SERVER, bytes: latin1('ask one\nask tw'), at: 1 });
    tell({ kind: 'close', host: 'server', from: SERVER, to: ALICE, text: 'reset', at: 2 });
    tell({ kind: 'close', from: ALICE, to: SERVER, text: 'reset', at: 3 });
    const [one, reset, two] = made.messages();
    expect(one).toMatchObject({ summary: 'ask one', lost: 'reset' });
    expect(reset).toMatchObject({ protocol: 'tcp', summary: 'connection reset' });
    expect(two).toMatchObject({ summary: 'ask tw', malformed: true });
  });

  it('tells of a refused connection', () => {
    const { made, tell } = recorder();
    tell({ kind: 'refused', from: ALICE, to: SERVER, text: 'refused' });
    expect(made.messages()[0]).toMatchObject({
      protocol: 'tcp',
      summary: 'refused',
      lost: 'refused',
    });
  });

  it('uses the same ports again as a new conversation', () => {
    const { made, tell } = recorder();
    for (let use = 0; use < 2; use++) {
      open(tell);
      tell({ kind: 'send', from: ALICE, to: SERVER, bytes: latin1('ask\n') });
      tell({ kind: 'close', from: ALICE, to: SERVER, text: 'end' });
      tell({ kind: 'close', host: 'server', from: SERVER, to: ALICE, text: 'end' });
    }
    const [first, second] = made.messages();
    expect(second?.conversation).not.toBe(first?.conversation);
    expect(second?.opensConnection).toBe(true);
  });
});

describe('notes', () => {
  it('stand beside the next message of their direction, with what led to it', () => {
    const { made, tell } = recorder();
    const udp = { transport: 'udp' as const };
    tell({ ...udp, kind: 'send', host: 'server', from: SERVER, to: ALICE, bytes: latin1('told') });
    tell({ ...udp, kind: 'receive', from: SERVER, to: ALICE, bytes: latin1('told') });
    tell({
      ...udp,
      kind: 'note',
      from: ALICE,
      to: OUTSIDE,
      text: 'because',
      spec: 'RFC 1034',
      because: SERVER,
    });
    tell({ ...udp, kind: 'send', from: ALICE, to: SERVER, bytes: latin1('ask') });
    tell({ ...udp, kind: 'send', from: ALICE, to: OUTSIDE, bytes: latin1('ask') });
    const [told, unrelated, noted] = made.messages();
    expect(unrelated?.notes).toEqual([]);
    expect(noted?.notes).toEqual([{ text: 'because', spec: 'RFC 1034' }]);
    expect(noted?.causedBy).toBe(told?.id);
  });
});

function exchange() {
  const { made, tell } = recorder();
  const udp = { transport: 'udp' as const };
  tell({ ...udp, kind: 'send', from: ALICE, to: SERVER, bytes: latin1('ask'), at: 1 });
  tell({
    ...udp,
    kind: 'receive',
    host: 'server',
    from: ALICE,
    to: SERVER,
    bytes: latin1('ask'),
    at: 3,
  });
  tell({
    ...udp,
    kind: 'send',
    host: 'server',
    from: SERVER,
    to: ALICE,
    bytes: latin1('told; #1'),
    at: 4,
  });
  tell({
    ...udp,
    kind: 'drop',
    from: SERVER,
    to: ALICE,
    bytes: latin1('told; #1'),
    text: 'lost',
    at: 4,
  });
  return made.recording();
}

describe('the ladder as text', () => {
  it('has a column for each host', () => {
    expect(ladder(exchange().messages)).toBe(
      [
        '          alice  server',
        '     1.0    ●───────▶      LINES ask',
        '     4.0    ◀╌╌╌✕╌╌╌●      LINES told; #1  ✕ lost',
        '',
      ].join('\n'),
    );
  });

  it('falls back to names where the columns do not fit', () => {
    expect(ladder(exchange().messages, { width: 20 })).toContain('alice            → server');
  });

  it('shows fields and bytes when asked', () => {
    const [message] = exchange().messages;
    const text = ladderLine(message as Message, { fields: true, bytes: true });
    expect(text).toContain('Text: ask  [RFC 0]');
    expect(text).toContain('0000  61 73 6b');
  });
});

describe('exports', () => {
  it('mermaid names each host once and escapes its own signs', () => {
    expect(mermaid(exchange().messages)).toBe(
      'sequenceDiagram\n  participant h1 as alice\n  participant h2 as server\n  h1->>h2: ask\n  h2-xh1: told#59; #35;1\n',
    );
  });

  it('ndjson comes back as it was', () => {
    const { epoch, hosts, events } = exchange();
    expect(parseNdjson(ndjson({ epoch, hosts, events }))).toEqual({ epoch, hosts, events });
  });

  it.each([
    ['', 'line 1: expected one JSON object'],
    ['{"toplayer":2}', 'line 1: expected the head'],
    ['{"toplayer":1,"hosts":[]}\n{"kind":"sing"}', 'line 2: no such kind of event: sing'],
  ])('%j is refused by its line', (text, message) => {
    expect(() => parseNdjson(text)).toThrow(message);
  });
});

describe('the ring', () => {
  it('lets the oldest go by number and by weight', () => {
    const ring = new Ring<string>(3, 10, (text) => text.length);
    for (const text of ['a', 'b', 'c']) expect(ring.push(text)).toEqual([]);
    expect(ring.push('d')).toEqual(['a']);
    expect(ring.push('123456789')).toEqual(['b', 'c']);
    expect(ring.values()).toEqual(['d', '123456789']);
  });

  it('keeps its order over many thousands', () => {
    const ring = new Ring<number>(100, 1e9, () => 1);
    for (let i = 0; i < 10_000; i++) ring.push(i);
    expect(ring.values()).toEqual(Array.from({ length: 100 }, (_, i) => 9_900 + i));
  });

  it('clears a recording and goes on counting', () => {
    const { made, tell } = recorder();
    tell({ transport: 'udp', kind: 'send', from: ALICE, to: SERVER, bytes: latin1('ask') });
    made.clear();
    tell({ transport: 'udp', kind: 'send', from: ALICE, to: SERVER, bytes: latin1('ask') });
    expect(made.messages().map(({ id }) => id)).toEqual([2]);
    expect(made.message(1)).toBeUndefined();
  });
});

describe('plain data', () => {
  it.each([
    ['hello', 'hello'],
    ['hello\r\nworld', 'hello…'],
    ['\x00\x01', '2 bytes'],
    ['', '0 bytes'],
  ])('%j is shown as %j', (text, shown) => {
    expect(preview(latin1(text))).toBe(shown);
  });
});

it('summaries of the recorder are in order', () => {
  expect(summaries(exchange().messages)).toEqual(['ask', 'told; #1']);
});

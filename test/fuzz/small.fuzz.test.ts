/** The small parsers: any input gives a value or an error of ours; streams are the same byte by byte. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { it } from 'vitest';
import { parseDigWords } from '../../src/cli/commands/dig-words.ts';
import { frame, parseZoneFile, Unframer, ZoneFileError } from '../../src/dns/index.ts';
import { fromBase64 } from '../../src/lib/base64.ts';
import { concat, fromLatin1, hex } from '../../src/lib/bytes.ts';
import { isIPv4, parseEndpoint } from '../../src/lib/endpoint.ts';
import { AppError, UsageError } from '../../src/lib/errors.ts';
import { parseDuration, parseRate, parseShare } from '../../src/lib/units.ts';
import { cssUrls, htmlUrls } from '../../src/page/index.ts';
import { decodePing, pingDissector } from '../../src/ping/index.ts';
import { parsePorts } from '../../src/ports/index.ts';
import { type TelnetElement, TelnetParser, telnetDissector } from '../../src/telnet/index.ts';
import { LineEditor } from '../../src/telnet/machine/line-editor.ts';
import { parseNdjson } from '../../src/trace/index.ts';
import { parseFilter } from '../../web/src/state/filter.ts';
import { fuzz } from './mutate.ts';

const TIME = 120_000;

/** Runs it; errors that are none of `kind` are failures. */
function allowed<T>(kind: new (...args: never[]) => Error, act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof kind) return undefined;
    throw error;
  }
}

const ZONES = [
  '$ORIGIN a.\n$TTL 1h\n@ SOA ns host ( 1 2 ; c\n 3 4 5 )\n NS ns\nns A 127.0.0.1\n',
  'a 300 IN TXT "x y" z\n*.b MX 10 m\n$GENERATE 1-3 h$ A 10.0.0.$\n',
  'c CNAME d\\.e\n CH TXT \\065\nf TYPE99 \\# 2 abcd\n$INCLUDE g\n',
];

it('zone files', { timeout: TIME }, () => {
  const include = () => 'i A 127.0.0.2\n';
  fuzz(
    ZONES,
    ['(', ')', '"', ';', '\\', '\n', ' ', '@', '$', '.', '$GENERATE 0-9 ', '4294967296', '\0'],
    (bytes) => {
      allowed(ZoneFileError, () => parseZoneFile(fromLatin1(bytes), { origin: 'o.', include }));
    },
  );
});

const said = (elements: readonly TelnetElement[]) =>
  elements
    .map((element) =>
      element.type === 'data' ? hex(element.bytes) : JSON.stringify(element.command),
    )
    .join('');

it('telnet streams, whole and byte by byte', { timeout: TIME }, () => {
  fuzz(
    ['hello\r\n', '\xff\xfd\x01ls\r\n', '\xff\xfa\x18\x00vt\xff\xf0x'],
    ['\xff', '\xff\xfa', '\xff\xf0', '\xff\xfb', '\r', '\0'],
    (bytes) => {
      const parser = new TelnetParser();
      const pieces = [...bytes].flatMap((byte) => parser.push(Uint8Array.of(byte)));
      equal(said(pieces), said(new TelnetParser().push(bytes)));
      const editor = new LineEditor();
      deepEqual(
        [...bytes].flatMap((byte) => editor.push(Uint8Array.of(byte))),
        new LineEditor().push(bytes),
      );
      for (const message of telnetDissector.stream?.().push('client', bytes) ?? [])
        message.fields();
    },
  );
});

it('DNS over TCP, whole and byte by byte', { timeout: TIME }, () => {
  fuzz(['\0\x05hello', '\0\0\0\x01a', '\x01\0'], ['\0\0', '\0\x01', '\xff'], (bytes) => {
    const stream = concat([frame(bytes), bytes]);
    const slowly = new Unframer();
    const pieces = [...stream].flatMap((byte) => slowly.push(Uint8Array.of(byte)));
    deepEqual(pieces.map(hex), new Unframer().push(stream).map(hex));
  });
});

it('pings', { timeout: TIME }, () => {
  fuzz(['Ping 1 12.5', 'PING 10 x\n'], [' ', '\n', '0', '-1', '99999999999'], (bytes) => {
    decodePing(bytes);
    for (const { start, end } of pingDissector.datagram?.(bytes).fields() ?? []) {
      ok(start <= end && end <= bytes.length);
    }
  });
});

it('recordings', { timeout: TIME }, () => {
  const head = '{"toplayer":1,"epoch":0,"hosts":[]}\n';
  const event =
    '{"kind":"send","at":1,"host":"a","transport":"udp","from":"1.2.3.4:5","to":"[::1]:6","bytes":"YWJj"}\n';
  fuzz(
    [head, head + event, head + event + event],
    ['"', '{', '}', ':', ',', '\n', 'null', '-1', '[', '99999'],
    (bytes) => {
      allowed(UsageError, () => parseNdjson(fromLatin1(bytes)));
    },
  );
});

it('HTML and CSS', { timeout: TIME }, () => {
  const base = 'http://a/b/';
  fuzz(
    [
      '<img src=a.png><link rel=stylesheet href="b">',
      '<a>url(c)</a><style>@import "d";</style>',
      '@import url("e")/*x*/;b{c:url(f)}',
    ],
    ['<', '>', '"', "'", '<base href=', 'url(', '\\', '/*', '*/', '&#0;', 'srcset=a 2x,'],
    (bytes) => {
      const text = fromLatin1(bytes);
      htmlUrls(text, base);
      cssUrls(text);
    },
  );
});

it('words of the command line and of the filter', { timeout: TIME }, () => {
  const examples = [
    '80,20-25',
    '127.0.0.1:53',
    '[::1]:80',
    '10 Mbit/s',
    '1.5 s',
    '5 %',
    'YWI=',
    'dns && host == a || !"b"',
    '@1.2.3.4 name +short -x 1.2.3.4',
  ];
  fuzz(
    examples,
    [' ', '"', '(', ')', '&&', '||', '==', '!', '+', '-x', '@', ':', '.', ','],
    (bytes) => {
      const text = fromLatin1(bytes);
      for (const parse of [
        parsePorts,
        parseDuration,
        parseRate,
        parseShare,
        fromBase64,
        isIPv4,
        parseFilter,
      ])
        parse(text);
      allowed(UsageError, () => parseEndpoint(text, 1));
      allowed(AppError, () => parseDigWords(text.split(' ')));
    },
  );
});

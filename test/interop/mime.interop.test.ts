/** Python's email package reads what we build, and we read what it builds. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { buildMessage, fileName, parseMessage, reencode7bit } from '../../src/mime/index.ts';
import { seededRandom } from '../../src/net/index.ts';
import { describeWith } from '../peer.ts';
import { run } from '../run.ts';

const READ = `
import sys, json, email, email.policy, base64
m = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
defects = [repr(d) for p in m.walk() for d in p.defects]
defects += [repr(d) for p in m.walk() for v in p.values() for d in getattr(v, 'defects', [])]
text, html = m.get_body(('plain',)), m.get_body(('html',))
print(json.dumps({
  'subject': m['subject'], 'defects': defects,
  'from': [[a.display_name, a.addr_spec] for a in m['from'].addresses],
  'to': [[a.display_name, a.addr_spec] for a in m['to'].addresses],
  'date': m['date'].datetime.timestamp(),
  'text': text and text.get_content().replace('\\r\\n', '\\n'),
  'html': html and html.get_content().replace('\\r\\n', '\\n'),
  'types': [p.get_content_type() for p in m.walk()],
  'attachments': [[p.get_filename(), base64.b64encode(p.get_payload(decode=True)).decode()] for p in m.iter_attachments()],
}))
`;

const WRITE = `
import sys, email.policy, email.utils, datetime
from email.message import EmailMessage
from email.headerregistry import Address
m = EmailMessage(policy=email.policy.SMTP)
m['From'] = Address('Jörg "J" Müller', 'joerg', 'campus.edu')
m['To'] = [Address('Ann, the first', 'ann', 'news.org'), Address('', 'bob', 'news.org')]
m['Subject'] = 'Grüße aus 東京, ' * 8
m['Date'] = datetime.datetime(2026, 11, 26, 8, 5, 39, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))
m.set_content('Straße\\n' + 'x' * 2000 + '\\nend \\n', cte=sys.argv[2])
m.add_alternative('<p>日本 <img src="cid:p@x">', subtype='html', charset='iso-2022-jp')
m.get_payload()[1].add_related(bytes(range(256)), 'image', 'png', cid='<p@x>')
m.add_attachment(b'a,b', maintype='text', subtype='csv', filename='Übersicht mit einem sehr langen Namen 日本語.csv')
inner = EmailMessage(policy=email.policy.SMTP)
inner['Subject'] = 'inside'
inner.set_content('deep')
m.add_attachment(inner)
open(sys.argv[1], 'wb').write(m.as_bytes())
`;

describeWith(['python3'], "Python's email", () => {
  const folder = mkdtempSync(join(tmpdir(), 'toplayer-mime-'));
  const file = join(folder, 'message.eml');
  afterAll(() => rmSync(folder, { recursive: true }));
  const python = async (program: string, ...args: string[]): Promise<string> => {
    const { out, err } = await run('python3', ['-c', program, ...args]);
    expect(err).toBe('');
    return out;
  };

  test.each(['7 bits', '8 bits', 'reencoded'])('reads what we build: %s', async (way) => {
    const built = buildMessage(
      {
        from: { name: 'Jörg "J" Müller', local: 'joerg', domain: 'campus.edu' },
        to: '"Ann, the first" <ann@news.org>, bob@news.org',
        subject: 'Grüße aus 東京, '.repeat(8),
        text: `Straße\n${'-'.repeat(60)}\nend \n`,
        html: '<p>日本 <img src="cid:p@x">',
        attachments: [
          { id: 'p@x', type: 'image/png', content: Uint8Array.of(0, 1, 255) },
          {
            fileName: 'Übersicht mit einem sehr langen Namen 日本語.csv',
            type: 'text/csv',
            content: 'a,b',
          },
        ],
      },
      { now: 1_795_676_739_000, zone: 60, luck: seededRandom(1), eightBit: way !== '7 bits' },
    );
    writeFileSync(file, way === 'reencoded' ? reencode7bit(built) : built);
    expect(JSON.parse(await python(READ, file))).toEqual({
      subject: 'Grüße aus 東京, '.repeat(8),
      defects: [],
      from: [['Jörg "J" Müller', 'joerg@campus.edu']],
      to: [
        ['Ann, the first', 'ann@news.org'],
        ['', 'bob@news.org'],
      ],
      date: 1_795_676_739,
      text: `Straße\n${'-'.repeat(60)}\nend \n`,
      html: '<p>日本 <img src="cid:p@x">',
      types: [
        'multipart/mixed',
        'multipart/alternative',
        'text/plain',
        'multipart/related',
        'text/html',
        'image/png',
        'text/csv',
      ],
      attachments: [['Übersicht mit einem sehr langen Namen 日本語.csv', btoa('a,b')]],
    });
  });

  test.each(['quoted-printable', 'base64'])('writes in %s what we read', async (encoding) => {
    await python(WRITE, file, encoding);
    const message = parseMessage(readFileSync(file));
    expect(message.inspect()).toEqual([]);
    expect(message.subject.trim()).toBe('Grüße aus 東京, '.repeat(8).trim());
    expect(message.from).toEqual([
      { name: 'Jörg "J" Müller', local: 'joerg', domain: 'campus.edu' },
    ]);
    expect(message.to.map((entry) => 'name' in entry && entry.name)).toEqual([
      'Ann, the first',
      '',
    ]);
    expect(message.date).toEqual({ ms: 1_795_676_739_000, zone: 60 });
    expect(message.text).toBe(`Straße\n${'x'.repeat(2000)}\nend \n`);
    expect(message.html).toBe('<p>日本 <img src="cid:p@x">\n');
    expect(message.related.map((part) => message.content(part))).toEqual([
      Uint8Array.from({ length: 256 }, (_, i) => i),
    ]);
    const [csv, inner] = message.attachments;
    expect(csv && fileName(csv)).toBe('Übersicht mit einem sehr langen Namen 日本語.csv');
    expect(inner?.children[0]?.fields.get('Subject')).toBe('inside');
  });
});

/** MIME beside npm's mailparser and postal-mime (reading) and nodemailer (writing): MB a second of processor time. */
import { createRequire } from 'node:module';
import { buildMessage, type MessageDraft, parseMessage } from '../src/mime/index.ts';
import { seededRandom } from '../src/net/index.ts';
import { type Bench, cpuSeconds, median, type Result } from './bench.ts';

const load = createRequire(import.meta.url);
const RUNS = 15;
const BATCH = 4;

/** The parts of the peers that we use; they carry no types. */
interface MailComposer {
  compile(): { build(): Promise<Uint8Array> };
}
type MailComposerClass = new (mail: object) => MailComposer;
type SimpleParser = (message: Uint8Array, options?: object) => Promise<unknown>;
interface PostalMime {
  parse(message: Uint8Array): Promise<unknown>;
}

const luck = seededRandom(1);
const TEXT =
  'A line of a letter, as people write them: grüße, naïveté, and nothing of weight.\n'.repeat(4000);
const HTML = `<p>${TEXT.replaceAll('\n', '</p>\n<p>')}</p>`;
const ATTACHMENT: Uint8Array = seededRandom(2).bytes(2_850_000);

const DRAFT: MessageDraft = {
  from: 'alice@campus.edu',
  to: 'bob@news.org',
  subject: 'Grüße',
  text: TEXT,
  html: HTML,
  attachments: [{ fileName: 'picture.png', type: 'image/png', content: ATTACHMENT }],
};

const MAIL = {
  from: 'alice@campus.edu',
  to: 'bob@news.org',
  subject: 'Grüße',
  text: TEXT,
  html: HTML,
  attachments: [
    { filename: 'picture.png', contentType: 'image/png', content: Buffer.from(ATTACHMENT) },
  ],
};

function build(): Uint8Array {
  return buildMessage(DRAFT, { now: 0, luck });
}

/** All that the peers give too: every text and every content, decoded. */
function readAll(bytes: Uint8Array): void {
  const message = parseMessage(bytes);
  const read = [message.subject, message.from, message.date, message.text, message.html];
  for (const part of message.attachments) read.push(String(message.content(part).length));
  if (read.length !== 6) throw new Error('the message was not read whole');
}

/** Megabytes a second of each, in turns, so that noise meets all alike. */
async function rates(
  size: number,
  works: Readonly<Record<string, () => unknown>>,
): Promise<Record<string, number>> {
  const found = Object.fromEntries(Object.keys(works).map((name) => [name, [] as number[]]));
  for (let run = 0; run < RUNS; run++) {
    for (const [name, work] of Object.entries(works)) {
      const start = cpuSeconds();
      for (let i = 0; i < BATCH; i++) await work();
      // The first runs are the compiler's.
      if (run > 2) found[name]?.push((BATCH * size) / 1e6 / (cpuSeconds() - start));
    }
  }
  return Object.fromEntries(Object.entries(found).map(([name, list]) => [name, median(list)]));
}

function version(name: string): string {
  return (load(`${name}/package.json`) as { version: string }).version;
}

export const bench: Bench = {
  name: 'mime',
  async run() {
    const { simpleParser } = load('mailparser') as { simpleParser: SimpleParser };
    const { default: Postal } = (await import('postal-mime')) as unknown as {
      default: PostalMime;
    };
    const Composer = load('nodemailer/lib/mail-composer') as MailComposerClass;
    const bytes = build();
    const message = Buffer.from(bytes);
    const bare = { skipHtmlToText: true, skipTextToHtml: true, skipTextLinks: true };
    const read = await rates(bytes.length, {
      ours: () => readAll(bytes),
      mailparser: () => simpleParser(message, bare),
      'postal-mime': () => Postal.parse(message),
    });
    const written = await rates(bytes.length, {
      ours: build,
      nodemailer: () => new Composer(MAIL).compile().build(),
    });
    const row = (
      name: string,
      figures: Record<string, number>,
      peer: string,
      goal?: number,
    ): Result => ({
      name,
      unit: 'MB/s of CPU',
      ours: figures['ours'] ?? Number.NaN,
      peer: { name: peer, version: version(peer), figure: figures[peer] ?? Number.NaN },
      ...(goal !== undefined && { goal }),
    });
    const what = `${(bytes.length / 1e6).toFixed(1)} MB: text, HTML, a picture`;
    return [
      row(`parse ${what}`, read, 'mailparser', 2),
      row(`parse ${what}`, read, 'postal-mime'),
      row(`build ${what}`, written, 'nodemailer', 1),
    ];
  },
};

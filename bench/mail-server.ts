/** A process that takes or gives mail: ours, or npm's smtp-server that throws it away or syncs a file for each message. */
import { mkdtempSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MailHost } from '../src/mailhost/index.ts';
import { realHost } from '../src/net/real/index.ts';
import { sqliteRelayTables } from '../src/storage/index.ts';

export interface MailPorts {
  readonly smtp: number;
  readonly pop3?: number;
  readonly imap?: number;
}

const load = createRequire(import.meta.url);
const [, , kind = '', file = ''] = process.argv;

async function ours(): Promise<MailPorts> {
  const nowhere = async (): Promise<never> => {
    throw new Error('there is no elsewhere');
  };
  const mail = await MailHost.open(realHost(), {
    ...sqliteRelayTables(file),
    domains: ['bench.test'],
    accounts: [{ name: 'c', addresses: ['c@bench.test'], password: 'pass', keepPassword: true }],
    lookup: { mx: nowhere, addresses: nowhere },
    plaintext: true,
    hostname: 'bench.test',
  });
  const [smtp, pop3, imap] = await Promise.all(
    (['smtp', 'pop3', 'imap'] as const).map((door) => mail.serve(door, { port: 0 })),
  );
  return {
    smtp: smtp?.local.port ?? 0,
    pop3: pop3?.local.port ?? 0,
    imap: imap?.local.port ?? 0,
  };
}

/** The parts of smtp-server that are used; it carries no types. */
interface SmtpServer {
  listen(port: number, address: string, done: () => void): void;
  readonly server: { address(): { port: number } };
}
type SmtpServerClass = new (options: object) => SmtpServer;

interface Incoming extends AsyncIterable<Uint8Array> {
  resume(): void;
  on(event: 'end', done: () => void): void;
}

function npm(
  onData: (stream: Incoming, session: unknown, done: () => void) => void,
): Promise<MailPorts> {
  const { SMTPServer } = load('smtp-server') as { SMTPServer: SmtpServerClass };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData,
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({ smtp: server.server.address().port }));
  });
}

function discard(): Promise<MailPorts> {
  return npm((stream, _session, done) => {
    stream.on('end', done);
    stream.resume();
  });
}

async function fsync(): Promise<MailPorts> {
  const folder = mkdtempSync(join(file || tmpdir(), 'messages-'));
  let count = 0;
  return npm((stream, _session, done) => {
    const keep = async (): Promise<void> => {
      const pieces: Uint8Array[] = [];
      for await (const piece of stream) pieces.push(piece);
      const message = await open(join(folder, String(++count)), 'wx');
      await message.writeFile(Buffer.concat(pieces));
      await message.datasync();
      await message.close();
      done();
    };
    void keep();
  });
}

const KINDS: Readonly<Record<string, () => Promise<MailPorts>>> = { ours, discard, fsync };
process.send?.(await KINDS[kind]?.());
process.on('disconnect', () => process.exit());

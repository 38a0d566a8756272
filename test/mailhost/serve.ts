/** A mail host of its own process, whose memory can be asked for: each line of input is answered with it. Usage: serve.ts FOLDER SESSIONS */
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { MailHost } from '../../src/mailhost/index.ts';
import { realHost } from '../../src/net/real/index.ts';
import { sqliteRelayTables } from '../../src/storage/index.ts';
import { NOWHERE } from '../storage/relay-host.ts';
import { ALICE } from './stage.ts';

const [folder = '.', sessions = '1000'] = process.argv.slice(2);
const mail = await MailHost.open(realHost(), {
  ...sqliteRelayTables(join(folder, 'mail.sqlite')),
  domains: ['shop.com'],
  lookup: NOWHERE,
  accounts: [ALICE],
  plaintext: true,
  sessionsLimit: Number(sessions),
  onError: (error) => process.stderr.write(`${error}\n`),
});
const doors: Record<string, number> = {};
for (const door of ['smtp', 'pop3', 'imap'] as const) {
  doors[door] = (await mail.serve(door, { port: 0 })).local.port;
}
process.stdout.write(`${JSON.stringify(doors)}\n`);
for await (const _ of createInterface(process.stdin)) {
  globalThis.gc?.();
  process.stdout.write(`${process.memoryUsage().rss}\n`);
}
process.exit();

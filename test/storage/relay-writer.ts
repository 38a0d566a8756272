/** Takes letters as a mail host until killed; says each number when 250 was said for it. Usage: relay-writer.ts FOLDER */
import { join } from 'node:path';
import { MailStore } from '../../src/mail/index.ts';
import { realHost } from '../../src/net/real/index.ts';
import { Relay } from '../../src/relay/index.ts';
import { SmtpClient, serveSmtp } from '../../src/smtp/index.ts';
import { sqliteRelayTables } from '../../src/storage/index.ts';
import { DOMAIN, ELSEWHERE, lastNumber, NOWHERE } from './relay-host.ts';

const folder = process.argv[2] ?? '.';
const { mail, queue } = sqliteRelayTables(join(folder, 'mail.sqlite'));
const host = realHost();
const store = MailStore.open(host, mail);
if (!store.account('bob')) await store.addAccount({ name: 'bob', addresses: [`bob@${DOMAIN}`] });
const options = { store, queue, domains: [DOMAIN], hostname: 'mx.test', lookup: NOWHERE };
const relay = Relay.open(host, { ...options, relayFrom: ['127.0.0.1'] });
const server = await serveSmtp(host, { port: 0, backend: relay.backend('relay') });

let next = lastNumber(store, relay) + 1;
const send = async (): Promise<void> => {
  const client = await SmtpClient.connect(host, server.local);
  const from = { local: 'alice', domain: ELSEWHERE };
  const to = [DOMAIN, ELSEWHERE].map((domain) => ({ path: { local: 'bob', domain } }));
  for (;;) {
    const number = next++;
    await client.send({ from, to }, `Message-ID: <${number}@x>\r\n\r\n${number}\r\n`);
    process.stdout.write(`${number}\n`);
  }
};
await Promise.all([send(), send(), send()]);

/** A Maildir of ours, read and changed by Dovecot, and read again. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ImapClient } from '../../src/imap/index.ts';
import { utf8 } from '../../src/lib/bytes.ts';
import { MaildirWriter, readMaildir } from '../../src/mail/index.ts';
import { type RealHost, realFiles, realHost } from '../../src/net/real/index.ts';
import { describeWith } from '../peer.ts';
import { run } from '../run.ts';
import { type Dovecot, startDovecot } from './dovecot.ts';

describeWith(['dovecot', '/usr/lib/dovecot/imap', 'root'], 'Dovecot', () => {
  let dovecot: Dovecot;
  let host: RealHost;
  beforeAll(async () => {
    dovecot = await startDovecot();
    host = realHost();
  });
  afterAll(async () => {
    await dovecot.stop();
    await host.close();
  });

  test('sees our folders, flags and keywords, and we see its own', {
    timeout: 60_000,
  }, async () => {
    const { maildir } = dovecot;
    await realFiles('/').makeDirectory(maildir);
    const writer = new MaildirWriter(realFiles('/'), maildir, host.random);
    const letter = (name: string, flags: string[]) => ({
      bytes: utf8(`Subject: ${name}\r\n\r\nx\r\n`),
      flags,
      received: 1.7e12,
    });
    await writer.add('INBOX', letter('one', ['\\Seen', '$Junk', 'Work']));
    await writer.add('INBOX', letter('two', ['\\Flagged', 'Work', 'Later']));
    await writer.add('Old', letter('three', ['Later']));
    await run('chown', ['-R', 'mail:mail', maildir]);
    const client = await ImapClient.connect(host, { address: '127.0.0.1', port: dovecot.port });
    await client.authenticate({ user: 'alice', password: 'tea' });
    const flags = async (folder: string): Promise<string[]> => {
      await client.select(folder);
      const found: string[] = [];
      for await (const { flags } of client.fetch('1:*', { flags: true })) {
        const plain = flags?.filter((flag) => flag !== '\\Recent') ?? [];
        found.push(plain.sort().join(' '));
      }
      return found.sort();
    };
    expect(await flags('INBOX')).toEqual(['$Junk Work \\Seen', 'Later Work \\Flagged']);
    expect(await flags('Old')).toEqual(['Later']);
    await client.store('1', 'add', ['Found']);
    await client.logout();
    const read: string[] = [];
    for await (const message of readMaildir(realFiles('/'), maildir)) {
      read.push(`${message.folder}: ${[...message.flags].sort().join(' ')}`);
    }
    expect(read.sort()).toEqual([
      'INBOX: $Junk Work \\Seen',
      'INBOX: Later Work \\Flagged',
      'Old: Found Later',
    ]);
  });
});

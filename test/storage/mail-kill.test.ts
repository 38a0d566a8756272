/** A mail host is killed amid sessions on all its doors, again and again: what was answered with 250 or OK is there, whole and once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MailStore } from '../../src/mail/index.ts';
import { below, seededRandom } from '../../src/net/index.ts';
import { realHost } from '../../src/net/real/index.ts';
import { sqliteMailTables } from '../../src/storage/index.ts';
import { sayAndKill } from './kill.ts';

const SEED = 20_261_126;
const KILLS = Number(process.env['KILLS'] ?? 3);

/** Subjects of an account's messages, with how often each is there; their bytes are whole. */
function subjects(store: MailStore, name: string): Map<string, number> {
  const account = store.open(name);
  const counts = new Map<string, number>();
  let used = 0;
  for (const folder of account.folders()) {
    const entries = account.entries(folder);
    const uids = entries.map(({ uid }) => uid);
    expect(uids).toEqual([...new Set(uids)].sort((a, b) => a - b));
    for (const { content, size } of entries) {
      const bytes = account.bytes(content);
      expect(bytes.length).toBe(size);
      expect(new TextDecoder().decode(bytes.subarray(-4))).toBe('xx\r\n');
      used += size;
      const { subject } = account.summary(content).facts;
      counts.set(subject, (counts.get(subject) ?? 0) + 1);
    }
  }
  expect(account.quota().used).toBe(used);
  return counts;
}

it(`${KILLS} times: nothing that was taken is lost, and nothing that was deleted is back`, {
  timeout: 120_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'toplayer-mail-kill-'));
  const random = seededRandom(SEED);
  const taken = new Set<string>();
  const gone = new Set<string>();
  const host = realHost();
  for (let kill = 0; kill < KILLS; kill++) {
    const count = 30 + below(random, 150);
    for (const word of await sayAndKill('mail-writer.ts', [folder, String(kill)], count)) {
      if (word.startsWith('-')) gone.add(word.slice(1));
      else taken.add(word);
    }
    const tables = sqliteMailTables(join(folder, 'mail.sqlite'));
    const store = MailStore.open(host, tables);
    const [alice, popper] = [subjects(store, 'alice'), subjects(store, 'popper')];
    const mine = [...taken].filter((subject) => !subject.startsWith('popper'));
    expect(
      mine.filter((subject) => alice.get(subject) !== 1),
      `kill ${kill}`,
    ).toEqual([]);
    expect([...gone].filter((subject) => popper.has(subject))).toEqual([]);
    expect([...popper.values()].every((times) => times === 1)).toBe(true);
    await store.close();
    tables.close();
  }
  await host.close();
  for (const who of ['alice', 'popper', 'imap']) {
    expect([...taken].filter((subject) => subject.startsWith(who)).length).toBeGreaterThan(3);
  }
  expect(gone.size).toBeGreaterThan(3);
  rmSync(folder, { recursive: true });
});

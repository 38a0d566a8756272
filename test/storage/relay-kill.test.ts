/** A mail host is killed in the middle of its work, again and again: each letter is in the mailbox and in the queue, once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fromUtf8 } from '../../src/lib/bytes.ts';
import { MailStore } from '../../src/mail/index.ts';
import { below, seededRandom } from '../../src/net/index.ts';
import { realHost } from '../../src/net/real/index.ts';
import { Relay } from '../../src/relay/index.ts';
import { sqliteRelayTables } from '../../src/storage/index.ts';
import { writeAndKill } from './kill.ts';
import { DOMAIN, delivered, ELSEWHERE, NOWHERE, queued } from './relay-host.ts';

const SEED = 20_261_126;
const KILLS = 4;

it('no letter that was taken is lost by kill -9, and none is there twice', {
  timeout: 90_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'toplayer-relay-'));
  const random = seededRandom(SEED);
  const acknowledged = new Set<number>();
  const host = realHost();
  for (let kill = 0; kill < KILLS; kill++) {
    const said = await writeAndKill('relay-writer.ts', folder, 1 + below(random, 120));
    for (const number of said) acknowledged.add(number);
    const tables = sqliteRelayTables(join(folder, 'mail.sqlite'));
    const store = MailStore.open(host, tables.mail);
    const options = { store, queue: tables.queue, domains: [DOMAIN], lookup: NOWHERE };
    const relay = Relay.open(host, options);
    const [here, there] = [delivered(store), queued(relay)];
    expect(
      [...acknowledged].filter((one) => !here.includes(one)),
      `kill ${kill}`,
    ).toEqual([]);
    expect(
      there.toSorted((a, b) => a - b),
      `kill ${kill}`,
    ).toEqual(here.toSorted((a, b) => a - b));
    expect(new Set(here).size).toBe(here.length);
    // Three sessions may each have one letter that is taken and not yet said.
    expect(here.length - acknowledged.size).toBeLessThanOrEqual(3 * (kill + 1));
    for (const { content, messageId, recipients } of relay.list()) {
      const text = fromUtf8([...store.contentPieces(content)][0] as Uint8Array);
      expect(text).toMatch(new RegExp(`\\r\\n\\r\\n${messageId?.split('@')[0]}\\r\\n$`));
      expect(recipients[0]).toMatchObject({ path: { domain: ELSEWHERE }, state: 'waiting' });
    }
    await relay.close();
    await store.close();
    tables.close();
  }
  await host.close();
  expect(acknowledged.size).toBeGreaterThan(KILLS);
  rmSync(folder, { recursive: true });
});

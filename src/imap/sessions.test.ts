/** Two sessions of one mailbox: what each is told of the other, and when. */
import { expect, test } from 'vitest';
import { connect, fill, letter, stage, Typist } from '../../test/imap/stage.ts';
import type { Folder } from '../mail/index.ts';
import { below, seededRandom } from '../net/index.ts';
import type { ImapClient, MailboxUpdate } from './index.ts';

test('nothing is expunged under a command that goes by numbers (RFC 9051 §7.5.1)', async () => {
  const s = await stage();
  const run = async (): Promise<void> => {
    await fill(s, 'INBOX', [{}, {}, {}]);
    const typist = await Typist.signedIn(s);
    await typist.say('b SELECT INBOX');
    await s.account.expunge(s.account.folder('INBOX') as Folder, [1]);
    await fill(s, 'INBOX', [{}]);
    expect(await typist.say('c FETCH 2 UID')).toEqual([
      '* 2 FETCH (UID 2)',
      '* 4 EXISTS',
      '* 4 RECENT',
      'c OK [EXPUNGEISSUED] FETCH completed',
    ]);
    expect(await typist.say('d STORE 3 +FLAGS.SILENT (\\Seen)')).toEqual([
      'd OK [EXPUNGEISSUED] STORE completed',
    ]);
    expect(await typist.say('e SEARCH ALL')).toEqual([
      '* SEARCH 2 3 4',
      'e OK [EXPUNGEISSUED] SEARCH completed',
    ]);
    expect(await typist.say('f FETCH 1 BODY.PEEK[]')).toEqual([
      'f NO [EXPUNGEISSUED] Some of the messages are gone',
    ]);
    expect(await typist.say('g UID FETCH 3 FLAGS')).toEqual([
      '* 3 FETCH (UID 3 FLAGS (\\Recent \\Seen))',
      '* 1 EXPUNGE',
      'g OK FETCH completed',
    ]);
    expect(await typist.say('h FETCH 2 UID')).toEqual([
      '* 2 FETCH (UID 3)',
      'h OK FETCH completed',
    ]);
  };
  await s.world.run(run());
});

test('flags of another session are told, a keyword first; those of one self are not told twice', async () => {
  const s = await stage();
  const run = async (): Promise<void> => {
    await fill(s, 'INBOX', [{}, {}]);
    const [one, other] = [await Typist.signedIn(s), await Typist.signedIn(s)];
    await one.say('b SELECT INBOX');
    await other.say('b SELECT INBOX');
    expect(await one.say('c STORE 1 +FLAGS (work)')).toEqual([
      '* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft work)',
      '* 1 FETCH (FLAGS (\\Recent work))',
      'c OK STORE completed',
    ]);
    expect(await one.say('d NOOP')).toEqual(['d OK NOOP completed']);
    expect(await other.say('c NOOP')).toEqual([
      '* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft work)',
      '* 1 FETCH (FLAGS (work))',
      'c OK NOOP completed',
    ]);
  };
  await s.world.run(run());
});

test('recent are messages to the first session that selects them, and stay so for who only looks', async () => {
  const s = await stage();
  const run = async (): Promise<void> => {
    await fill(s, 'INBOX', [{}, {}]);
    const typist = await Typist.signedIn(s);
    const other = await Typist.signedIn(s);
    expect((await typist.say('b STATUS INBOX (RECENT)'))[0]).toBe('* STATUS INBOX (RECENT 2)');
    expect(await typist.say('c EXAMINE INBOX')).toContain('* 2 RECENT');
    expect(await other.say('d SELECT INBOX')).toContain('* 2 RECENT');
    expect(await typist.say('e SELECT INBOX')).toContain('* 0 RECENT');
    await fill(s, 'INBOX', [{}]);
    // The first to be told of it has it.
    const told = [await other.say('f NOOP'), await typist.say('g NOOP')].map((lines) => lines[1]);
    expect(told.toSorted()).toEqual(['* 0 RECENT', '* 3 RECENT']);
  };
  await s.world.run(run());
});

test('a message and the end of its mailbox in one commit: the session ends, the store goes on', async () => {
  const s = await stage();
  const run = async (): Promise<void> => {
    const folder = await s.account.createFolder('Lists');
    const typist = await Typist.signedIn(s);
    await typist.say('b SELECT Lists');
    await Promise.all([fill(s, 'Lists', [{}]), s.account.removeFolder('Lists')]);
    expect(s.account.folder('Lists')).toBeUndefined();
    expect(folder.path).toBe('Lists');
    expect((await typist.say('c NOOP')).at(-2)).toMatch(/^\* BYE /);
    await fill(s, 'INBOX', [{}]);
  };
  await s.world.run(run());
});

test('[CLOSED] by itself, after the deletion of its own mailbox, is heard by our client', async () => {
  const s = await stage();
  const run = async (): Promise<void> => {
    await s.account.createFolder('Lists');
    const client = await connect(s);
    await client.select('Lists');
    await client.delete('Lists');
    expect(client.mailbox).toBeUndefined();
    await client.noop();
  };
  await s.world.run(run());
});

test('a mailbox that is deleted under a session ends it', async () => {
  const s = await stage();
  const run = async (): Promise<void> => {
    const typist = await Typist.signedIn(s);
    await typist.say('b SELECT Archive');
    await s.account.removeFolder('Archive');
    expect(await typist.say('c NOOP')).toEqual(['* BYE The mailbox was deleted', 'closed']);
  };
  await s.world.run(run());
});

/** What a client knows of its mailbox: it does nothing but believe what it is told. */
class Model {
  readonly messages: { uid: number | undefined; flags: readonly string[] | undefined }[] = [];

  forget(range: string, count: number): void {
    const [a = 0, b = 0] = range.split(':').map(Number);
    for (let n = Math.min(a, b); n <= Math.min(Math.max(a, b), count); n++) {
      const message = this.messages[n - 1];
      if (message) message.flags = undefined;
    }
  }

  hear(update: MailboxUpdate): void {
    if (update.type === 'exists') {
      while (this.messages.length < update.number)
        this.messages.push({ uid: undefined, flags: undefined });
    } else if (update.type === 'expunge') this.messages.splice(update.number - 1, 1);
    else if (update.type === 'fetch') {
      const known = this.messages[update.message.number - 1];
      if (!known) throw new Error('a message that nobody knows');
      if (update.message.uid !== undefined) known.uid = update.message.uid;
      if (update.message.flags) known.flags = update.message.flags;
    } else if (update.type === 'vanished') {
      for (const [from, to] of update.uids) {
        for (let uid = from; uid <= to; uid++) {
          const at = this.messages.findIndex((message) => message.uid === uid);
          if (at >= 0) this.messages.splice(at, 1);
        }
      }
    }
  }
}

const FLAGS = ['\\Seen', '\\Flagged', '\\Deleted', 'work', 'home'];

/** One random thing that a client does. */
async function act(client: ImapClient, model: Model, below: (n: number) => number): Promise<void> {
  const count = model.messages.length;
  const some = count === 0 ? '' : `${1 + below(count)}:${1 + below(count)}`;
  const flag = FLAGS[below(FLAGS.length)] as string;
  switch (below(9)) {
    case 0:
    case 1:
      await client.append('INBOX', { octets: letter({ subject: `n${below(100)}` }) });
      break;
    case 2:
      return client.noop();
    case 3:
      if (some !== '') {
        const silent = below(2) === 0;
        const how = below(2) ? 'add' : 'remove';
        const { length } = model.messages;
        const told = await client.store(some, how, [flag], { byNumber: true, silent });
        for (const message of told.messages) model.hear({ type: 'fetch', message });
        // What it silently did itself it does not know from the server.
        if (silent) model.forget(some, length);
      }
      break;
    case 4:
      if (below(3) === 0) await client.expunge();
      break;
    case 5:
      if (some !== '')
        for await (const message of client.fetch(some, { flags: true }, { byNumber: true }))
          model.hear({ type: 'fetch', message });
      break;
    case 6:
      await client.search({ seen: false }, { byNumber: true });
      break;
    case 7:
      if (some !== '' && below(4) === 0) await client.move(some, 'Archive', { byNumber: true });
      break;
    case 8:
      if (some !== '' && below(3) === 0) await client.copy(some, 'INBOX', { byNumber: true });
  }
}

test.each([1, 2, 3])(
  '1,000 random operations of two sessions, seed %i: both know what is there',
  { timeout: 60_000 },
  async (seed) => {
    const s = await stage();
    const random = seededRandom(seed);
    const run = async (): Promise<void> => {
      await fill(s, 'INBOX', [{}, {}, {}]);
      const models = [new Model(), new Model()];
      const clients: ImapClient[] = [];
      for (const model of models) {
        const client = await connect(s, { onUpdate: (update) => model.hear(update) });
        if (clients.length === 1) await client.enable('CONDSTORE');
        const { exists } = await client.select('INBOX');
        model.hear({ type: 'exists', number: exists });
        clients.push(client);
      }
      const busy = clients.map(async (client, i) => {
        const mine = random.fork(String(i));
        for (let n = 0; n < 500; n++) {
          const model = models[i] as Model;
          try {
            await act(client, model, (most) => below(mine, most));
          } catch (error) {
            // Messages that the other has expunged meanwhile.
            if ((error as { code?: string }).code !== 'IMAP_REFUSED') throw error;
          }
          expect(client.mailbox?.exists).toBe(model.messages.length);
        }
      });
      await Promise.all(busy);
      for (const [i, client] of clients.entries()) {
        const model = models[i] as Model;
        await client.noop();
        for await (const message of client.fetch('1:*', {}, { byNumber: true }))
          model.hear({ type: 'fetch', message });
        const fresh = await connect(s);
        await fresh.examine('INBOX');
        const truth: unknown[] = [];
        for await (const { uid, flags } of fresh.fetch('1:*', { flags: true }))
          truth.push([uid, flags]);
        const told = model.messages.map(({ uid, flags }, at) => {
          const known = flags?.filter((flag) => flag !== '\\Recent');
          return [uid, known ?? (truth[at] as unknown[])[1]];
        });
        expect(told).toEqual(truth);
      }
    };
    await s.world.run(run());
    expect(s.errors).toEqual([]);
  },
);

test.each([1, 2, 3, 4, 5])(
  'a client that comes back again and again knows what is there, seed %i',
  async (seed) => {
    const s = await stage();
    const random = seededRandom(seed);
    const folder = s.account.folder('INBOX') as Folder;
    const others = async (): Promise<void> => {
      for (let n = below(random, 8); n >= 0; n--) {
        const entries = s.account.entries(folder);
        const uids = entries.filter(() => below(random, 4) === 0).map(({ uid }) => uid);
        const what = below(random, 4);
        if (what === 0 || uids.length === 0) await fill(s, 'INBOX', [{}, {}]);
        else if (what === 1) await s.account.expunge(folder, uids);
        else
          await s.account.changeFlags(folder, uids, what === 2 ? 'add' : 'remove', [
            FLAGS[below(random, FLAGS.length)] as string,
          ]);
      }
    };
    const run = async (): Promise<void> => {
      const client = await connect(s);
      await client.enable('QRESYNC');
      const known = new Map<number, readonly string[]>();
      let since: { uidValidity: number; modSeq: number } | undefined;
      for (let round = 0; round < 30; round++) {
        await others();
        if (!since) {
          const { uidValidity, highestModSeq = 0 } = await client.select('INBOX');
          for await (const { uid = 0, flags = [] } of client.fetch('1:*', { flags: true }))
            known.set(uid, flags);
          since = { uidValidity, modSeq: highestModSeq };
        } else {
          const { mailbox, vanished, changed } = await client.resynchronise('INBOX', since);
          for (const [from, to] of vanished)
            for (let uid = from; uid <= to; uid++) known.delete(uid);
          for (const { uid = 0, flags = [] } of changed) known.set(uid, flags);
          since = { ...since, modSeq: mailbox.highestModSeq ?? 0 };
        }
        const plain = (flags: readonly string[]): string =>
          flags.filter((flag) => flag !== '\\Recent').join(' ');
        const mine = [...known]
          .map(([uid, flags]) => [uid, plain(flags)])
          .sort((a, b) => Number(a[0]) - Number(b[0]));
        expect(mine).toEqual(
          s.account.entries(folder).map(({ uid, flags }) => [uid, flags.join(' ')]),
        );
        await client.unselect();
      }
    };
    await s.world.run(run());
  },
);

/** The exercise of the course: a maildrop emptied or kept, and what the session five minutes later finds. */
import { utf8 } from '../../lib/bytes.ts';
import { type Account, MailStore, memoryMailTables } from '../../mail/index.ts';
import { sleep } from '../../net/index.ts';
import { type SimHost, World } from '../../net/sim/index.ts';
import { Pop3Client, servePop3 } from '../../pop3/index.ts';

export type Pop3Mode = 'keep' | 'delete';

export interface Pop3StoryOptions {
  readonly seed: string;
  readonly mode: Pop3Mode;
  /** Between the two sessions. */
  readonly pauseMs?: number;
}

/** A line as it was said, with the time of the client. */
export interface SaidLine {
  /** Milliseconds since the first session began. */
  readonly at: number;
  readonly who: 'C' | 'S';
  readonly line: string;
}

export interface Pop3Session {
  readonly lines: readonly SaidLine[];
  /** Messages that the client has brought home. */
  readonly fetched: number;
  /** Messages in the maildrop when it is over. */
  readonly left: number;
}

export interface Pop3Story {
  readonly mode: Pop3Mode;
  readonly sessions: readonly Pop3Session[];
}

const FIVE_MINUTES = 5 * 60_000;
const MAIL_SERVER = 'mailserver.hamburger.edu';
const BOB = { user: 'bob', password: 'hungry' };

/** Two sessions of the same user agent, which keeps nothing but the ids of what it has seen. */
export async function pop3Story(options: Pop3StoryOptions): Promise<Pop3Story> {
  const { seed, mode, pauseMs = FIVE_MINUTES } = options;
  const world = new World({ seed, epoch: Date.UTC(2026, 0, 1) });
  const server = world.host(MAIL_SERVER, { latency: 10 });
  const bob = world.host('bob', { latency: 10 });
  return world.run(twoSessions(server, bob, mode, pauseMs));
}

async function twoSessions(
  server: SimHost,
  bob: SimHost,
  mode: Pop3Mode,
  pauseMs: number,
): Promise<Pop3Story> {
  const store = MailStore.open(server, memoryMailTables());
  const addresses = ['bob@hamburger.edu'];
  const account = await store.addAccount({ name: BOB.user, password: BOB.password, addresses });
  for (const bytes of [FIRST, SECOND]) await store.deliver(store.stageBytes(bytes), [{ account }]);
  await servePop3(server, { store, hostname: MAIL_SERVER, plaintext: true });
  const seen = new Set<string>();
  const start = bob.clock.now();
  const first = await session({ server, bob, store, account, mode, seen, start });
  await sleep(bob.clock, pauseMs);
  const second = await session({ server, bob, store, account, mode, seen, start });
  return { mode, sessions: [first, second] };
}

interface Setting {
  readonly server: SimHost;
  readonly bob: SimHost;
  readonly store: MailStore;
  readonly account: Account;
  readonly mode: Pop3Mode;
  readonly seen: Set<string>;
  readonly start: number;
}

/** Who deletes what it fetches need not remember it. */
async function session(setting: Setting): Promise<Pop3Session> {
  const { server, bob, store, account, mode, seen, start } = setting;
  const lines: SaidLine[] = [];
  const observe = (who: 'C' | 'S', line: string): void => {
    lines.push({ at: bob.clock.now() - start, who, line });
  };
  const to = { address: server.address, port: 110 };
  const client = await Pop3Client.connect(bob, to, { observe });
  await client.login(BOB, { by: 'user', plaintext: true });
  const known = mode === 'keep' ? { seen } : {};
  let fetched = 0;
  for await (const _ of client.download({ mode, pipeline: false, ...known })) fetched++;
  await client.quit();
  const mail = store.open(account);
  const left = mail.folder('INBOX');
  return { lines, fetched, left: left ? mail.status(left).messages : 0 };
}

/** The two messages of the exercise have 498 and 912 octets. */
const FIRST = letter('Do you like ketchup?', 'alice@crepes.fr', 498);
const SECOND = letter('How about pickles?', 'alice@crepes.fr', 912);

function letter(subject: string, from: string, size: number): Uint8Array {
  const head = `From: ${from}\r\nTo: bob@hamburger.edu\r\nSubject: ${subject}\r\n\r\n`;
  const line = 'blah blah blah blah blah blah blah blah blah blah blah blah.\r\n';
  const room = size - head.length - 2;
  const body = line.repeat(Math.ceil(room / line.length)).slice(0, room);
  return utf8(`${head}${body.replace(/[\r\n.]+$/, (end) => '.'.repeat(end.length))}\r\n`);
}

/** The transcripts, one line each. */
export function pop3StoryText(stories: readonly Pop3Story[]): string {
  return stories.map(storyText).join('\n');
}

function storyText({ mode, sessions }: Pop3Story): string {
  const [first, second] = sessions as [Pop3Session, Pop3Session];
  const pause = Math.round(((second.lines[0]?.at ?? 0) - (first.lines.at(-1)?.at ?? 0)) / 60_000);
  return [
    `Download and ${mode}`,
    ...sessionLines(first),
    '',
    `The session ${pause} minutes later, no mail having come`,
    ...sessionLines(second),
    '',
  ].join('\n');
}

function sessionLines({ lines, fetched, left }: Pop3Session): string[] {
  const said = shortened(lines).map(({ at, who, line }) => `${timeOf(at)}  ${who}: ${line}`);
  const count = (messages: number): string => `${messages} message${messages === 1 ? '' : 's'}`;
  return [...said, `            fetched ${count(fetched)}; ${count(left)} left on the server`];
}

/** Of lines that repeat themselves the first is shown. */
function shortened(lines: readonly SaidLine[]): SaidLine[] {
  const shown: SaidLine[] = [];
  let repeated = 0;
  for (const [i, said] of lines.entries()) {
    const isAgain = i > 0 && said.line === lines[i - 1]?.line;
    if (!isAgain && repeated > 0)
      shown.push({ ...said, who: 'S', line: `(${repeated} times more)` });
    repeated = isAgain ? repeated + 1 : 0;
    if (!isAgain) shown.push(said);
  }
  return shown;
}

/** Minutes, seconds, milliseconds. */
function timeOf(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  return `${String(minutes).padStart(2, '0')}:${((ms % 60_000) / 1000).toFixed(3).padStart(6, '0')}`;
}

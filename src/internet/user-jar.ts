/** The cookies of the user at a host, kept on its disk as browsers and curl keep theirs. */
import { CookieJar } from '../cookies/index.ts';
import { fromUtf8 } from '../lib/bytes.ts';
import { hasCode } from '../lib/errors.ts';
import { calendar, type Files, type Host } from '../net/index.ts';
import { writeDurably } from './durable.ts';

const NAME = 'cookies.txt';

/**
 * Takes cookies as clients did before 2020: most sites of this internet are on plain HTTP, and third parties shall be
 * seen at work.
 */
export function userJar(host: Host): CookieJar {
  const keep = keeper(host.files, () => jar.save());
  const now = () => calendar(host.clock);
  const jar = new CookieJar({ now, legacySameSite: true, onDecision: keep });
  return jar;
}

/** What the disk has of an earlier day. */
export async function loadJar(jar: CookieJar, host: Host): Promise<void> {
  try {
    jar.load(fromUtf8(await host.files.read(`/${NAME}`)));
  } catch (error) {
    if (!hasCode(error, 'FILE_NOT_FOUND')) throw error;
  }
}

/** One write at a time; what changes meanwhile goes into the next. */
function keeper(files: Files, text: () => string): () => void {
  let state: 'idle' | 'writing' | 'changed' = 'idle';
  const write = async (): Promise<void> => {
    do {
      state = 'writing';
      // A disk that was switched off keeps what it had.
      await writeDurably(files, '/', NAME, text()).catch(() => {});
    } while ((state as string) === 'changed');
    state = 'idle';
  };
  return () => {
    if (state === 'idle') void write();
    else state = 'changed';
  };
}

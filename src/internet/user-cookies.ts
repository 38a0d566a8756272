/** The cookies of the user at a host, kept on its disk as browsers and curl keep theirs, and how they came. */
import { type Cookie, type CookieDecision, CookieJar } from '../cookies/index.ts';
import { fromUtf8 } from '../lib/bytes.ts';
import { hasCode } from '../lib/errors.ts';
import { calendar, type Host } from '../net/index.ts';
import { writeDurably } from './durable.ts';

const NAME = 'cookies.txt';

/** What a person reads back to; older decisions are forgotten. */
const HEARD_LIMIT = 100;

/** As many as the jar keeps cookies: each has one place it came from. */
const SETTERS_LIMIT = 3_000;

/** One Set-Cookie field, and what became of it. */
export interface HeardCookie {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Whose answer had it. */
  readonly url: string;
  /** The page that asked for that; undefined when the user did. */
  readonly page: string | undefined;
  readonly decision: CookieDecision;
}

export class UserCookies {
  /**
   * Takes cookies as clients did before 2020: most sites of this internet are on plain HTTP, and third parties
   * shall be seen at work.
   */
  readonly jar: CookieJar;
  private readonly host: Host;
  private readonly latest: HeardCookie[] = [];
  private readonly setters = new Map<string, HeardCookie>();
  private state: 'idle' | 'writing' | 'changed' = 'idle';

  constructor(host: Host) {
    this.host = host;
    this.jar = new CookieJar({
      now: () => calendar(host.clock),
      legacySameSite: true,
      onDecision: (decision, url, { siteUrl }) => {
        this.note({ at: calendar(host.clock), url, page: siteUrl, decision });
        this.keep();
      },
    });
  }

  /** What the disk has of an earlier day. */
  async load(): Promise<void> {
    try {
      this.jar.load(fromUtf8(await this.host.files.read(`/${NAME}`)));
    } catch (error) {
      if (!hasCode(error, 'FILE_NOT_FOUND')) throw error;
    }
  }

  /** What servers wanted to be kept, the latest first. */
  heard(): readonly HeardCookie[] {
    return this.latest.toReversed();
  }

  /** How a cookie came; undefined for one of an earlier day. */
  setterOf(cookie: Cookie): HeardCookie | undefined {
    return this.setters.get(keyOf(cookie));
  }

  forget(cookie: Cookie): void {
    this.jar.delete(cookie);
    this.keep();
  }

  private note(heard: HeardCookie): void {
    this.latest.push(heard);
    if (this.latest.length > HEARD_LIMIT) this.latest.shift();
    const { decision } = heard;
    if (decision.kind !== 'stored' && decision.kind !== 'replaced') return;
    const key = keyOf(decision.cookie);
    this.setters.delete(key);
    this.setters.set(key, heard);
    const oldest = this.setters.keys().next();
    if (this.setters.size > SETTERS_LIMIT && !oldest.done) this.setters.delete(oldest.value);
  }

  /** One write at a time; what changes meanwhile goes into the next. */
  private keep(): void {
    if (this.state === 'idle') void this.write();
    else this.state = 'changed';
  }

  private async write(): Promise<void> {
    do {
      this.state = 'writing';
      // A disk that was switched off keeps what it had.
      await writeDurably(this.host.files, '/', NAME, this.jar.save()).catch(() => {});
    } while ((this.state as string) === 'changed');
    this.state = 'idle';
  }
}

function keyOf({ name, domain, hostOnly, path }: Cookie): string {
  return `${hostOnly ? '' : '.'}${domain} ${path} ${name}`;
}

/** Mail on its way in: one session of a client, or a program's message. */
import { concat, utf8 } from '../lib/bytes.ts';
import { deferred } from '../lib/deferred.ts';
import { hasCode } from '../lib/errors.ts';
import { formatMailDate, newMessageId } from '../mime/index.ts';
import { calendar, type Host } from '../net/index.ts';
import {
  type MailSession,
  type MessageBody,
  mailboxText,
  mailDate,
  type Peer,
  receivedLine,
} from '../smtp/index.ts';
import { QUICK_LOOKUP_MS, TARGETS_LIMIT } from './defaults.ts';
import type { Directory } from './directory.ts';
import type { EventSubject, Events } from './events.ts';
import { full } from './local-delivery.ts';
import type { Office } from './office.ts';
import type { RouteFinder } from './route-finder.ts';
import { type Addressed, address, pathKey, type Target } from './targets.ts';
import type {
  Account,
  Mailbox,
  MailOptions,
  Outcome,
  RecipientOptions,
  RelayLimits,
  RelayStore,
  ReversePath,
  Staged,
} from './types.ts';
import { HeaderIntake } from './wire/header-intake.ts';

export interface ReceptionShared {
  readonly host: Host;
  readonly hostname: string;
  readonly store: RelayStore;
  readonly directory: Directory;
  readonly routes: RouteFinder;
  readonly office: Office;
  readonly events: Events;
  readonly limits: RelayLimits;
  /** Mail goes to its domains' hosts, so that what is wrong with a domain matters here. */
  readonly routesItself: boolean;
  readonly newId: () => string;
  readonly queueSize: () => number;
}

/** How a message comes: from whom, and whether as a letter that is just written (RFC 6409). */
export interface Origin {
  readonly peer: Peer | undefined;
  /** The account that has signed in; null is somebody who has signed in and has none. */
  readonly account: Account | null | undefined;
  readonly isSubmission: boolean;
}

const GOOD: Outcome = { code: 250, enhanced: '2.1.0', text: 'OK' };
const GOOD_RECIPIENT: Outcome = { code: 250, enhanced: '2.1.5', text: 'OK' };
const QUEUE_FULL: Outcome = { code: 452, enhanced: '4.3.1', text: 'The queue is full; come later' };
const LOOP: Outcome = { code: 554, enhanced: '5.4.6', text: 'The message goes round in a loop' };
const NO_SPACE: Outcome = { code: 452, enhanced: '4.3.1', text: 'The disk is full; come later' };
const TOO_LARGE: Outcome = { code: 552, enhanced: '5.3.4', text: 'The message is too large' };
const TOO_MANY: Outcome = { code: 452, enhanced: '4.5.3', text: 'Too many recipients' };
const NOW_FULL: Outcome = { code: 452, enhanced: '4.2.2', text: 'A mailbox is full' };
const HEADER_TOO_LONG: Outcome = { code: 552, enhanced: '5.3.4', text: 'The header is too long' };

export class Reception implements MailSession {
  /** The name of the last message taken. */
  id = '';
  private readonly shared: ReceptionShared;
  private readonly origin: Origin;
  private sender: ReversePath = null;
  private options: MailOptions = {};
  private addressed: Addressed[] = [];
  private readonly named = new Set<string>();
  private targets = 0;

  constructor(shared: ReceptionShared, origin: Origin) {
    this.shared = shared;
    this.origin = origin;
  }

  from(path: ReversePath, options: MailOptions): Outcome {
    const { limits, queueSize } = this.shared;
    if (queueSize() >= limits.queue) return QUEUE_FULL;
    const refusal = path && this.notYours(path);
    if (refusal) return refusal;
    this.sender = path;
    this.options = options;
    this.reset();
    return GOOD;
  }

  to(path: Mailbox, options: RecipientOptions): Outcome | Promise<Outcome> {
    const { directory, routesItself } = this.shared;
    const found = address(directory, this.sender, path, options);
    if ('code' in found) return found;
    const crowded = this.withoutRoom(found);
    if (crowded) return crowded;
    const isHere = directory.isLocal(path.domain);
    if (isHere || !this.origin.isSubmission || !routesItself) return this.add(found);
    return this.fault(path.domain).then((fault) => fault ?? this.add(found));
  }

  async data(body: MessageBody): Promise<Outcome> {
    const intake = new HeaderIntake({ dropsBcc: this.origin.isSubmission });
    const staging = this.shared.store.stage();
    try {
      for await (const piece of body) {
        const wait = staging.add(intake.push(piece));
        if (wait) await wait;
        if (intake.isTooLong) break;
      }
      if (!intake.isTooLong) await staging.add(intake.end());
    } catch (error) {
      staging.drop();
      return outcomeOf(error);
    }
    const refusal = this.refusal(intake);
    if (refusal) {
      staging.drop();
      return refusal;
    }
    return this.accept(intake, staging.finish()).catch(outcomeOf);
  }

  /** A whole message of a program. */
  async take(bytes: Uint8Array): Promise<Outcome> {
    const intake = new HeaderIntake({ dropsBcc: this.origin.isSubmission });
    const whole = concat([intake.push(bytes), intake.end()]);
    return this.refusal(intake) ?? this.accept(intake, this.shared.store.stageBytes(whole));
  }

  verify(text: string): Outcome {
    const name = text.replace(/^<|>$/g, '').trim();
    const at = name.lastIndexOf('@');
    const local = at < 0 ? name : name.slice(0, at);
    const path = { local, domain: at < 0 ? '' : name.slice(at + 1) };
    // RFC 5321 §7.3: who is here is told only to those who are known.
    const isKnown = this.origin.account !== undefined;
    if (!isKnown || !this.shared.directory.isLocal(path.domain)) return CANNOT_VERIFY;
    const found = address(this.shared.directory, null, path, {});
    if ('code' in found) return found;
    const shown = mailboxText(this.shared.directory.whole(path));
    return { code: 250, enhanced: '2.1.5', text: `<${shown}>` };
  }

  reset(): void {
    this.addressed = [];
    this.named.clear();
    this.targets = 0;
  }

  /** RFC 6409 §6.1: who has signed in writes as himself. */
  private notYours(path: Mailbox): Outcome | undefined {
    const { account } = this.origin;
    if (account === undefined) return undefined;
    const { directory } = this.shared;
    const isOwn = directory.isLocal(path.domain) && directory.accountOf(path)?.id === account?.id;
    if (account && isOwn) return undefined;
    const own = account?.addresses.join(', ') || 'none';
    const text = `${mailboxText(path)} is not an address of yours (${own})`;
    return { code: 553, enhanced: '5.7.1', text };
  }

  /** Who is named twice gets one letter. */
  private add(found: Addressed): Outcome {
    const key = pathKey(found.path);
    if (this.named.has(key)) return GOOD_RECIPIENT;
    this.targets += found.targets.length;
    if (this.targets > TARGETS_LIMIT) {
      this.targets -= found.targets.length;
      return TOO_MANY;
    }
    this.named.add(key);
    this.addressed.push(found);
    return GOOD_RECIPIENT;
  }

  /** Whoever is told at once needs no notice later. Others of an alias get theirs, or wait for room. */
  private withoutRoom({ path, targets }: Addressed): Outcome | undefined {
    const [only] = targets;
    if (targets.length !== 1 || !only?.account) return undefined;
    return this.shared.office.fits(only.account, this.options.size ?? 1)
      ? undefined
      : full({ path });
  }

  /** What the DNS knows at once (RFC 7505 §4.1); what takes longer is for the queue to find out. */
  private fault(domain: string): Promise<Outcome | undefined> {
    const { host, routes } = this.shared;
    const found = deferred<Outcome | undefined>();
    const timer = host.clock.setTimer(QUICK_LOOKUP_MS, () => found.resolve(undefined));
    const done = (fault: Outcome | undefined): void => {
      timer.cancel();
      found.resolve(fault);
    };
    routes.fault(domain).then(done, () => done(undefined));
    return found.promise;
  }

  private refusal(intake: HeaderIntake): Outcome | undefined {
    if (intake.isTooLong) return HEADER_TOO_LONG;
    if (intake.hops >= this.shared.limits.hops) return LOOP;
    if (intake.deliveredTo.length === 0) return undefined;
    const known = new Set(intake.deliveredTo);
    const isLoop = this.addressed
      .flatMap(({ path, targets }) => [path, ...targets.filter(isAccount).map((one) => one.path)])
      .filter(({ domain }) => this.shared.directory.isLocal(domain))
      .some((path) => known.has(mailboxText(path).toLowerCase()));
    return isLoop ? LOOP : undefined;
  }

  /** One commit takes responsibility: for letters to mailboxes here, and for rows of the queue. */
  private async accept(intake: HeaderIntake, staged: Staged): Promise<Outcome> {
    const { host, newId, office } = this.shared;
    const { addressed, options } = this;
    const received = Math.floor(calendar(host.clock));
    const id = newId();
    const { prefix, messageId } = this.prefix(intake, id, received);
    const size = staged.size + prefix.length;
    const [first] = addressed;
    if (first && addressed.every((one) => this.isFull(one, size))) return full(first);
    const { eightBit, wideHeader, hops, header } = intake;
    const message = { id, options, received, hops, messageId, eightBit, wideHeader };
    await office.commit((tx, later) => {
      later(() => this.tell(message));
      office.place(tx, later, { message, staged, prefix, header }, addressed);
    });
    this.id = id;
    return { code: 250, enhanced: '2.0.0', text: `OK: queued as ${id}` };
  }

  private isFull({ targets }: Addressed, size: number): boolean {
    return targets.every((one) => one.account && !this.shared.office.isHome(one, size));
  }

  /** Trace information, and what a new letter lacks (RFC 6409 §8.2, §8.3). */
  private prefix(
    intake: HeaderIntake,
    id: string,
    at: number,
  ): { prefix: Uint8Array; messageId: string | undefined } {
    const { host, hostname } = this.shared;
    let text = this.forwarded() + this.received(id, at);
    let { messageId } = intake;
    if (this.origin.isSubmission && !intake.hasDate) {
      text += `Date: ${formatMailDate({ ms: at, zone: 0 })}\r\n`;
    }
    if (this.origin.isSubmission && messageId === undefined) {
      messageId = newMessageId(hostname, at, host.random);
      text += `Message-ID: <${messageId}>\r\n`;
    }
    return { prefix: utf8(text), messageId };
  }

  /** What a name stands for elsewhere may lead back to it: it is known again. Others must not learn of it (RFC 5321 §7.2). */
  private forwarded(): string {
    const [only, ...others] = this.addressed;
    if (!only || others.length > 0 || only.targets.every(isAccount)) return '';
    const isHere = this.shared.directory.isLocal(only.path.domain);
    return isHere ? `Delivered-To: ${mailboxText(only.path)}\r\n` : '';
  }

  private received(id: string, at: number): string {
    const { peer } = this.origin;
    if (!peer) return `Received: by ${this.shared.hostname} id ${id};\r\n\t${mailDate(at)}\r\n`;
    const [only, ...others] = this.addressed;
    const to = only && others.length === 0 ? { to: this.shared.directory.whole(only.path) } : {};
    return receivedLine(peer, { id, at, ...to, utf8: this.options.utf8 ?? false });
  }

  private tell(message: EventSubject): void {
    const { peer } = this.origin;
    const remote = peer && (peer.user ?? (peer.hello || peer.remote.address));
    this.shared.events.emit('accepted', message, remote === undefined ? {} : { remote });
  }
}

function isAccount({ account }: Target): boolean {
  return account !== undefined;
}

/** What the store cannot take, and why; all else is an error of ours. */
function outcomeOf(error: unknown): Outcome {
  if (hasCode(error, 'FILE_NO_SPACE')) return NO_SPACE;
  if (hasCode(error, 'MAIL_LIMIT')) return TOO_LARGE;
  // It has filled up since it was looked at.
  if (hasCode(error, 'MAIL_OVER_QUOTA')) return NOW_FULL;
  throw error;
}

/** RFC 5321 §3.5.3. */
const CANNOT_VERIFY: Outcome = {
  code: 252,
  enhanced: '2.1.5',
  text: 'Send some mail, it will be tried',
};

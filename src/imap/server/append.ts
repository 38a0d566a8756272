/** APPEND (RFC 9051 §6.3.12; several messages: RFC 3502): a message goes to the store as it comes. */
import type { Staged, Staging } from '../../mail/index.ts';
import { settableFlags } from '../machine/flags.ts';
import { no, ok, type Reply } from '../reply.ts';
import type { ImapSession } from '../session.ts';
import type { Of } from '../types.ts';
import { appendHead } from '../wire/append.ts';
import { nameOf, tagOf } from '../wire/command.ts';
import { Scanner } from '../wire/scanner.ts';
import { numbersText } from '../wire/sequence-set.ts';
import type { Unit } from '../wire/unit-reader.ts';

/** RFC 9051 §7.1. */
export const TRY_CREATE: Reply = no('There is no such mailbox', 'TRYCREATE');

/** The messages of one APPEND on their way in, by the number of their literal. */
export class AppendIntake {
  private readonly session: ImapSession;
  private readonly staged = new Map<number, Staged>();
  private readonly stagings: Staging[] = [];
  private staging: Staging | undefined;
  private index = 0;
  private total = 0;

  constructor(session: ImapSession) {
    this.session = session;
  }

  /** True when the literal that ends `head` is a message. Throws ImapError. */
  static isMessage({ text, literals }: Unit, utf8: boolean): boolean {
    if (nameOf(text) !== 'APPEND') return false;
    const at = (tagOf(text)?.length ?? 0) + ' APPEND'.length;
    return appendHead(new Scanner({ text, literals }, { at, utf8 })) !== undefined;
  }

  /** Why a message of this size is not taken, before it is sent (RFC 7889 §4, RFC 9208 §4.1). */
  refusal({ text, literals }: Unit, size: number): Reply | undefined {
    const { account, shared, utf8 } = this.session;
    const { appendLimit } = shared.rules;
    if (size > appendLimit) return no(`No message of more than ${appendLimit} octets`, 'TOOBIG');
    const at = (tagOf(text)?.length ?? 0) + ' APPEND'.length;
    const path = appendHead(new Scanner({ text, literals }, { at, utf8 }));
    if (path === undefined || !account.folder(path)?.selectable) return TRY_CREATE;
    const { used, limit = Number.POSITIVE_INFINITY } = account.quota();
    this.total += size;
    return used + this.total > limit ? no('There is no room for it', 'OVERQUOTA') : undefined;
  }

  begin(index: number): void {
    this.index = index;
    this.staging = this.session.shared.store.stage();
    this.stagings.push(this.staging);
  }

  /** A promise asks to wait before the next piece. */
  add(bytes: Uint8Array): Promise<void> | undefined {
    return this.staging?.add(bytes);
  }

  finish(): void {
    if (this.staging) this.staged.set(this.index, this.staging.finish());
    this.staging = undefined;
  }

  /** Nothing comes of it. */
  drop(): void {
    for (const staging of this.stagings.splice(0)) staging.drop();
    this.staging = undefined;
    this.staged.clear();
  }

  message(index: number): Staged | undefined {
    return this.staged.get(index);
  }
}

export async function append(
  session: ImapSession,
  command: Of<'APPEND'>,
  intake: AppendIntake | undefined,
): Promise<Reply> {
  try {
    const reply = await appendAll(session, command, intake);
    if (reply.status !== 'OK') intake?.drop();
    return reply;
  } catch (error) {
    intake?.drop();
    throw error;
  }
}

async function appendAll(
  session: ImapSession,
  { mailbox, messages }: Of<'APPEND'>,
  intake: AppendIntake | undefined,
): Promise<Reply> {
  const { account } = session;
  const folder = account.folder(mailbox);
  if (!folder?.selectable) return TRY_CREATE;
  const ready = messages.map(({ literal, flags, received }) => {
    const staged = intake?.message(literal);
    return (
      staged && { staged, flags: settableFlags(flags), ...(received !== undefined && { received }) }
    );
  });
  const whole = ready.filter((one) => one !== undefined);
  // RFC 3502 §2: a message of no octets gives the command up.
  if (whole.length < messages.length || whole.some(({ staged }) => staged.size === 0)) {
    return no('A message of no octets: nothing was appended');
  }
  const entries = await account.append(folder, whole);
  const uids = numbersText(entries.map(({ uid }) => uid));
  return ok('APPEND completed', `APPENDUID ${folder.uidValidity} ${uids}`);
}

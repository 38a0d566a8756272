/** SELECT and EXAMINE (RFC 9051 §6.3.2; RFC 7162 §3.2.5). */
import type { NumberRange, QResync } from '../types.ts';
import { commandPieces } from '../wire/command.ts';
import type { FetchedMessage } from '../wire/fetch-response.ts';
import type { Response, StatusResponse } from '../wire/response.ts';
import type { ClientSession } from './session.ts';
import type { Resynchronised, SelectedMailbox } from './types.ts';

export interface SelectOptions {
  readonly readOnly?: boolean;
  readonly condstore?: boolean;
  /** What is remembered of the mailbox; QRESYNC must be enabled. */
  readonly since?: QResync;
}

export async function select(
  session: ClientSession,
  path: string,
  { readOnly = false, condstore = false, since }: SelectOptions,
): Promise<Resynchronised> {
  // Whether it succeeds or not, the one before is left.
  session.mailbox = undefined;
  const reading = new Reading(path, readOnly);
  const name = readOnly ? 'EXAMINE' : 'SELECT';
  const command = { name, mailbox: path, condstore, ...(since && { qresync: since }) } as const;
  const end = await session.run(commandPieces(command, session.utf8), (response) =>
    reading.take(response),
  );
  const mailbox = reading.finish(end);
  session.mailbox = mailbox;
  return { mailbox, vanished: reading.vanished, changed: reading.changed };
}

class Reading {
  vanished: readonly NumberRange[] = [];
  readonly changed: FetchedMessage[] = [];
  private readonly mailbox: SelectedMailbox;

  constructor(path: string, readOnly: boolean) {
    this.mailbox = {
      path,
      readOnly,
      exists: 0,
      recent: 0,
      flags: [],
      permanentFlags: [],
      uidValidity: 0,
      uidNext: 0,
      highestModSeq: undefined,
      unseen: undefined,
    };
  }

  take(response: Response): boolean {
    switch (response.type) {
      case 'exists':
      case 'recent':
        this.mailbox[response.type] = response.number;
        return true;
      case 'flags':
        this.mailbox.flags = response.flags;
        return true;
      case 'vanished':
        this.vanished = [...this.vanished, ...response.uids];
        return true;
      case 'fetch':
        this.changed.push(response.message);
        return true;
      case 'status':
        this.code(response.responseCode ?? '');
        return true;
    }
    return false;
  }

  /** READ-ONLY may be said where it was not asked for. */
  finish({ responseCode }: StatusResponse): SelectedMailbox {
    const readOnly = this.mailbox.readOnly || responseCode?.toUpperCase() === 'READ-ONLY';
    return { ...this.mailbox, readOnly };
  }

  private code(text: string): void {
    const [, name = '', value = ''] = /^([\w-]+) ?(.*)$/s.exec(text) ?? [];
    const number = Number(value);
    switch (name.toUpperCase()) {
      case 'PERMANENTFLAGS':
        this.mailbox.permanentFlags = value.replace(/[()]/g, '').split(' ').filter(Boolean);
        break;
      case 'UIDVALIDITY':
        this.mailbox.uidValidity = number;
        break;
      case 'UIDNEXT':
        this.mailbox.uidNext = number;
        break;
      case 'HIGHESTMODSEQ':
        this.mailbox.highestModSeq = number;
        break;
      case 'NOMODSEQ':
        this.mailbox.highestModSeq = undefined;
        break;
      case 'UNSEEN':
        this.mailbox.unseen = number;
    }
  }
}

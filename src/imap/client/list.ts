/** LIST (RFC 9051 §6.3.9, RFC 5258, RFC 5819), LSUB, NAMESPACE, STATUS. */
import { ImapReplyError } from '../errors.ts';
import type { ListReturn, ListSelection, StatusItem } from '../types.ts';
import { commandPieces } from '../wire/command.ts';
import type { ListedMailbox, MailboxStatus, Response } from '../wire/response.ts';
import type { ClientSession } from './session.ts';

export interface ListOptions {
  /** Default: `*`. */
  readonly pattern?: string | readonly string[];
  readonly reference?: string;
  readonly select?: readonly ListSelection[];
  readonly returns?: ListReturn;
}

/** A mailbox, with its status where it was asked for. */
export interface ListedWithStatus extends ListedMailbox {
  readonly status?: MailboxStatus;
}

export async function list(
  session: ClientSession,
  { pattern = '*', reference = '', select = [], returns = {} }: ListOptions,
): Promise<ListedWithStatus[]> {
  const patterns = typeof pattern === 'string' ? [pattern] : pattern;
  const extended = select.length > 0 || patterns.length > 1 || Object.keys(returns).length > 0;
  const command = {
    name: 'LIST',
    reference,
    patterns,
    selection: select,
    returns,
    extended,
  } as const;
  const found: ListedMailbox[] = [];
  const statuses = new Map<string, MailboxStatus>();
  await session.run(commandPieces(command, session.utf8), (response) => {
    if (response.type === 'list') found.push(response.mailbox);
    else if (response.type === 'mailbox-status')
      statuses.set(response.mailbox.path, response.mailbox);
    else return false;
    return true;
  });
  return found.map((mailbox) => {
    const status = statuses.get(mailbox.path);
    return status ? { ...mailbox, status } : mailbox;
  });
}

export async function lsub(session: ClientSession, pattern: string): Promise<ListedMailbox[]> {
  const found: ListedMailbox[] = [];
  const command = { name: 'LSUB', reference: '', pattern } as const;
  await session.run(commandPieces(command, session.utf8), (response) => {
    if (response.type !== 'lsub') return false;
    found.push(response.mailbox);
    return true;
  });
  return found;
}

export async function namespace(
  session: ClientSession,
): Promise<Extract<Response, { type: 'namespace' }> | undefined> {
  let answer: Extract<Response, { type: 'namespace' }> | undefined;
  await session.run(commandPieces({ name: 'NAMESPACE' }), (response) => {
    if (response.type !== 'namespace') return false;
    answer = response;
    return true;
  });
  return answer;
}

export async function status(
  session: ClientSession,
  path: string,
  items: readonly StatusItem[],
): Promise<MailboxStatus> {
  let answer: MailboxStatus | undefined;
  const command = { name: 'STATUS', mailbox: path, items } as const;
  const end = await session.run(commandPieces(command, session.utf8), (response) => {
    if (response.type !== 'mailbox-status') return false;
    answer = response.mailbox;
    return true;
  });
  if (!answer) throw new ImapReplyError({ ...end, text: 'no status was told' }, 'STATUS');
  return answer;
}

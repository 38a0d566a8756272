/** Which handler obeys which command, and what may be told afterwards. */
import { outOfState } from '../machine/states.ts';
import { bad, ok, type Reply } from '../reply.ts';
import type { ImapSession } from '../session.ts';
import type { Command } from '../types.ts';
import { type AppendIntake, append } from './append.ts';
import { capability } from './capability.ts';
import { compress } from './compress.ts';
import { copy } from './copy.ts';
import { create } from './create.ts';
import { remove } from './delete.ts';
import { enable } from './enable.ts';
import { expunge } from './expunge.ts';
import { fetch } from './fetch.ts';
import { id } from './id.ts';
import { list, lsub, namespace } from './list.ts';
import { login } from './login.ts';
import { logout } from './logout.ts';
import { move } from './move.ts';
import { getQuota, getQuotaRoot, setQuota } from './quota.ts';
import { rename } from './rename.ts';
import { search } from './search.ts';
import { close, select, unselect } from './select.ts';
import { sort } from './sort.ts';
import { startTls } from './starttls.ts';
import { status } from './status.ts';
import { store } from './store.ts';
import { subscribe } from './subscribe.ts';
import { thread } from './thread.ts';

/** Commands that are a conversation of their own: the connection has them in hand. */
type Conversing = 'AUTHENTICATE' | 'IDLE';

export type Obeyed = Exclude<Command, { name: Conversing }>;

/** Does what a command asks for, when it may be asked here. */
export function obey(
  session: ImapSession,
  command: Obeyed,
  intake: AppendIntake | undefined,
): Reply | Promise<Reply> {
  const wrong = outOfState(command.name, session.state);
  if (wrong !== undefined) return bad(wrong);
  switch (command.name) {
    case 'CAPABILITY':
      return capability(session);
    case 'NOOP':
    case 'CHECK':
      return ok(`${command.name} completed`);
    case 'LOGOUT':
      return logout(session);
    case 'ID':
      return id(session);
    case 'STARTTLS':
      return startTls(session);
    case 'COMPRESS':
      return compress(session, command);
    case 'LOGIN':
      return login(session, command);
    case 'ENABLE':
      return enable(session, command);
    case 'APPEND':
      return append(session, command, intake);
  }
  return obeyMailbox(session, command);
}

type Done =
  | 'CAPABILITY'
  | 'NOOP'
  | 'CHECK'
  | 'LOGOUT'
  | 'ID'
  | 'STARTTLS'
  | 'COMPRESS'
  | 'LOGIN'
  | 'ENABLE'
  | 'APPEND';

function obeyMailbox(
  session: ImapSession,
  command: Exclude<Obeyed, { name: Done }>,
): Reply | Promise<Reply> {
  switch (command.name) {
    case 'SELECT':
    case 'EXAMINE':
      return select(session, command);
    case 'CREATE':
      return create(session, command);
    case 'DELETE':
      return remove(session, command);
    case 'RENAME':
      return rename(session, command);
    case 'SUBSCRIBE':
    case 'UNSUBSCRIBE':
      return subscribe(session, command);
    case 'LIST':
      return list(session, command);
    case 'LSUB':
      return lsub(session, command);
    case 'NAMESPACE':
      return namespace(session);
    case 'STATUS':
      return status(session, command);
    case 'GETQUOTA':
      return getQuota(session, command);
    case 'GETQUOTAROOT':
      return getQuotaRoot(session, command);
    case 'SETQUOTA':
      return setQuota();
    case 'CLOSE':
      return close(session);
    case 'UNSELECT':
      return unselect(session);
  }
  return obeyMessages(session, command);
}

function obeyMessages(
  session: ImapSession,
  command: Extract<
    Obeyed,
    { name: 'EXPUNGE' | 'SEARCH' | 'SORT' | 'THREAD' | 'FETCH' | 'STORE' | 'COPY' | 'MOVE' }
  >,
): Reply | Promise<Reply> {
  switch (command.name) {
    case 'EXPUNGE':
      return expunge(session, command);
    case 'SEARCH':
      return search(session, command, command.tag);
    case 'SORT':
      return sort(session, command, command.tag);
    case 'THREAD':
      return thread(session, command);
    case 'FETCH':
      return fetch(session, command);
    case 'STORE':
      return store(session, command);
    case 'COPY':
      return copy(session, command);
    case 'MOVE':
      return move(session, command);
  }
}

/** What has happened meanwhile, before the command's end: no EXPUNGE where numbers were asked for (RFC 9051 §7.5.1). */
export function tellNews(session: ImapSession, command: Obeyed): void {
  const byNumber =
    (command.name === 'FETCH' ||
      command.name === 'STORE' ||
      command.name === 'SEARCH' ||
      command.name === 'SORT' ||
      command.name === 'THREAD') &&
    !command.uid;
  session.tell(!byNumber, 'uid' in command && command.uid);
}

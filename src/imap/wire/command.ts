/** Commands (RFC 9051 §6, §9): a tag, a name, and what follows it. */
import { TAG_LIMIT } from '../defaults.ts';
import { ImapError } from '../errors.ts';
import type { BareName, Command, CommandBody, CommandName } from '../types.ts';
import { parseAppend } from './append.ts';
import { TAG_CHARS } from './ascii.ts';
import { authenticatePieces, parseAuthenticate } from './authenticate.ts';
import { compressPieces, parseCompress } from './compress.ts';
import { copyPieces, parseCopy } from './copy.ts';
import { createPieces, parseCreate } from './create.ts';
import { enablePieces, parseEnable } from './enable.ts';
import { expungePieces, parseExpunge } from './expunge.ts';
import { fetchPieces, parseFetch } from './fetch.ts';
import { idPieces, parseId } from './id.ts';
import { listPieces, lsubPieces, parseList, parseLsub } from './list.ts';
import { loginPieces, parseLogin } from './login.ts';
import {
  getQuotaPieces,
  getQuotaRootPieces,
  parseGetQuota,
  parseSetQuota,
  setQuotaPieces,
} from './quota.ts';
import { parseRename, renamePieces } from './rename.ts';
import { Scanner } from './scanner.ts';
import { parseSearch, searchPieces } from './search.ts';
import { parseSelect, selectPieces } from './select.ts';
import { parseSort, sortPieces } from './sort.ts';
import { parseStatus, statusPieces } from './status.ts';
import { parseStore, storePieces } from './store.ts';
import { mailboxPiece, Pieces } from './text.ts';
import { parseThread, threadPieces } from './thread.ts';
import type { Unit } from './unit-reader.ts';

type Parse = (scanner: Scanner) => CommandBody;

function bare(name: BareName): Parse {
  return () => ({ name });
}

function withMailbox(name: 'DELETE' | 'SUBSCRIBE' | 'UNSUBSCRIBE' | 'GETQUOTAROOT'): Parse {
  return (scanner) => {
    scanner.space();
    return { name, mailbox: scanner.mailbox() };
  };
}

const PARSERS: Readonly<Record<CommandName, Parse>> = {
  CAPABILITY: bare('CAPABILITY'),
  NOOP: bare('NOOP'),
  LOGOUT: bare('LOGOUT'),
  STARTTLS: bare('STARTTLS'),
  CHECK: bare('CHECK'),
  CLOSE: bare('CLOSE'),
  UNSELECT: bare('UNSELECT'),
  IDLE: bare('IDLE'),
  NAMESPACE: bare('NAMESPACE'),
  LOGIN: parseLogin,
  AUTHENTICATE: parseAuthenticate,
  SELECT: (scanner) => parseSelect(scanner, 'SELECT'),
  EXAMINE: (scanner) => parseSelect(scanner, 'EXAMINE'),
  CREATE: parseCreate,
  DELETE: withMailbox('DELETE'),
  SUBSCRIBE: withMailbox('SUBSCRIBE'),
  UNSUBSCRIBE: withMailbox('UNSUBSCRIBE'),
  RENAME: parseRename,
  LIST: parseList,
  LSUB: parseLsub,
  STATUS: parseStatus,
  APPEND: parseAppend,
  EXPUNGE: (scanner) => parseExpunge(scanner, false),
  SEARCH: (scanner) => parseSearch(scanner, false),
  SORT: (scanner) => parseSort(scanner, false),
  THREAD: (scanner) => parseThread(scanner, false),
  FETCH: (scanner) => parseFetch(scanner, false),
  STORE: (scanner) => parseStore(scanner, false),
  COPY: (scanner) => parseCopy(scanner, 'COPY', false),
  MOVE: (scanner) => parseCopy(scanner, 'MOVE', false),
  ID: parseId,
  ENABLE: parseEnable,
  COMPRESS: parseCompress,
  GETQUOTA: parseGetQuota,
  GETQUOTAROOT: withMailbox('GETQUOTAROOT'),
  SETQUOTA: parseSetQuota,
};

/** Commands behind `UID` (RFC 9051 §6.4.9). */
const UID_PARSERS: Readonly<Record<string, Parse>> = {
  EXPUNGE: (scanner) => parseExpunge(scanner, true),
  SEARCH: (scanner) => parseSearch(scanner, true),
  SORT: (scanner) => parseSort(scanner, true),
  THREAD: (scanner) => parseThread(scanner, true),
  FETCH: (scanner) => parseFetch(scanner, true),
  STORE: (scanner) => parseStore(scanner, true),
  COPY: (scanner) => parseCopy(scanner, 'COPY', true),
  MOVE: (scanner) => parseCopy(scanner, 'MOVE', true),
};

/** The tag at the beginning, where there is one: for telling what is wrong with the rest. */
export function tagOf(text: string): string | undefined {
  let end = 0;
  while (TAG_CHARS[text.charCodeAt(end)] === 1) end++;
  const isTag = end > 0 && end <= TAG_LIMIT && (end === text.length || text[end] === ' ');
  return isTag ? text.slice(0, end) : undefined;
}

/** The name of a command, in capitals, behind its tag; '' where there is none. */
export function nameOf(text: string): string {
  const [, name = ''] = /^[^ ]* ((?:UID )?[A-Z]+)/i.exec(text) ?? [];
  return name.toUpperCase();
}

/** Throws ImapError, whatever the octets are. `utf8`: names of mailboxes are in UTF-8. */
export function parseCommand(
  unit: Unit,
  { utf8 = false }: { readonly utf8?: boolean } = {},
): Command {
  const tag = tagOf(unit.text);
  if (tag === undefined) {
    throw new ImapError('IMAP_BAD_TAG', 'A command begins with a tag, as in: a1 NOOP', {
      spec: 'RFC 9051 §2.2.1',
    });
  }
  const scanner = new Scanner(unit, { at: tag.length, utf8 });
  scanner.space();
  let name = scanner.word('a command');
  let parsers: Readonly<Record<string, Parse>> = PARSERS;
  if (name === 'UID') {
    scanner.space();
    name = scanner.word('a command');
    parsers = UID_PARSERS;
  }
  const parse = Object.hasOwn(parsers, name) ? parsers[name] : undefined;
  if (!parse) throw unknown(name);
  const body = parse(scanner);
  scanner.end();
  return { ...body, tag };
}

function unknown(name: string): ImapError {
  return new ImapError('IMAP_UNKNOWN_COMMAND', `There is no command ${name.slice(0, 40)}`, {
    spec: 'RFC 9051 §6',
  });
}

/** A command without its tag, as a client says it; APPEND has its own `appendPieces`. */
export function commandPieces(
  command: Exclude<CommandBody, { name: 'APPEND' }>,
  isUtf8 = false,
): Pieces {
  switch (command.name) {
    case 'LOGIN':
      return loginPieces(command, isUtf8);
    case 'AUTHENTICATE':
      return authenticatePieces(command);
    case 'SELECT':
    case 'EXAMINE':
      return selectPieces(command, isUtf8);
    case 'CREATE':
      return createPieces(command, isUtf8);
    case 'DELETE':
    case 'SUBSCRIBE':
    case 'UNSUBSCRIBE':
      return new Pieces().add(`${command.name} `, mailboxPiece(command.mailbox, isUtf8));
    case 'RENAME':
      return renamePieces(command, isUtf8);
    case 'LIST':
      return listPieces(command, isUtf8);
    case 'LSUB':
      return lsubPieces(command, isUtf8);
    case 'STATUS':
      return statusPieces(command, isUtf8);
    case 'COPY':
    case 'MOVE':
      return copyPieces(command, isUtf8);
    case 'GETQUOTAROOT':
      return getQuotaRootPieces(command, isUtf8);
  }
  return plainPieces(command);
}

type WithNames =
  | 'LOGIN'
  | 'AUTHENTICATE'
  | 'SELECT'
  | 'EXAMINE'
  | 'CREATE'
  | 'DELETE'
  | 'SUBSCRIBE'
  | 'UNSUBSCRIBE'
  | 'RENAME'
  | 'LIST'
  | 'LSUB'
  | 'STATUS'
  | 'COPY'
  | 'MOVE'
  | 'GETQUOTAROOT'
  | 'APPEND';

function plainPieces(command: Exclude<CommandBody, { name: WithNames }>): Pieces {
  switch (command.name) {
    case 'EXPUNGE':
      return expungePieces(command);
    case 'SEARCH':
      return searchPieces(command);
    case 'SORT':
      return sortPieces(command);
    case 'THREAD':
      return threadPieces(command);
    case 'FETCH':
      return fetchPieces(command);
    case 'STORE':
      return storePieces(command);
    case 'ID':
      return idPieces(command);
    case 'ENABLE':
      return enablePieces(command);
    case 'COMPRESS':
      return compressPieces(command);
    case 'GETQUOTA':
      return getQuotaPieces(command);
    case 'SETQUOTA':
      return setQuotaPieces(command);
  }
  return new Pieces().add(command.name);
}

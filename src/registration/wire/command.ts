/** A command as JSON text and back. Total: any text gives a command or a ProtocolError. */
import { ADDRESSES, EMAIL_LIMIT, NAME_SERVERS, TEXT_LIMIT } from '../defaults.ts';
import { badCommand } from '../errors.ts';
import type { Command, Contact, Lock, NameServer } from '../types.ts';

type Fields = Readonly<Record<string, unknown>>;

const LOCKS: readonly string[] = [
  'clientDeleteProhibited',
  'clientHold',
  'clientRenewProhibited',
  'clientTransferProhibited',
  'clientUpdateProhibited',
] satisfies readonly Lock[];

const READERS: { readonly [Name in Command['command']]: (fields: Fields) => Command } = {
  check: (fields) => ({ command: 'check', name: nameOf(fields) }),
  info: (fields) => ({ command: 'info', name: nameOf(fields) }),
  create: (fields) => ({
    command: 'create',
    name: nameOf(fields),
    registrant: contact(required(fields, 'registrant')),
    ...optional(fields, 'years', years),
    ...optional(fields, 'nameServers', nameServers),
    ...optional(fields, 'addresses', addresses),
  }),
  renew: (fields) => ({
    command: 'renew',
    name: nameOf(fields),
    ...optional(fields, 'years', years),
    ...optional(fields, 'expires', day),
  }),
  transfer: (fields) => ({
    command: 'transfer',
    name: nameOf(fields),
    code: line(required(fields, 'code'), 'code'),
    ...optional(fields, 'years', years),
  }),
  update: (fields) => ({
    command: 'update',
    name: nameOf(fields),
    ...optional(fields, 'registrant', contact),
    ...optional(fields, 'nameServers', nameServers),
    ...optional(fields, 'addresses', addresses),
    ...optional(fields, 'lock', locks),
    ...optional(fields, 'unlock', locks),
  }),
  delete: (fields) => ({ command: 'delete', name: nameOf(fields) }),
  restore: (fields) => ({ command: 'restore', name: nameOf(fields) }),
  list: () => ({ command: 'list' }),
};

/** Throws ProtocolError with the result code of EPP as its `reply`. */
export function parseCommand(text: string): Command {
  const fields = object(parseJson(text), 'a command');
  const name = fields['command'];
  if (typeof name !== 'string') throw badCommand('REG_BAD_COMMAND', 'expected "command", a text');
  if (!Object.hasOwn(READERS, name)) {
    const known = Object.keys(READERS).join(', ');
    throw badCommand('REG_UNKNOWN_COMMAND', `no such command: expected one of ${known}`);
  }
  return READERS[name as Command['command']](fields);
}

export function encodeCommand(command: Command): string {
  return JSON.stringify(command);
}

/** JSON, or a ProtocolError that says so. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badCommand('REG_BAD_COMMAND', 'expected JSON');
  }
}

/** Checks a contact; what is empty is left out. */
export function contact(value: unknown): Contact {
  const fields = object(value, '"registrant"');
  const organisation = fields['organisation'];
  const email = fields['email'];
  return {
    name: line(required(fields, 'name'), 'name'),
    ...(given(organisation) && { organisation: line(organisation, 'organisation') }),
    ...(given(email) && { email: mailbox(email) }),
  };
}

export function object(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw badCommand('REG_BAD_COMMAND', `expected ${what} as a JSON object`);
}

function given(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

function required(fields: Fields, name: string): unknown {
  const value = fields[name];
  if (given(value)) return value;
  throw badCommand('REG_PARAMETER_MISSING', `"${name}" is missing`);
}

function optional<Name extends string, T>(
  fields: Fields,
  name: Name,
  read: (value: unknown, name: string) => T,
): { [_ in Name]?: T } {
  const value = fields[name];
  return given(value) ? ({ [name]: read(value, name) } as { [_ in Name]?: T }) : {};
}

function nameOf(fields: Fields): string {
  return line(required(fields, 'name'), 'name');
}

/** One line of text for people: no control characters, of a length that anybody can read. */
function line(value: unknown, name: string): string {
  const text = typeof value === 'string' ? value.trim() : '';
  const isFit = text !== '' && text.length <= TEXT_LIMIT && !/\p{Cc}/u.test(text);
  if (isFit && text.isWellFormed()) return text;
  throw badCommand('REG_BAD_VALUE', `"${name}": expected a line of 1 to ${TEXT_LIMIT} characters`);
}

function mailbox(value: unknown): string {
  const text = line(value, 'email');
  if (text.length <= EMAIL_LIMIT && /^[^\s@<>"]+@[a-z0-9.-]+$/i.test(text)) return text;
  throw badCommand('REG_BAD_VALUE', '"email": expected a mailbox such as ann@books.com');
}

function years(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw badCommand('REG_BAD_VALUE', '"years": expected a whole number');
}

function day(value: unknown): string {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d(T|$)/.test(value)) return value.slice(0, 10);
  throw badCommand('REG_BAD_VALUE', '"expires": expected a day such as 2027-01-31');
}

function list(value: unknown, name: string, limit: number): readonly unknown[] {
  if (Array.isArray(value) && value.length <= limit) return value;
  throw badCommand('REG_BAD_VALUE', `"${name}": expected a list of at most ${limit}`);
}

function addresses(value: unknown, name: string): string[] {
  return list(value, name, ADDRESSES).map((one) => line(one, name));
}

function nameServers(value: unknown, name: string): NameServer[] {
  return list(value, name, NAME_SERVERS).map((one) => {
    const fields = object(one, `each of "${name}"`);
    const told = fields['addresses'];
    return {
      name: line(required(fields, 'name'), 'name'),
      addresses: given(told) ? addresses(told, 'addresses') : [],
    };
  });
}

function locks(value: unknown, name: string): Lock[] {
  return list(value, name, LOCKS.length).map((one) => {
    if (typeof one === 'string' && LOCKS.includes(one)) return one as Lock;
    throw badCommand('REG_BAD_VALUE', `"${name}": expected one of ${LOCKS.join(', ')}`);
  });
}

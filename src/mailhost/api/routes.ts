/** The paths of the API: what each does. */
import type { Request, Response } from '../../http/index.ts';
import { fromBase64 } from '../../lib/base64.ts';
import { UsageError } from '../../lib/errors.ts';
import { formFields } from '../../lib/form.ts';
import { parseDuration } from '../../lib/units.ts';
import { type FolderMessage, importMessages, MESSAGE_LIMIT } from '../../mail/index.ts';
import {
  buildMessage,
  fileName,
  type Mailbox,
  type MessageDraft,
  mailboxes,
  parseAddresses,
  partOf,
  typeName,
} from '../../mime/index.ts';
import { calendar, type Host } from '../../net/index.ts';
import {
  LISTED,
  LISTED_LIMIT,
  REQUEST_LIMIT,
  RULES_LIMIT,
  WAIT_DEFAULT_MS,
  WAIT_LIMIT_MS,
} from '../defaults.ts';
import type { MailHost } from '../mail-host.ts';
import type { FoundMessage, MessageQuery } from '../types.ts';
import { bytes, json, NotFound } from './answers.ts';
import { accountRequest, type DraftRequest, draftRequest, failingRequest } from './schema.ts';
import { accountView, findById, messageView, wholeMessageView } from './views.ts';

export interface Call {
  readonly host: Host;
  readonly mail: MailHost;
  readonly request: Request;
  /** The parts of the path that stand for something. */
  readonly names: readonly string[];
  readonly query: ReadonlyMap<string, string>;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: RegExp;
  readonly answer: (call: Call) => Response | Promise<Response>;
}

function route(method: Route['method'], path: string, answer: Route['answer']): Route {
  return { method, path: new RegExp(`^${path.replaceAll('*', '([^/]+)')}$`), answer };
}

export const ROUTES: readonly Route[] = [
  route('GET', '/accounts', ({ mail }) =>
    json({ accounts: mail.store.accounts().map((account) => accountView(mail, account)) }),
  ),
  route('POST', '/accounts', async (call) => {
    const account = await call.mail.store.addAccount(accountRequest(await body(call)));
    return json(accountView(call.mail, account), 201);
  }),
  route('DELETE', '/accounts/*', async ({ mail, names: [name = ''] }) => {
    await mail.store.removeAccount(name);
    return json({ removed: name });
  }),
  route('POST', '/accounts/*/messages', put),
  route('GET', '/messages', ({ mail, query }) => {
    const asked = Math.min(wholeNumber(query, 'limit') ?? LISTED, LISTED_LIMIT);
    const limit = query.get('all') === 'true' ? Number.POSITIVE_INFINITY : asked;
    const found = [...mail.find(messageQuery(query))].sort(
      (a, b) => b.entry.received - a.entry.received,
    );
    const messages = found.slice(0, limit).map((one) => messageView(mail, one));
    return json({ total: found.length, messages });
  }),
  route('DELETE', '/messages', async ({ mail, query }) =>
    json({ removed: await removeAll(mail, [...mail.find(messageQuery(query))]) }),
  ),
  route('GET', '/wait', wait),
  route('GET', '/messages/*/*', (call) => json(wholeMessageView(call.mail, found(call)))),
  route('GET', '/messages/*/*/raw', (call) => {
    const { account, entry } = found(call);
    return bytes('message/rfc822', call.mail.store.open(account).bytes(entry.content));
  }),
  route('GET', '/messages/*/*/parts/*', (call) => {
    const { account, entry } = found(call);
    const message = call.mail.store.open(account).message(entry.content);
    const part = partOf(message, call.names[2] ?? '');
    const name = fileName(part);
    const answer = bytes(typeName(part.type), message.content(part));
    if (name === undefined) return answer;
    const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(name)}`;
    return { ...answer, headers: { ...answer.headers, 'Content-Disposition': disposition } };
  }),
  route('DELETE', '/messages/*/*', async (call) =>
    json({ removed: await removeAll(call.mail, [found(call)]) }),
  ),
  route('POST', '/send', send),
  route('GET', '/queue', ({ mail }) => json({ queue: mail.relay.list() })),
  route('GET', '/queue/*', ({ mail, names: [id = ''] }) => json(queued(mail, id))),
  route('POST', '/queue/retry', ({ mail, query }) => {
    const domain = query.get('domain');
    mail.relay.retry(domain === undefined ? {} : { domain });
    return json({ waiting: mail.relay.waiting });
  }),
  route('POST', '/queue/*/(retry|hold|release)', async ({ mail, names: [id = '', what] }) => {
    queued(mail, id);
    if (what === 'retry') mail.relay.retry({ id });
    else if (what === 'hold') await mail.relay.hold(id);
    else await mail.relay.release(id);
    return json(mail.relay.show(id) ?? { id });
  }),
  route('DELETE', '/queue/*', async ({ mail, query, names: [id = ''] }) => {
    await mail.relay.remove(id, { bounce: query.get('bounce') === 'true' });
    return json({ removed: id });
  }),
  route('DELETE', '/queue', async ({ mail }) => json({ removed: await emptyQueue(mail) })),
  route('GET', '/events', ({ mail }) => json({ events: mail.relay.events() })),
  route('GET', '/failures', ({ mail }) => json({ failures: mail.failures.list() })),
  route('POST', '/failures', async (call) => {
    const rule = failingRequest(await body(call));
    const { failures } = call.mail;
    if (failures.list().length >= RULES_LIMIT) {
      throw new UsageError(`there are ${RULES_LIMIT} rules of failures already`);
    }
    return json(failures.add(rule), 201);
  }),
  route('DELETE', '/failures/*', ({ mail, names: [id = ''] }) => {
    if (!mail.failures.remove(Number(id))) throw new NotFound(`there is no rule ${id}`);
    return json({ removed: Number(id) });
  }),
  route('DELETE', '/failures', ({ mail }) => {
    mail.failures.clear();
    return json({ failures: [] });
  }),
  route('POST', '/clear', async ({ mail }) => {
    mail.failures.clear();
    const queue = await emptyQueue(mail);
    const messages = await removeAll(mail, [...mail.find({})]);
    return json({ messages, queue });
  }),
];

/** A long answer: it comes with the message, or when the time is over. */
async function wait({ mail, query }: Call): Promise<Response> {
  const asked = query.get('timeout');
  const timeoutMs = asked === undefined ? WAIT_DEFAULT_MS : parseDuration(asked);
  if (timeoutMs === undefined || timeoutMs > WAIT_LIMIT_MS) {
    throw new UsageError('timeout: expected a duration such as "5 s", up to 10 minutes');
  }
  const wanted = messageQuery(query);
  if (Object.keys(wanted).length === 0) {
    throw new UsageError('say which message is meant: messageId, to, from, subject, text, header');
  }
  const message = await mail.waitFor(wanted, { timeoutMs });
  if (message) return json(messageView(mail, message));
  const meant = Object.entries(wanted).map(([name, value]) => `${name} ${value}`);
  throw new NotFound(`no message with ${meant.join(', ')} came in ${timeoutMs / 1000} s`);
}

const WORDS = [
  'account',
  'folder',
  'messageId',
  'from',
  'to',
  'subject',
  'text',
  'header',
] as const;
const OTHERS = ['since', 'timeout', 'limit', 'all'];

function messageQuery(query: ReadonlyMap<string, string>): MessageQuery {
  const known: readonly string[] = [...WORDS, ...OTHERS, ''];
  const odd = [...query.keys()].find((name) => !known.includes(name));
  if (odd !== undefined) throw new UsageError(`${odd}: there are ${known.slice(0, -1).join(', ')}`);
  const words = WORDS.flatMap((name) => {
    const value = query.get(name);
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  const since = wholeNumber(query, 'since');
  return { ...Object.fromEntries(words), ...(since !== undefined && { since }) };
}

function wholeNumber(query: ReadonlyMap<string, string>, name: string): number | undefined {
  const text = query.get(name);
  if (text === undefined || text === '') return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`${name}: expected a number, found "${text}"`);
  return Number(text);
}

/** Puts a message (`message/rfc822`) into a folder, which is made if it isn't there. */
async function put({ mail, request, query, names: [name = ''] }: Call): Promise<Response> {
  const account = mail.store.open(name);
  const path = query.get('folder') ?? 'INBOX';
  const bytes = await request.body.bytes({ limit: MESSAGE_LIMIT });
  const message: FolderMessage = {
    folder: path,
    bytes,
    flags: (query.get('flags') ?? '').split(' ').filter((flag) => flag !== ''),
    received: wholeNumber(query, 'received'),
  };
  await importMessages(mail.store, account, one(message));
  return json({ bytes: bytes.length }, 201);
}

async function* one<T>(value: T): AsyncGenerator<T> {
  yield value;
}

/** `-` is anybody's: no two messages of a host have the same id. */
function found({ mail: { store }, names: [name = '', id = ''] }: Call): FoundMessage {
  const accounts = name === '-' ? store.accounts() : [name];
  for (const account of accounts) {
    const message = findById(store.open(account), Number(id));
    if (message) return message;
  }
  throw new NotFound(`${name === '-' ? 'nobody' : name} has no message ${id}`);
}

function queued(mail: MailHost, id: string): unknown {
  const message = mail.relay.show(id);
  if (!message) throw new NotFound(`the queue has no message ${id}`);
  return message;
}

async function removeAll({ store }: MailHost, messages: readonly FoundMessage[]): Promise<number> {
  const places = Map.groupBy(messages, ({ account, folder }) => `${account}\n${folder}`);
  for (const [place, some] of places) {
    const [account = '', path = ''] = place.split('\n');
    const opened = store.open(account);
    const folder = opened.folder(path);
    const uids = some.map(({ entry }) => entry.uid);
    if (folder) await opened.expunge(folder, uids);
  }
  return messages.length;
}

async function emptyQueue({ relay }: MailHost): Promise<number> {
  const all = relay.list();
  for (const { id } of all) await relay.remove(id);
  return all.length;
}

/** A draft as JSON, or a whole message (`message/rfc822`) with `from` and `to` in the query. */
async function send(call: Call): Promise<Response> {
  const { mail, request, query, host } = call;
  const isWhole = request.headers.get('Content-Type')?.startsWith('message/rfc822') ?? false;
  const letter = isWhole ? undefined : draftRequest(await body(call));
  const bytes = letter
    ? buildMessage(draftOf(letter), { now: calendar(host.clock), luck: host.random })
    : await request.body.bytes({ limit: REQUEST_LIMIT });
  const to = letter ? recipients(letter) : addresses(query.get('to') ?? '');
  const [from] = addresses(letter?.from ?? query.get('from') ?? '');
  if (!from || to.length === 0) throw new UsageError('expected "from" and "to", addresses');
  const account = mail.store.accountFor(from);
  const sent = await mail.submit(
    { from, to: to.map((path) => ({ path })) },
    bytes,
    account ? { account } : {},
  );
  return json(sent, 202);
}

function draftOf({ attachments = [], to, cc, bcc: _, ...rest }: DraftRequest): MessageDraft {
  const list = (people: string | readonly string[]): string =>
    typeof people === 'string' ? people : people.join(', ');
  return {
    ...rest,
    to: list(to),
    ...(cc !== undefined && { cc: list(cc) }),
    attachments: attachments.map(({ content, ...about }) => {
      const bytes = fromBase64(content);
      if (!bytes) throw new UsageError('attachments.content: expected base64');
      return { ...about, content: bytes };
    }),
  };
}

function recipients({ to, cc = [], bcc = [] }: DraftRequest): Mailbox[] {
  return [to, cc, bcc].flatMap((list) =>
    addresses(typeof list === 'string' ? list : list.join(', ')),
  );
}

function addresses(text: string): Mailbox[] {
  return mailboxes(parseAddresses(text)).filter(({ domain }) => domain !== '');
}

/** The JSON of a request. Another site's form can't send that type without being asked first. */
async function body({ request }: Call): Promise<unknown> {
  if (!request.headers.get('Content-Type')?.startsWith('application/json')) {
    throw new UsageError('expected Content-Type: application/json');
  }
  const text = await request.body.text({ limit: REQUEST_LIMIT });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError('expected JSON', { cause });
  }
}

/** The query of a request. */
export function queryOf({ query }: Request): ReadonlyMap<string, string> {
  return query === '' ? new Map() : formFields(query);
}

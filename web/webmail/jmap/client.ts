/** Talks to the server: JMAP over fetch, with the cookie of the session. */
import { texts } from '../texts.ts';
import type { SessionInfo } from './types.ts';

const USING = [
  'urn:ietf:params:jmap:core',
  'urn:ietf:params:jmap:mail',
  'urn:ietf:params:jmap:submission',
];

/** No page of another site can send it without being asked first. */
const OWN = { 'X-Requested-With': 'webmail' };

export class RequestError extends Error {
  readonly status: number;
  /** Of JMAP: `stateMismatch`. */
  readonly type: string;

  constructor(message: string, status: number, type = '') {
    super(message);
    this.status = status;
    this.type = type;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export type Call = readonly [name: string, args: Readonly<Record<string, unknown>>, id?: string];

/** Told when the server does not know the page any more. */
let onSignedOut = (): void => {};

export function whenSignedOut(act: () => void): void {
  onSignedOut = act;
}

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(path, { ...init, headers: { ...OWN, ...init.headers } }).catch(
    () => {
      throw new RequestError(texts.errors.unreachable, 0);
    },
  );
  if (response.ok) return response;
  if (response.status === 401 && path !== '/login') onSignedOut();
  const problem = (await response.json().catch(() => ({}))) as { detail?: string };
  throw new RequestError(problem.detail ?? texts.errors.status(response.status), response.status);
}

async function askJson<T>(path: string, init: RequestInit = {}): Promise<T> {
  return (await (await ask(path, init)).json()) as T;
}

export function getJson<T>(path: string): Promise<T> {
  return askJson<T>(path);
}

interface SessionObject {
  readonly primaryAccounts: Readonly<Record<string, string>>;
  readonly accounts: Readonly<Record<string, { readonly name: string }>>;
  readonly username: string;
  readonly capabilities: Readonly<Record<string, { readonly maxSizeUpload: number }>>;
}

export async function fetchSession(): Promise<SessionInfo> {
  const session = await askJson<SessionObject>('/jmap/session');
  const accountId = session.primaryAccounts['urn:ietf:params:jmap:mail'] ?? '';
  return {
    accountId,
    username: session.username,
    address: session.accounts[accountId]?.name ?? session.username,
    maxSizeUpload: session.capabilities['urn:ietf:params:jmap:core']?.maxSizeUpload ?? 0,
  };
}

export async function signIn(name: string, password: string): Promise<void> {
  await ask('/login', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name, password }),
  });
}

export async function signOut(): Promise<void> {
  await ask('/logout', { method: 'POST' });
}

/** The answers, one for each call and those that they brought with them; an error of one throws. */
export async function jmap(accountId: string, calls: readonly Call[]): Promise<readonly unknown[]> {
  const methodCalls = calls.map(([name, args, id = name]) => [name, { accountId, ...args }, id]);
  const { methodResponses } = await askJson<{ methodResponses: [string, unknown, string][] }>(
    '/jmap/api',
    {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ using: USING, methodCalls }),
    },
  );
  return methodResponses.map(([name, args]) => {
    if (name !== 'error') return args;
    const { type, description } = args as { type: string; description?: string };
    throw new RequestError(description ?? type, 200, type);
  });
}

export interface Uploaded {
  readonly blobId: string;
  readonly type: string;
  readonly size: number;
}

/** By XMLHttpRequest: fetch does not tell how far an upload has come. */
export function upload(
  accountId: string,
  file: Blob,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<Uploaded> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/jmap/upload/${accountId}/`);
    request.setRequestHeader('X-Requested-With', 'webmail');
    if (file.type !== '') request.setRequestHeader('Content-Type', file.type);
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total);
    const fail = (detail: string) => reject(new RequestError(detail, request.status));
    request.onerror = () => fail(texts.errors.unreachable);
    request.onabort = () => fail(texts.errors.aborted);
    request.onload = () => {
      if (request.status === 201) resolve(request.response as Uploaded);
      else fail(request.response?.detail ?? texts.errors.status(request.status));
    };
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

export function downloadUrl(accountId: string, blobId: string, name: string, type: string): string {
  const path = [accountId, blobId, name].map(encodeURIComponent).join('/');
  return `/jmap/download/${path}?accept=${encodeURIComponent(type)}`;
}

export async function fetchText(url: string): Promise<string> {
  return (await ask(url)).text();
}

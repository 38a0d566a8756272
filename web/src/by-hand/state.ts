/** What was typed, and what came back. */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { ByHandView } from '../../../src/internet/dashboard/api-web.ts';
import { api, sentence } from '../state/api.ts';
import { internet } from '../state/store.ts';
import { proxies, users } from '../state/web.ts';
import { type Example, exampleText } from './examples.ts';
import { type Reply, repliesOf } from './reply.ts';

const HTTP_PORT = 80;

export interface Sent {
  readonly host: string;
  readonly text: string;
  readonly busy: boolean;
  readonly view?: ByHandView;
  readonly problem?: string;
}

export const sent: Signal<Sent | undefined> = signal(undefined);
export const typed: Signal<string | undefined> = signal(undefined);

const userChosen: Signal<string | undefined> = signal(undefined);
const siteTyped: Signal<string | undefined> = signal(undefined);
export const proxyChosen: Signal<string> = signal('');
export const lineEnd: Signal<'crlf' | 'lf'> = signal('crlf');

export const user: ReadonlySignal<string> = computed(
  () => users.value.find((name) => name === userChosen.value) ?? users.value[0] ?? '',
);

export const sites: ReadonlySignal<readonly string[]> = computed(() =>
  (internet.value?.pages ?? []).map((page) => new URL(page).host),
);

export const site: ReadonlySignal<string> = computed(() => siteTyped.value ?? sites.value[0] ?? '');

export const replies: ReadonlySignal<readonly Reply[]> = computed(() => {
  const view = sent.value?.view;
  return view ? repliesOf(view) : [];
});

/** The last ETag that came: conditional requests are built with it. */
export const lastEtag: Signal<string | undefined> = signal(undefined);

const setting = computed(() => ({
  site: site.value,
  proxied: proxyChosen.value !== '',
  etag: lastEtag.value,
}));

export const text: ReadonlySignal<string> = computed(
  () => typed.value ?? exampleText('get', setting.value),
);

export function takeExample(example: Example): void {
  typed.value = exampleText(example, setting.value);
}

export function chooseUser(name: string): void {
  userChosen.value = name;
}

/** Another server has other ETags; a request that was not changed by hand follows. */
export function chooseSite(name: string): void {
  const plain = text.value === exampleText('get', setting.value);
  siteTyped.value = name;
  lastEtag.value = undefined;
  if (plain) typed.value = undefined;
}

export function chooseProxy(host: string): void {
  const plain = text.value === exampleText('get', setting.value);
  proxyChosen.value = host;
  if (plain) typed.value = undefined;
}

export async function send(): Promise<void> {
  if (sent.value?.busy) return;
  const proxy = proxies.value.find(({ host }) => host === proxyChosen.value);
  const [name = '', port] = site.value.trim().split(':');
  const asked = { host: user.value, text: text.value };
  const request = {
    host: asked.host,
    to: proxy?.host ?? name,
    port: proxy?.port ?? (Number(port) || HTTP_PORT),
    text: lineEnd.value === 'crlf' ? asked.text.replace(/\r?\n/g, '\r\n') : asked.text,
  };
  sent.value = { ...asked, busy: true };
  try {
    sent.value = { ...asked, busy: false, view: await api.byHand(request) };
    const etag = replies.value.findLast(({ headers }) => headers.has('etag'))?.headers.get('etag');
    if (etag !== undefined) lastEtag.value = etag;
  } catch (error) {
    sent.value = { ...asked, busy: false, problem: sentence(error) };
  }
}

/** A mail host with two people's mail on a loopback port, its page, and a browser before it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { build } from 'vite';
import { serveHttp } from '../../src/http/index.ts';
import { jmapSite } from '../../src/jmap/index.ts';
import { utf8 } from '../../src/lib/bytes.ts';
import { endpointText } from '../../src/lib/endpoint.ts';
import { MailStore, memoryMailTables } from '../../src/mail/index.ts';
import { realFiles, realHost } from '../../src/net/real/index.ts';
import { localSubmit, type Sent } from '../jmap/local-submit.ts';
import { launchChromium } from './chromium.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PATIENCE_MS = 8_000;

export interface MailView {
  readonly size?: { readonly width: number; readonly height: number };
  readonly colours?: 'light' | 'dark';
}

export interface MailStage {
  readonly url: string;
  readonly store: MailStore;
  readonly sent: readonly Sent[];
  /** What went wrong inside of the pages, or was asked for from elsewhere. */
  readonly faults: string[];
  /** Delivers to an account. */
  deliver(account: string, text: string, options?: DeliverTo): Promise<void>;
  /** A page of somebody who has not signed in yet. */
  visit(view?: MailView): Promise<Page>;
  /** A page of somebody who has. */
  open(name: 'alice' | 'bob', view?: MailView): Promise<Page>;
  /** Closes all pages. */
  tidy(): Promise<void>;
  close(): Promise<void>;
}

export interface DeliverTo {
  readonly folder?: string;
  readonly received?: number;
  readonly flags?: readonly string[];
}

const PEOPLE = {
  alice: { title: 'Alice Adams', password: 'wonderland' },
  bob: { title: 'Bob Brown', password: 'builder' },
} as const;

export async function setMailStage(): Promise<MailStage> {
  const pages = mkdtempSync(join(tmpdir(), 'toplayer-webmail-'));
  await build({
    configFile: join(ROOT, 'web', 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: pages, emptyOutDir: true },
  });
  const host = realHost({ name: 'mail' });
  const store = MailStore.open(host, memoryMailTables());
  for (const [name, person] of Object.entries(PEOPLE)) {
    await store.addAccount({
      name,
      addresses: [`${name}@campus.edu`],
      ...person,
      keepPassword: true,
    });
  }
  const sent: Sent[] = [];
  const submit = localSubmit(store, sent);
  const handler = jmapSite(host, { store, submit, page: realFiles(pages) });
  const server = await serveHttp(host, { port: 0, handler });
  const url = `http://${endpointText(server.local)}/`;
  const browser = await launchChromium();
  const faults: string[] = [];
  const contexts: BrowserContext[] = [];

  async function visit({ size, colours }: MailView = {}): Promise<Page> {
    const viewport = size ?? { width: 1360, height: 860 };
    const context = await browser.newContext({ viewport, colorScheme: colours ?? 'light' });
    contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => faults.push(error.stack ?? error.message));
    page.on('dialog', (dialog) => {
      faults.push(`a script said ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (!/^(?:data|blob|about):/.test(request.url()) && !request.url().startsWith(url)) {
        faults.push(`asked for ${request.url()}`);
      }
    });
    await page.goto(url);
    return page;
  }

  return {
    url,
    store,
    sent,
    faults,
    visit,
    async deliver(account, text, { received, ...options } = {}) {
      const staged = store.stageBytes(utf8(text.replaceAll('\n', '\r\n')));
      const to = store.account(account);
      if (!to) throw new Error(`no ${account}`);
      await store.deliver(staged, [{ account: to, ...options }], received);
    },
    async open(name, view) {
      const page = await visit(view);
      await page.getByLabel('Name or address').fill(name);
      await page.getByLabel('Password').fill(PEOPLE[name].password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('main').locator('.rows').waitFor();
      return page;
    },
    async tidy() {
      await Promise.all(contexts.splice(0).map((context) => context.close()));
    },
    async close() {
      await browser.close();
      await server.close({ graceMs: 0 });
      await store.close();
      rmSync(pages, { recursive: true });
    },
  };
}

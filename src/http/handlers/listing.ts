/** The pages of a directory: what is in it, and what somebody may have meant who found nothing. */

import type { FileInfo, Files } from '../../net/index.ts';
import { NEAREST_NAMES } from '../defaults.ts';
import { escapeHtml, HTML, htmlPage, statusPage } from '../pages.ts';
import type { Response } from '../types.ts';
import { grouped } from '../wire/tokens.ts';
import { nearest } from './nearest.ts';

interface Entry {
  readonly name: string;
  readonly info: FileInfo;
}

/** The names of a directory that may be shown, directories with a slash. */
export async function visibleEntries(
  files: Files,
  path: string,
  dotfiles: boolean,
): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (const name of await files.list(path)) {
    if (name.startsWith('.') && !dotfiles) continue;
    const info = await files.info(`${path === '/' ? '' : path}/${name}`).catch(() => undefined);
    if (info && info.kind !== 'other') {
      entries.push({ name: info.kind === 'directory' ? `${name}/` : name, info });
    }
  }
  return entries;
}

export function listingPage(path: string, entries: readonly Entry[]): Response {
  const up = path === '/' ? '' : '<tr><td><a href="../">../</a></td><td></td><td></td></tr>\n';
  const rows = entries.map(({ name, info }) => {
    const size = info.kind === 'directory' ? '' : `${grouped(info.size)} B`;
    const date = new Date(info.modified).toISOString().slice(0, 16).replace('T', ' ');
    return `<tr><td>${link(name)}</td><td>${size}</td><td>${date}</td></tr>`;
  });
  const head = '<tr><th>Name</th><th>Size</th><th>Modified (UTC)</th></tr>';
  const table = `<table>\n${head}\n${up}${rows.join('\n')}\n</table>`;
  return { status: 200, headers: [HTML], body: htmlPage(`Index of ${shown(path)}`, table) };
}

/** 404, with the nearest names of `parent`; the second value is the note for the trace. */
export function missingPage(
  path: string,
  parent: string,
  wanted: string,
  names: readonly string[],
): readonly [page: Response, note: string] {
  const plain = names.map((name) => name.replace(/\/$/, ''));
  const near = nearest(wanted, plain, NEAREST_NAMES);
  const text = `There is no ${shown(path)} here.`;
  if (near.length === 0) return [statusPage(404, text), '404: no such file'];
  const items = near.map(
    (name) => `<li>${link(names[plain.indexOf(name)] as string, parent)}</li>`,
  );
  const more = `<p>Nearest are:</p>\n<ul>\n${items.join('\n')}\n</ul>`;
  return [statusPage(404, text, { more }), `404: no such file; nearest are ${near.join(', ')}`];
}

/** `./` keeps a name with a colon from being read as a scheme (RFC 3986 §4.2). */
function link(name: string, base = './'): string {
  const encoded = name.split('/').map(encodeURIComponent).join('/');
  return `<a href="${escapeHtml(base + encoded)}">${escapeHtml(name)}</a>`;
}

function shown(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

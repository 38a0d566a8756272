/** The files of a folder of the host's disk, as a web site. */
import { FileError, hasCode } from '../../lib/errors.ts';
import type { FileInfo } from '../../net/index.ts';
import { calendar } from '../../net/index.ts';
import type { ContentCodings } from '../codings.ts';
import { CACHED_FILE_LIMIT, FILE_RECHECK_MS } from '../defaults.ts';
import { statusPage } from '../pages.ts';
import type { Context, Handler, Request, Response } from '../types.ts';
import { CodedFiles } from './coded-files.ts';
import { fileAnswer, isPlain, type ServedFile, servedFile, varyingFile } from './file-answer.ts';
import { FileCache } from './file-cache.ts';
import { listingPage, missingPage, visibleEntries } from './listing.ts';
import { methods } from './methods.ts';
import { redirectResponse } from './redirect-to.ts';
import { type SitePath, sitePath } from './site-path.ts';

export interface StaticFilesOptions {
  /** The folder on the host's disk; default `/`. */
  readonly root?: string;
  /** What stands for a directory; default `index.html`. */
  readonly index?: string;
  /** Lists directories without an index; default true. */
  readonly listing?: boolean;
  /** Serves names with a leading dot; default false. */
  readonly dotfiles?: boolean;
  /** How long a file in memory is served without a look at the disk. */
  readonly recheckMs?: number;
  /** A file that answers for pages that are not there: those of an application in one page. */
  readonly fallback?: string;
  /** Said of every file: `no-cache`, `max-age=3600`. */
  readonly cacheControl?: string;
  /** Sends files that shrink in the coding that the client likes best. */
  readonly codings?: ContentCodings;
}

/** Serves the files of a folder to GET and HEAD. */
export function staticFiles(options: StaticFilesOptions = {}): Handler {
  const site = new Site(options);
  return methods('GET', 'HEAD')((request, context) => site.answer(request, context));
}

class Site {
  private readonly root: string;
  private readonly index: string;
  private readonly listing: boolean;
  private readonly dotfiles: boolean;
  private readonly recheckMs: number;
  private readonly fallback: string | undefined;
  private readonly cacheControl: string | undefined;
  private readonly cache = new FileCache();
  private readonly coded: CodedFiles | undefined;

  constructor(options: StaticFilesOptions) {
    this.root = (options.root ?? '/').replace(/\/+$/, '');
    this.index = options.index ?? 'index.html';
    this.listing = options.listing ?? true;
    this.dotfiles = options.dotfiles ?? false;
    this.recheckMs = options.recheckMs ?? FILE_RECHECK_MS;
    this.fallback = options.fallback;
    this.cacheControl = options.cacheControl;
    this.coded = options.codings && new CodedFiles(options.codings);
  }

  answer(request: Request, context: Context): Response | Promise<Response> {
    const now = context.host.clock.now();
    const known = this.cache.fresh(request.path, now, this.recheckMs);
    if (known?.whole && isPlain(request) && !this.asksCoded(request)) return known.whole;
    return this.look(request, context, known);
  }

  private asksCoded(request: Request): boolean {
    return this.coded !== undefined && request.headers.has('Accept-Encoding');
  }

  /** The file, in the coding that the client likes best. */
  private async serve(file: ServedFile, request: Request, context: Context): Promise<Response> {
    const chosen = this.coded ? await this.coded.choose(file, request, context) : file;
    return fileAnswer(chosen, request, context);
  }

  private async look(
    request: Request,
    context: Context,
    known: ServedFile | undefined,
  ): Promise<Response> {
    if (known) return this.serve(known, request, context);
    const path = sitePath(request.path, this.dotfiles);
    if (path.kind === 'bad') return statusPage(400, path.why, { spec: 'RFC 3986 §3.3' });
    if (path.kind === 'none') return this.missing(request, context, undefined);
    try {
      return await this.found(request, context, path);
    } catch (error) {
      this.cache.delete(request.path);
      if (hasCode(error, 'FILE_NOT_PERMITTED')) return statusPage(403, 'This may not be read.');
      if (!(error instanceof FileError)) throw error;
      return (await this.instead(request, context)) ?? this.missing(request, context, path);
    }
  }

  /** The page of the application, where a page is wanted and not a picture or a script. */
  private async instead(request: Request, context: Context): Promise<Response | undefined> {
    if (this.fallback === undefined) return undefined;
    const last = request.path.slice(request.path.lastIndexOf('/') + 1);
    const accepts = request.headers.joined('Accept') ?? '*/*';
    if (last.includes('.') || !/text\/html|\*\/\*/.test(accepts)) return undefined;
    const name = `${this.root}/${this.fallback}`;
    const info = await context.host.files.info(name).catch(() => undefined);
    if (info?.kind !== 'file') return undefined;
    context.note(`no such file: ${this.fallback} answers for it`);
    const bytes = await context.host.files.read(name);
    const file = servedFile(name, info, bytes, calendar(context.host.clock), this.cacheControl);
    return this.serve(file, request, context);
  }

  /** Throws FileError when there is no such file. */
  private async found(
    request: Request,
    context: Context,
    { segments, directory }: SitePath & { kind: 'path' },
  ): Promise<Response> {
    const { files } = context.host;
    const name = [this.root, ...segments].join('/') || '/';
    const info = await files.info(name);
    if (info.kind === 'directory') {
      if (!directory) return redirectResponse(withSlash(request), 301);
      return this.directory(request, context, name);
    }
    if (directory || info.kind !== 'file') throw new FileError('not-found', name);
    return this.file(request, context, name, info);
  }

  private async directory(request: Request, context: Context, name: string): Promise<Response> {
    const { files } = context.host;
    const index = `${name === '/' ? '' : name}/${this.index}`;
    const info = await files.info(index).catch(() => undefined);
    if (info?.kind === 'file') return this.file(request, context, index, info);
    if (!this.listing) throw new FileError('not-found', index);
    return listingPage(request.path, await visibleEntries(files, name, this.dotfiles));
  }

  private async file(
    request: Request,
    context: Context,
    name: string,
    info: FileInfo,
  ): Promise<Response> {
    const { clock, files } = context.host;
    let file = this.cache.kept(request.path);
    if (!file || file.path !== name || !sameInfo(file.info, info)) {
      const bytes = info.size <= CACHED_FILE_LIMIT ? await files.read(name) : undefined;
      const size = bytes?.length ?? info.size;
      const more = this.cacheControl;
      file = servedFile(name, { ...info, size }, bytes, calendar(clock), more);
      if (this.coded?.concerns(file)) file = varyingFile(file);
    }
    if (file.bytes) this.cache.put(request.path, file, clock.now());
    return this.serve(file, request, context);
  }

  /** 404, with names from the nearest directory that exists. */
  private async missing(
    request: Request,
    context: Context,
    path: (SitePath & { kind: 'path' }) | undefined,
  ): Promise<Response> {
    const { files } = context.host;
    for (let depth = (path?.segments.length ?? 0) - 1; path && depth >= 0; depth--) {
      const parents = path.segments.slice(0, depth);
      const folder = [this.root, ...parents].join('/') || '/';
      const entries = await visibleEntries(files, folder, this.dotfiles).catch(() => undefined);
      if (!entries) continue;
      const base = `/${parents.map((part) => `${encodeURIComponent(part)}/`).join('')}`;
      const wanted = path.segments[depth] as string;
      const names = entries.map((entry) => entry.name);
      const [page, note] = missingPage(request.path, base, wanted, names);
      context.note(note, 'RFC 9110 §15.5.5');
      return page;
    }
    return missingPage(request.path, '/', '', [])[0];
  }
}

function sameInfo(a: FileInfo, b: FileInfo): boolean {
  return a.size === b.size && a.modified === b.modified;
}

/** One slash in front, whatever came: two would lead to another host (RFC 3986 §4.2). */
function withSlash(request: Request): string {
  const query = request.query === '' ? '' : `?${request.query}`;
  return `/${request.path.replace(/^\/+/, '')}/${query}`;
}

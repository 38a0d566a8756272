/** HTML from somebody else, made safe to show: no scripts, and nothing fetched from outside but pictures where the reader wants them. */
import type { Element, ElementContent, Nodes, Root } from 'hast';
import { fromParse5 } from 'hast-util-from-parse5';
import { sanitize } from 'hast-util-sanitize';
import { toParse5 } from 'hast-util-to-parse5';
import { type DefaultTreeAdapterTypes, parse, serialize } from 'parse5';
import { SHEET_DEPTH } from '../defaults.ts';
import { replaceCssUrls } from './css-refs.ts';
import { SCHEMA, WITH_PICTURES } from './schema.ts';

/** Where the things are that a text refers to. */
export interface Resources {
  /** A data: URL in the place of an absolute URL; undefined where it may not be shown or is not there. */
  dataUrl(url: string): string | undefined;
  /** The text of a style sheet. */
  sheet(url: string): string | undefined;
}

export const NO_RESOURCES: Resources = { dataUrl: () => undefined, sheet: () => undefined };

export interface ShowOptions {
  /**
   * What `img` names on the Web is fetched from there, which tells who has it that somebody reads. Default: not.
   * Pictures of style sheets never are: browsers tell their servers where they are shown.
   */
  readonly pictures?: boolean;
}

/**
 * The second wall, should ever something pass the first: no script runs and nothing else is fetched, also where a
 * style sheet hides a reference behind escapes. For the header of the answer too.
 */
export function showPolicy({ pictures = false }: ShowOptions = {}): string {
  const images = pictures ? 'data: http: https:' : 'data:';
  return `default-src 'none'; img-src ${images}; media-src data:; font-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'`;
}

/** A whole document. Links stay, and open elsewhere. `base` is what relative URLs are relative to. */
export function safeHtml(
  html: string,
  base: string,
  resources: Resources = NO_RESOURCES,
  options: ShowOptions = {},
): string {
  // As a browser without scripts reads it: what stands in noscript is shown.
  const tree = fromParse5(parse(html, { scriptingEnabled: false })) as Root;
  new Rewriter(base, resources, options).walk(tree);
  const clean = sanitize(tree, options.pictures ? WITH_PICTURES : SCHEMA) as Root;
  addPolicy(clean, showPolicy(options));
  return serialize(toParse5(clean) as DefaultTreeAdapterTypes.Document);
}

function addPolicy(root: Root, policy: string): void {
  const html = root.children.find((node): node is Element => isElement(node, 'html'));
  const head = html?.children.find((node): node is Element => isElement(node, 'head'));
  head?.children.unshift(
    element('meta', { charSet: 'utf-8' }),
    element('meta', { httpEquiv: 'Content-Security-Policy', content: policy }),
    element('meta', { name: 'referrer', content: 'no-referrer' }),
  );
}

function element(tagName: string, properties: Record<string, string>, text?: string): Element {
  const children: ElementContent[] = text === undefined ? [] : [{ type: 'text', value: text }];
  return { type: 'element', tagName, properties, children };
}

function isElement(node: Nodes, tagName: string): boolean {
  return node.type === 'element' && node.tagName === tagName;
}

const SOURCES = ['src', 'poster', 'background'] as const;

class Rewriter {
  private base: string;
  private readonly resources: Resources;
  private readonly pictures: boolean;

  constructor(base: string, resources: Resources, { pictures = false }: ShowOptions) {
    this.base = base;
    this.resources = resources;
    this.pictures = pictures;
  }

  /** Without recursion: a page may nest deeper than a stack. */
  walk(root: Root): void {
    const rest: Nodes[] = [root];
    for (let node = rest.pop(); node; node = rest.pop()) {
      if (node.type === 'element') this.element(node);
      if ('children' in node) for (const child of node.children.toReversed()) rest.push(child);
    }
  }

  private element(node: Element): void {
    const { properties, tagName } = node;
    if (tagName === 'base') this.setBase(properties['href']);
    for (const name of SOURCES) {
      if (properties[name] !== undefined) this.setSource(node, name, String(properties[name]));
    }
    if (typeof properties['style'] === 'string') {
      properties['style'] = this.css(properties['style'], this.base, 0);
    }
    if (tagName === 'a') this.link(node);
    if (tagName === 'style') this.sheet(node);
    if (tagName === 'link') this.linkedSheet(node);
  }

  private setSource({ tagName, properties }: Element, name: string, url: string): void {
    const isOutside = this.pictures && tagName === 'img' && name === 'src';
    const value = this.dataUrl(url) ?? (isOutside ? webUrl(url, this.base) : undefined);
    if (value === undefined) delete properties[name];
    else properties[name] = value;
  }

  private setBase(href: unknown): void {
    const url = typeof href === 'string' ? URL.parse(href, this.base) : null;
    if (url) this.base = url.href;
  }

  private link({ properties }: Element): void {
    const { href } = properties;
    if (typeof href !== 'string' || href.startsWith('#')) return;
    const url = URL.parse(href, this.base);
    if (url) properties['href'] = url.href;
    properties['target'] = '_blank';
    properties['rel'] = ['noopener', 'noreferrer'];
  }

  private sheet(node: Element): void {
    const text = node.children.map((child) => (child.type === 'text' ? child.value : '')).join('');
    node.children = [{ type: 'text', value: this.css(text, this.base, 0) }];
  }

  /** A style sheet that is there takes the place of the link to it. */
  private linkedSheet(node: Element): void {
    const { rel, href, media } = node.properties;
    const named = Array.isArray(rel) && rel.includes('stylesheet') && !rel.includes('alternate');
    const text = named && typeof href === 'string' ? this.sheetAt(href, this.base, 0) : undefined;
    if (text === undefined) return;
    node.tagName = 'style';
    node.properties = media === undefined || media === null ? {} : { media };
    node.children = [{ type: 'text', value: text }];
  }

  private sheetAt(reference: string, base: string, depth: number): string | undefined {
    const url = absolute(reference, base);
    const text = depth < SHEET_DEPTH ? this.resources.sheet(url) : undefined;
    return text === undefined ? undefined : this.css(text, url, depth + 1);
  }

  private css(text: string, base: string, depth: number): string {
    return replaceCssUrls(
      text,
      (url) => this.dataUrl(url, base),
      (url) => this.sheetAt(url, base, depth),
    );
  }

  private dataUrl(reference: string, base: string = this.base): string | undefined {
    if (/^\s*data:(?:image|font|audio|video)\//i.test(reference)) return reference.trim();
    return this.resources.dataUrl(absolute(reference, base));
  }
}

/** `cid:` and what is no URL stay as they are. */
function absolute(reference: string, base: string): string {
  return URL.parse(reference.trim(), base)?.href ?? reference.trim();
}

function webUrl(reference: string, base: string): string | undefined {
  const url = absolute(reference, base);
  return /^https?:/i.test(url) ? url : undefined;
}

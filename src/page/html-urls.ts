/** What a page names and a browser would get to show it. */
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { cssUrls } from './css-urls.ts';

type Node = DefaultTreeAdapterTypes.ChildNode | DefaultTreeAdapterTypes.Document;
type Element = DefaultTreeAdapterTypes.Element;

export type ObjectKind = 'image' | 'style' | 'script' | 'icon' | 'media' | 'frame' | 'css';

export interface PageLink {
  readonly url: string;
  readonly kind: ObjectKind;
}

export interface PageNames {
  /** Absolute, in the order of the page, each once. */
  readonly links: readonly PageLink[];
  readonly title: string;
}

/** The objects of an HTML text that came from `url`. */
export function htmlUrls(html: string, url: string): PageNames {
  const finder = new Finder(url);
  finder.walk(parse(html));
  return { links: finder.links(), title: finder.title };
}

/** An absolute http or https URL without its fragment; undefined for data:, mailto: and what is none. */
export function absolute(reference: string, base: string): string | undefined {
  const url = URL.parse(reference.trim(), base);
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return undefined;
  return url.href.slice(0, url.href.length - url.hash.length);
}

class Finder {
  private base: string;
  private readonly found = new Map<string, ObjectKind>();
  private baseSeen = false;
  title = '';

  constructor(url: string) {
    this.base = url;
  }

  links(): PageLink[] {
    return [...this.found].map(([url, kind]) => ({ url, kind }));
  }

  /** Without recursion: a page may nest deeper than a stack. */
  walk(root: Node): void {
    const rest: Node[] = [root];
    for (let node = rest.pop(); node; node = rest.pop()) {
      if ('tagName' in node) this.element(node);
      if (!('childNodes' in node)) continue;
      for (const child of node.childNodes.toReversed()) rest.push(child);
    }
  }

  private element(element: Element): void {
    const attribute = (name: string): string | undefined =>
      element.attrs.find((entry) => entry.name === name)?.value;
    const style = attribute('style');
    if (style) for (const url of cssUrls(style)) this.add(url, 'css');
    switch (element.tagName) {
      case 'base':
        this.setBase(attribute('href'));
        break;
      case 'title':
        this.title ||= textOf(element).trim();
        break;
      case 'img':
        this.image(attribute('src'), attribute('srcset'), attribute('loading'));
        break;
      case 'input':
        if (attribute('type')?.toLowerCase() === 'image') this.add(attribute('src'), 'image');
        break;
      case 'link':
        this.link(attribute('rel') ?? '', attribute('href'));
        break;
      case 'script':
        this.add(attribute('src'), 'script');
        break;
      case 'style':
        for (const url of cssUrls(textOf(element))) this.add(url, 'css');
        break;
      case 'iframe':
        this.add(attribute('src'), 'frame');
        break;
      case 'video':
        this.add(attribute('poster'), 'image');
        break;
    }
  }

  /** The first candidate of srcset, or src: one picture is got, never all its sizes. */
  private image(src?: string, srcset?: string, loading?: string): void {
    if (loading === 'lazy') return;
    const first = srcset === undefined ? undefined : /^[\s,]*(\S+?),?(?:\s|$)/.exec(srcset)?.[1];
    this.add(first ?? src, 'image');
  }

  private link(rel: string, href: string | undefined): void {
    const relations = rel.toLowerCase().split(/\s+/);
    if (relations.includes('stylesheet') && !relations.includes('alternate')) {
      this.add(href, 'style');
    } else if (relations.includes('icon')) {
      this.add(href, 'icon');
    }
  }

  /** Only the first counts (HTML §4.2.3). */
  private setBase(href: string | undefined): void {
    if (href === undefined || this.baseSeen) return;
    this.baseSeen = true;
    this.base = absolute(href, this.base) ?? this.base;
  }

  private add(reference: string | undefined, kind: ObjectKind): void {
    if (reference === undefined || reference.trim() === '') return;
    const url = absolute(reference, this.base);
    if (url !== undefined && !this.found.has(url)) this.found.set(url, kind);
  }
}

function textOf(element: Element): string {
  return element.childNodes.map((node) => ('value' in node ? node.value : '')).join('');
}

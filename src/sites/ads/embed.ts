/** How other sites show an advertisement: one picture of somebody else's, and that is all it takes. */
import { html, type Markup } from '../markup.ts';

/** The scheme follows the page's. The page tells its own address, since browsers cut it from Referer. */
export function advertisement(pageUrl: string): Markup {
  const page = encodeURIComponent(pageUrl.replace(/[?#].*$/, ''));
  return html`<aside class="ad" aria-label="Advertisement"><a href="//www.ads.com/profile"><img src="//www.ads.com/banner.svg?page=${page}" alt="Advertisement of ads.com" width="468" height="60"></a><small>An advertisement of <a href="//www.ads.com/">ads.com</a></small></aside>`;
}

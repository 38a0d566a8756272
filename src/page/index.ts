/** Pages with all their objects, got over HTTP. */
export { cssUrls } from './css-urls.ts';
export { htmlUrls, type ObjectKind, type PageLink, type PageNames } from './html-urls.ts';
export { type LoadPageOptions, loadPage, type Page, type PageObject } from './load-page.ts';

/** Pages with all their objects, got over HTTP. */
export { cssUrls } from './css-urls.ts';
export { type HarOptions, harOf } from './har.ts';
export { htmlUrls, type ObjectKind, type PageLink, type PageNames } from './html-urls.ts';
export {
  type LoadPageOptions,
  loadPage,
  PAGE_MODES,
  type Page,
  type PageContent,
  type PageExchange,
  type PageMode,
  type PageObject,
} from './load-page.ts';
export { phasesOf, WATERFALL_LEGEND, type WaterfallOptions, waterfall } from './waterfall.ts';

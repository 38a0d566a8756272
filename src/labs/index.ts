export { compareFloods, type FloodOptions, type FloodRow, floodTable } from './dns/flood.ts';
export {
  countMessages,
  type MessagesOptions,
  type MessagesResult,
  messagesTable,
} from './dns/messages.ts';
export {
  attackDefences,
  type PoisoningOptions,
  type PoisoningRow,
  poisoningTable,
} from './dns/poisoning.ts';
export {
  compareOrders,
  type RotationOptions,
  type RotationRow,
  rotationTable,
} from './dns/rotation.ts';
export { compareTtls, type TtlOptions, type TtlRow, ttlTable } from './dns/ttl.ts';
export {
  type Pop3Mode,
  type Pop3Session,
  type Pop3Story,
  type Pop3StoryOptions,
  pop3Story,
  pop3StoryText,
  type SaidLine,
} from './mail/pop3-story.ts';
export {
  compareTransports,
  DEFAULTS as TCP_UDP_DEFAULTS,
  type TcpUdpOptions,
  type TcpUdpResult,
  transportTable,
} from './tcp-udp.ts';
export {
  ACCESS_LINK_DEFAULTS,
  type AccessLinkOptions,
  type AccessLinkRow,
  accessLinkFormula,
  accessLinkTable,
  compareHitRatios,
} from './web/access-link.ts';
export {
  type CookiesStory,
  type CookiesStoryOptions,
  cookiesStory,
  cookiesStoryText,
  type StoryLine,
} from './web/cookies-story.ts';
export {
  type PageFormula,
  type PagePath,
  pageFormula,
  slowStartFormula,
} from './web/page-formulas.ts';
export {
  comparePageModes,
  PAGE_TIMES_DEFAULTS,
  type PageTimesOptions,
  type PageTimesRow,
  pageTimesTable,
} from './web/page-times.ts';

export {
  countMessages,
  type MessagesOptions,
  type MessagesResult,
  messagesTable,
} from './dns/messages.ts';
export { compareTtls, type TtlOptions, type TtlRow, ttlTable } from './dns/ttl.ts';
export {
  compareTransports,
  DEFAULTS as TCP_UDP_DEFAULTS,
  type TcpUdpOptions,
  type TcpUdpResult,
  transportTable,
} from './tcp-udp.ts';

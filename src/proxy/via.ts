/** Who a message came by (RFC 9110 §7.6.3). */
import { type HeaderList, listElements, type Version } from '../http/index.ts';
import { VIA_LIMIT } from './defaults.ts';

/** The list with this proxy at its end. */
export function withVia(headers: HeaderList, version: Version, name: string): HeaderList {
  return headers.appended('Via', `${version} ${name}`);
}

/** True when the message has been here before, or has come by more proxies than there can be. */
export function loops(headers: HeaderList, name: string): boolean {
  const via = headers.joined('Via');
  if (via === undefined) return false;
  const members = listElements(via);
  return members.length > VIA_LIMIT || members.some((member) => receivedBy(member) === name);
}

/** `1.1 proxy.example (comment)`: the second word. */
function receivedBy(member: string): string | undefined {
  return member.split(/[ \t]+/)[1];
}

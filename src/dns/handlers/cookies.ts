import type { Clock, Random } from '../../net/index.ts';
import { calendar } from '../../net/index.ts';
import { parseIPv4, parseIPv6 } from '../address.ts';
import { checkServerCookie, makeServerCookie } from '../machine/cookie.ts';
import { reply } from '../message.ts';
import { type DnsCookie, OPTION, optionOf, readCookie } from '../options.ts';
import { afterwards, passing, withOption } from './reply.ts';
import type { DnsRequest, Link } from './types.ts';

export interface CookieOptions {
  /** 16 bytes, the same on all servers behind one address; default: drawn at random. */
  readonly secret?: Uint8Array;
  /** Clients on UDP without a good cookie are told BADCOOKIE (RFC 7873 §5.2.3); default false. */
  readonly required?: boolean;
}

/**
 * Gives clients that send a cookie one of ours, by which they prove that their address is theirs
 * (RFC 7873, RFC 9018). To the links after it, `request.proven` says so.
 */
export function cookies(
  host: { readonly clock: Clock; readonly random: Random },
  { secret = host.random.bytes(16), required = false }: CookieOptions = {},
): Link {
  const now = () => calendar(host.clock) / 1000;
  return (next) =>
    passing(next, (request) => {
      const { query, transport } = request;
      const data = optionOf(query.edns, OPTION.COOKIE);
      if (!data) return next(request);
      const cookie = readCookie(data);
      // RFC 7873 §5.2.2: an impossible length is a broken message.
      if (!cookie) return reply(query, { rcode: 'FORMERR' });
      const address = addressOf(request);
      const state = cookie.server
        ? checkServerCookie(secret, cookie.client, cookie.server, address, now())
        : 'bad';
      const answer = () => {
        const server =
          state === 'good' && cookie.server
            ? cookie.server
            : makeServerCookie(secret, cookie.client, address, now());
        return cookieOption(cookie, server);
      };
      if (required && state === 'bad' && transport === 'udp') {
        return withOption(reply(query, { rcode: 'BADCOOKIE' }), answer());
      }
      const proven = state !== 'bad' || request.proven === true;
      const ours = { ...request, proven, keep: undefined };
      return afterwards((made) => withOption(made, answer()))(next)(ours);
    });
}

function cookieOption({ client }: DnsCookie, server: Uint8Array) {
  const data = new Uint8Array(8 + server.length);
  data.set(client);
  data.set(server, 8);
  return { code: OPTION.COOKIE, data };
}

function addressOf({ from }: DnsRequest): Uint8Array {
  return parseIPv4(from.address) ?? parseIPv6(from.address) ?? new Uint8Array(0);
}

/** What links do to the replies of those after them. */
import { edns } from '../message.ts';
import type { EdnsOption, Message } from '../types.ts';
import type { DnsRequest, Handler, Link, Reply } from './types.ts';

export function isMessage(reply: Reply): reply is Message {
  return reply !== undefined && 'rcode' in reply;
}

/** A handler that may be passed over where the one after it may. */
export function passing(next: Handler, handle: Handler): Handler {
  return Object.assign(handle, { reusable: next.reusable === true });
}

/** A link that changes what the links after it reply; transfers and silence pass unchanged. */
export function afterwards(change: (reply: Message, request: DnsRequest) => Reply): Link {
  return (next: Handler) => (request) => {
    const done = (reply: Reply): Reply => (isMessage(reply) ? change(reply, request) : reply);
    const reply = next(request);
    return reply instanceof Promise ? reply.then(done) : done(reply);
  };
}

/** A reply that says one thing more; dropped with the OPT where the client knows no EDNS. */
export function withOption(reply: Message, option: EdnsOption): Message {
  const options = [...(reply.edns?.options ?? []), option];
  return { ...reply, edns: edns(0, false, options) };
}

/** How the bodies of messages are asked for (RFC 8621 §4.2, §4.9). */
import type { BodyRequest } from '../types.ts';
import type { Arguments } from './arguments.ts';

export function parseBodyRequest(args: Arguments, usual: readonly string[]): BodyRequest {
  return {
    bodyProperties: args.maybeTexts('bodyProperties') ?? usual,
    fetchTextBodyValues: args.bool('fetchTextBodyValues'),
    fetchHTMLBodyValues: args.bool('fetchHTMLBodyValues'),
    fetchAllBodyValues: args.bool('fetchAllBodyValues'),
    maxBodyValueBytes: args.maybeUnsigned('maxBodyValueBytes') ?? 0,
  };
}

import { utf8 } from '../../lib/bytes.ts';
import { OPTION, optionOf } from '../options.ts';
import { afterwards, passing, withOption } from './reply.ts';
import type { Link } from './types.ts';

/** Tells those who ask for it which of several servers behind one address they have met (RFC 5001). */
export function identify(name: string): Link {
  const option = { code: OPTION.NSID, data: utf8(name) };
  const adding = afterwards((made) => withOption(made, option));
  return (next) =>
    passing(next, (request) => {
      if (!optionOf(request.query.edns, OPTION.NSID)) return next(request);
      return adding(next)({ ...request, keep: undefined });
    });
}

import type { Request } from '../../http/index.ts';
import type { Identity } from '../types.ts';

const IDENTITIES = new WeakMap<Request, Identity>();

/** Who was let in with this request, by a link before the handler. */
export function identityOf(request: Request): Identity | undefined {
  return IDENTITIES.get(request);
}

export function identified(request: Request, identity: Identity): void {
  IDENTITIES.set(request, identity);
}

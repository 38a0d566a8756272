/** Which content coding a client would like best (RFC 9110 §12.5.3). */
import { parseQuality } from './quality.ts';
import { trimBlank } from './tokens.ts';

/**
 * The first of `available` that the client weighs highest, or undefined for the content as it is.
 * Equal weights are decided by the order of `available`.
 */
export function chooseCoding(
  value: string | undefined,
  available: readonly string[],
): string | undefined {
  if (value === undefined) return undefined;
  const weights = new Map<string, number>();
  for (const item of value.split(',')) {
    const [name = '', ...parameters] = item.split(';');
    const coding = trimBlank(name).toLowerCase();
    if (coding !== '') weights.set(coding === 'x-gzip' ? 'gzip' : coding, parseQuality(parameters));
  }
  const any = weights.get('*') ?? 0;
  let best: string | undefined;
  // Content as it is is welcome unless it is excluded, and costs nothing.
  let most = weights.get('identity') ?? 0;
  for (const coding of available) {
    const weight = weights.get(coding) ?? any;
    if (weight > most || (weight === most && weight > 0 && best === undefined)) {
      most = weight;
      best = coding;
    }
  }
  return best;
}

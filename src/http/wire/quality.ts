/** Weights of what a client accepts (RFC 9110 §12.4.2). */
import { trimBlank } from './tokens.ts';

/** `q=0.5` among the parameters of an item; 1 without one, 0 where it can't be read. */
export function parseQuality(parameters: readonly string[]): number {
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=');
    if (trimBlank(name).toLowerCase() !== 'q') continue;
    const text = trimBlank(value);
    return /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(text) ? Number(text) : 0;
  }
  return 1;
}

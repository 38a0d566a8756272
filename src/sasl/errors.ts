import { ProtocolError } from '../lib/errors.ts';

/** The server broke the exchange, or is not who it should be. */
export function badExchange(message: string, spec: string): ProtocolError {
  return new ProtocolError('SASL_BAD_EXCHANGE', message, { spec, side: 'remote' });
}

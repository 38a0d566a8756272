/** The polite no: a plain terminal without options is always allowed (RFC 854, "negotiated options"). */
import type { TelnetCommand } from '../types.ts';
import { DO, DONT, IAC, WILL, WONT } from '../wire/codes.ts';

/**
 * The answer to an offer or a demand. WONT and DONT only confirm what is so already,
 * and an answer to them could go on for ever.
 */
export function refusal(command: TelnetCommand): Uint8Array | undefined {
  if (command.option === undefined) return undefined;
  if (command.code === WILL) return Uint8Array.of(IAC, DONT, command.option);
  if (command.code === DO) return Uint8Array.of(IAC, WONT, command.option);
  return undefined;
}

/** The server's side of one conversation: bytes in, replies out. It knows no socket and no clock. */
import { ProtocolError } from '../../../src/lib/errors.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import type { Reply } from '../types.ts';
import { LineParser } from '../wire/lines.ts';
import { parseRequest } from '../wire/message.ts';

export class Session {
  private readonly parser = new LineParser();
  /** True when the conversation is over after the replies given so far. */
  over = false;

  receive(bytes: Uint8Array): Reply[] {
    try {
      return this.parser.push(bytes).flatMap((line) => (this.over ? [] : [this.answer(line)]));
    } catch (error) {
      this.over = true;
      return [refusal(error)];
    }
  }

  private answer(line: string): Reply {
    try {
      const request = parseRequest(line);
      this.over = request.type === 'bye';
      return request.type === 'bye'
        ? { code: 221, text: 'Bye' }
        : { code: 250, text: `Hello ${request.name}` };
    } catch (error) {
      return refusal(error);
    }
  }
}

function refusal(error: unknown): Reply {
  if (!(error instanceof ProtocolError)) throw error;
  return { code: error.reply ?? SYNTAX_ERROR, text: error.message };
}

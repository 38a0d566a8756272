/** A message on its way in, between the connection that brings it and the backend that keeps it. */
import { Incoming, type IncomingSetting } from '../lib/incoming.ts';
import { BODY_BUFFER, COLLECT_LIMIT } from './defaults.ts';
import { bodyTooLarge, cancelled } from './errors.ts';
import type { MessageBody } from './types.ts';

const SETTING: IncomingSetting = {
  name: 'a message',
  buffer: BODY_BUFFER,
  limit: COLLECT_LIMIT,
  tooLarge: bodyTooLarge,
  cancelled,
};

export class IncomingMessage extends Incoming<void> implements MessageBody {
  protected readonly wanted: () => void;

  /** `wanted` is called when the reader has made room, or has lost interest: the rest is thrown away then. */
  constructor(wanted: () => void) {
    super(SETTING);
    this.wanted = wanted;
  }

  protected abandoned(): void {
    this.wanted();
  }

  /** The message is not to be kept: what was not read of it is not given out any more. */
  override fail(error: Error): void {
    this.forget();
    super.fail(error);
  }
}

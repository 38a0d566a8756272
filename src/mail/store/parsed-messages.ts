/** The last messages that were looked into: clients ask for their parts one by one. */
import { type Message, parseMessage } from '../../mime/index.ts';
import { PARSED_BYTES, PARSED_MESSAGES } from '../defaults.ts';
import { contentBytes } from './contents.ts';
import type { ContentTable } from './tables.ts';

export class ParsedMessages {
  private readonly contents: ContentTable;
  /** The least recently used first. */
  private readonly kept = new Map<number, Message>();
  private bytes = 0;

  constructor(contents: ContentTable) {
    this.contents = contents;
  }

  /** Throws MAIL_GONE. */
  get(content: number): Message {
    const message = this.kept.get(content) ?? parseMessage(contentBytes(this.contents, content));
    this.drop(content);
    this.keep(content, message);
    return message;
  }

  private keep(content: number, message: Message): void {
    if (message.bytes.length > PARSED_BYTES) return;
    this.kept.set(content, message);
    this.bytes += message.bytes.length;
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= PARSED_MESSAGES && this.bytes <= PARSED_BYTES) return;
      this.drop(oldest);
    }
  }

  private drop(content: number): void {
    const message = this.kept.get(content);
    if (!message) return;
    this.kept.delete(content);
    this.bytes -= message.bytes.length;
  }
}

/** The interactive client: good for typing HTTP, SMTP, POP3, IMAP and FTP by hand. */
import { utf8 } from '../lib/bytes.ts';
import type { CloseReason, Connection } from '../net/index.ts';
import { refusal } from './machine/negotiation.ts';
import { escapeIac, TelnetParser } from './wire/parser.ts';

export interface TelnetClientOptions {
  /** What the other end shows. */
  readonly onData: (bytes: Uint8Array) => void;
  /** The other end will say no more, or the connection is over. */
  readonly onClose: (why: CloseReason) => void;
}

export class TelnetClient {
  private readonly connection: Connection;
  private readonly parser = new TelnetParser();

  constructor(connection: Connection, options: TelnetClientOptions) {
    this.connection = connection;
    connection.attach({
      onData: (bytes) => {
        for (const element of this.parser.push(bytes)) {
          if (element.type === 'data') options.onData(element.bytes);
          else this.refuse(refusal(element.command));
        }
      },
      onEnd: () => connection.end(),
      onClose: options.onClose,
    });
  }

  /** Sends what was typed; a line end goes out as CR LF, whatever the keyboard gave. */
  type(text: string): void {
    this.connection.write(escapeIac(utf8(text.replace(/\r?\n/g, '\r\n'))));
  }

  /** No more will be typed; what the other end still says is shown. */
  end(): void {
    this.connection.end();
  }

  destroy(): void {
    this.connection.destroy();
  }

  private refuse(answer: Uint8Array | undefined): void {
    if (answer) this.connection.write(answer);
  }
}

/** The remote terminal service. It runs what the given shell allows, and nothing else. */
import { utf8 } from '../lib/bytes.ts';
import type { Address } from '../lib/endpoint.ts';
import {
  type Connection,
  type Conversation,
  Conversations,
  type Host,
  type Server,
  type Timer,
} from '../net/index.ts';
import {
  TELNET_PORT,
  TERMINAL_IDLE_MS,
  TERMINAL_LINE_LIMIT,
  TERMINAL_OUTPUT_LIMIT,
  TERMINALS,
} from './defaults.ts';
import { LineEditor } from './machine/line-editor.ts';
import { refusal } from './machine/negotiation.ts';
import type { Shell, TelnetCommand } from './types.ts';
import { ARE_YOU_THERE, ERASE_CHARACTER, ERASE_LINE, INTERRUPT } from './wire/codes.ts';
import { escapeIac, TelnetParser } from './wire/parser.ts';

export interface TelnetServerOptions {
  readonly port?: number;
  readonly address?: Address;
  /** Makes the shell of one terminal. */
  readonly shell: () => Shell;
}

export async function serveTelnet(host: Host, options: TelnetServerOptions): Promise<Server> {
  const { port = TELNET_PORT, address } = options;
  const terminals = new Conversations();
  const at = { port, service: 'telnet', ...(address && { address }) };
  const listener = await host.network.listen(at, (connection) => {
    if (terminals.size >= TERMINALS) {
      connection.write(utf8('Too many terminals are open. Try again later.\r\n'));
      connection.end();
      connection.attach({ onData() {}, onClose() {} });
      return;
    }
    const terminal = new Terminal(host, connection, options.shell(), () =>
      terminals.delete(terminal),
    );
    terminals.add(terminal);
  });
  return {
    local: listener.local,
    async close({ graceMs } = {}) {
      await listener.close();
      await terminals.close(host.clock, graceMs);
    },
  };
}

class Terminal implements Conversation {
  private readonly host: Host;
  private readonly connection: Connection;
  private readonly shell: Shell;
  private readonly parser = new TelnetParser();
  private readonly editor = new LineEditor();
  private readonly lines: string[] = [];
  private running: AbortController | undefined;
  private idle: Timer | undefined;
  private ended = false;

  constructor(host: Host, connection: Connection, shell: Shell, onClose: () => void) {
    this.host = host;
    this.connection = connection;
    this.shell = shell;
    connection.attach({
      onData: (bytes) => this.take(bytes),
      onEnd: () => {
        this.ended = true;
        if (!this.running) connection.end();
      },
      onClose: () => {
        this.idle?.cancel();
        this.running?.abort();
        onClose();
      },
    });
    this.write(`${shell.banner}\n${shell.prompt}`);
    this.rest();
  }

  finish(): void {
    this.write('\nThe host is shutting down.\n');
    this.connection.end();
  }

  destroy(): void {
    this.connection.destroy();
  }

  private take(bytes: Uint8Array): void {
    this.rest();
    for (const element of this.parser.push(bytes)) {
      if (element.type === 'command') this.obey(element.command);
      else this.lines.push(...this.editor.push(element.bytes));
    }
    if (this.editor.overflowed) {
      this.write(`\na line of more than ${TERMINAL_LINE_LIMIT} bytes: its rest is ignored\n`);
      this.editor.overflowed = false;
    }
    if (!this.running) this.next();
  }

  private obey(command: TelnetCommand): void {
    const answer = refusal(command);
    if (answer) this.connection.write(answer);
    else if (command.code === ARE_YOU_THERE) this.write('[yes]\n');
    else if (command.code === ERASE_CHARACTER) this.editor.eraseCharacter();
    else if (command.code === ERASE_LINE) this.editor.eraseLine();
    else if (command.code === INTERRUPT) this.running?.abort();
  }

  /** Runs the next line typed; the lines after it wait, as they do at any terminal. */
  private next(): void {
    const line = this.lines.shift();
    if (line === undefined) {
      if (this.ended) this.connection.end();
      return;
    }
    const running = new AbortController();
    this.running = running;
    const done = (outcome: 'exit' | undefined) => {
      this.running = undefined;
      if (outcome === 'exit') {
        this.connection.end();
        return;
      }
      this.write(this.shell.prompt);
      this.rest();
      this.next();
    };
    this.shell
      .run(line, (text) => this.write(text), running.signal)
      .then(done, (error: unknown) => {
        this.write(`${error instanceof Error ? error.message : String(error)}\n`);
        done(undefined);
      });
  }

  /** A text with `\n` ends, as a network terminal wants it. */
  private write(text: string): void {
    if (this.connection.buffered > TERMINAL_OUTPUT_LIMIT) {
      this.connection.destroy();
      return;
    }
    this.connection.write(escapeIac(utf8(text.replaceAll('\n', '\r\n'))));
  }

  private rest(): void {
    this.idle?.cancel();
    this.idle = this.host.clock.setTimer(TERMINAL_IDLE_MS, () => {
      this.write('\nNobody has typed for ten minutes. Good-bye.\n');
      this.connection.end();
    });
  }
}

/** Server-sent events (HTML §9.2): what happens, told to a browser as it happens. */
import type { BodyWriter, Response } from './types.ts';

export interface ServerEventMessage {
  readonly data: string;
  readonly event?: string;
  readonly id?: string;
}

export interface EventStream {
  /** False when the client does not keep up: what is not needed may be left out until `onDrain`. */
  send(message: ServerEventMessage): boolean;
  /** A line that is no event: it keeps proxies awake, and finds out whether the client is there. */
  comment(text: string): boolean;
  /** Called whenever the client has caught up after `send` had returned false. */
  onDrain(f: () => void): void;
  end(): void;
  /** Cuts the client off; it may come back and say how far it came. */
  abort(): void;
}

/**
 * An answer that stays open. `start` is given the stream when the head has been sent; what it returns
 * is called once when the client has gone or the stream was ended.
 */
export function eventStream(start: (stream: EventStream) => () => void): Response {
  return {
    status: 200,
    headers: [
      ['Content-Type', 'text/event-stream'],
      ['Cache-Control', 'no-store'],
    ],
    body: {
      start(writer) {
        writer.onClose(start(streamOn(writer)));
      },
    },
  };
}

function streamOn(writer: BodyWriter): EventStream {
  return {
    send: (message) => writer.write(encodeEvent(message)),
    comment: (text) => writer.write(`: ${text.replace(/[\r\n]+/g, ' ')}\n\n`),
    onDrain: (f) => writer.onDrain(f),
    end: () => writer.end(),
    abort: () => writer.abort(),
  };
}

/** An event as text; several lines of data become one event, no line can begin another field. */
export function encodeEvent({ data, event, id }: ServerEventMessage): string {
  const line = (name: string, value: string | undefined): string =>
    value === undefined ? '' : `${name}: ${value.replace(/[\r\n]+/g, ' ')}\n`;
  const lines = data.split(/\r\n|\r|\n/).map((part) => `data: ${part}\n`);
  return `${line('event', event)}${line('id', id)}${lines.join('')}\n`;
}

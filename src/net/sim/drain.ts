/**
 * The one place that knows the platform's own queues: runs the jobs of settled promises, lets the
 * rest of the program have a turn, and looks at the wall clock to know when.
 */
interface Platform {
  readonly process?: { readonly _tickCallback?: () => void };
  readonly setImmediate?: (turn: () => void) => unknown;
  readonly setTimeout?: (turn: () => void, ms: number) => unknown;
  readonly MessageChannel?: new () => MessagePorts;
  readonly performance?: { now(): number };
}

interface MessagePorts {
  readonly port1: { onmessage: ((event: unknown) => void) | null; close(): void };
  readonly port2: { postMessage(message: unknown): void };
}

const platform = globalThis as unknown as Platform;
const { process, setImmediate, setTimeout, MessageChannel, performance } = platform;

/**
 * Runs all promise jobs there are, and those they make, before it returns. It works only when it is not
 * itself called from one. Node has it, undocumented; elsewhere it is undefined, and `nextTurn` does the same, later.
 */
export const drainNow: (() => void) | undefined = process?._tickCallback;

/** Calls after the promise jobs, the input and output that wait: a task of its own. */
export const nextTurn: (turn: () => void) => void = setImmediate
  ? (turn) => void setImmediate(turn)
  : MessageChannel
    ? (turn) => postTurn(MessageChannel, turn)
    : (turn) => void setTimeout?.(turn, 0);

function postTurn(Channel: new () => MessagePorts, turn: () => void): void {
  const { port1, port2 } = new Channel();
  port1.onmessage = () => {
    port1.close();
    turn();
  };
  port2.postMessage(null);
}

/** Milliseconds of the wall clock: only to know when a slice of work is long enough. */
export const wallClock: () => number = performance ? () => performance.now() : () => 0;

/** A command of the telnet protocol: one byte after IAC, with the option it is about where it has one. */
export interface TelnetCommand {
  readonly code: number;
  /** For WILL, WONT, DO, DONT and subnegotiation. */
  readonly option?: number;
}

/** What a stream of telnet bytes comes apart into, in order. */
export type TelnetElement =
  | { readonly type: 'data'; readonly bytes: Uint8Array }
  | { readonly type: 'command'; readonly command: TelnetCommand; readonly length: number };

/** What runs behind a remote terminal. */
export interface Shell {
  /** Shown once, when the terminal opens. */
  readonly banner: string;
  readonly prompt: string;
  /** Runs one line; `write` shows text with `\n` line ends. Resolves to `exit` to hang up. */
  run(
    line: string,
    write: (text: string) => void,
    signal: AbortSignal,
  ): Promise<'exit' | undefined>;
}

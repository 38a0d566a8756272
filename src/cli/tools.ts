/** What a command of the command line is given, so that it can be tried without a terminal. */
import type { Endpoint } from '../lib/endpoint.ts';
import type { Host, Lookup } from '../net/index.ts';

export interface CliTools {
  /** The machine this command runs on, as a host: its own address, its clock, its disk. */
  host(): Host;
  /** Names through the resolver of the running internet; without one, NAME must be an address. */
  lookup(): Lookup;
  /** The resolver of the running internet, if there is one. */
  resolver(): Promise<Endpoint | undefined>;
  /** The root servers of the running internet, if there is one. */
  roots(): Promise<readonly NamedEndpoint[] | undefined>;
  /** Writes to standard output, as given. */
  out(text: string | Uint8Array): void;
  /** Writes one line to standard error. */
  note(line: string): void;
  /** Whether standard output is a terminal that shows colour. */
  readonly colour: boolean;
  /** Aborted by Ctrl-C: commands end in good order. */
  readonly signal: AbortSignal;
}

export interface NamedEndpoint {
  readonly name: string;
  readonly endpoint: Endpoint;
}

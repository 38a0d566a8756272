/** One open port of a host. */
export interface OpenPort {
  readonly port: number;
  /** The service that the number is registered for, if it is a well-known one. */
  readonly service?: string;
  /** The first line that the server said unasked. */
  readonly banner?: string;
}

/**
 * The network as protocol code sees it. Two implementations: `net/real` on the machine's sockets,
 * `net/sim` on simulated links under a virtual clock. Protocol code never knows which.
 */
import type { Address, Endpoint } from '../lib/endpoint.ts';
import type { NetworkError } from '../lib/errors.ts';
import type { TraceSink } from '../trace/types.ts';

/** A machine of an internet: it can talk, knows the time, has luck and a disk. */
export interface Host {
  readonly name: string;
  readonly address: Address;
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  readonly files: Files;
  readonly trace: TraceSink;
}

export interface ConnectOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds until NET_TIMEOUT; default: 30,000. */
  readonly timeoutMs?: number;
  /** The local end; default: the host's address and a free port. */
  readonly from?: Endpoint;
}

export interface Network {
  /**
   * Accepts connections at `at`; port 0 takes a free one, the address defaults to the host's own.
   * Throws NetworkError `in-use` (naming the holder where it is known) or `not-permitted`.
   */
  listen(at: ListenAt, accept: (connection: Connection) => void): Promise<Listener>;
  /** Opens a connection. Throws NetworkError `refused`, `unreachable`, `timeout`, `aborted`, `in-use`. */
  connect(to: Endpoint, options?: ConnectOptions): Promise<Connection>;
  /** Opens a datagram socket. Throws as `listen` does. */
  bind(at: ListenAt): Promise<DatagramSocket>;
  /**
   * Puts TLS on a connection that is open, fresh or after words in clear (STARTTLS, CONNECT), and
   * resolves when the handshake is done. The given connection is used up. Networks that do not
   * speak TLS have no such function. Throws NetworkError `insecure`, `timeout`, `closed`.
   */
  secure?(connection: Connection, options: SecureOptions): Promise<Connection>;
}

export interface SecureClient {
  readonly role: 'client';
  /** The name that the certificate must be for, and that is sent (RFC 6066 §3). */
  readonly serverName: string;
  /** Certificates of the authorities to trust, in PEM. */
  readonly authorities?: readonly string[];
  /** False takes any certificate. */
  readonly verify?: boolean;
  /** What is to be spoken, as ALPN names it (RFC 7301); default: not said. */
  readonly protocols?: readonly string[];
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

export interface SecureServer {
  readonly role: 'server';
  readonly protocols?: readonly string[];
  /** The certificate for the name that the client asks for; undefined refuses it. */
  certificateFor(serverName: string | undefined): Certificate | undefined;
  readonly timeoutMs?: number;
}

export type SecureOptions = SecureClient | SecureServer;

/** A certificate with those that vouch for it, and its key, in PEM. */
export interface Certificate {
  readonly chain: string;
  readonly key: string;
}

/** Where to listen: a port, and an address of the host where it isn't its first one. */
export interface ListenAt {
  readonly port: number;
  readonly address?: Address;
  /** What this is for (`dns`, `http`): named to the next one who wants the same port. */
  readonly service?: string;
  /**
   * Other processes of this user that say the same may have the port too, and the system spreads the
   * clients over them. A simulated host is one process.
   */
  readonly shared?: boolean;
}

export interface Listener {
  readonly local: Endpoint;
  /** Stops accepting. Connections already accepted live on. */
  close(): Promise<void>;
}

/** Why a connection is over. `end`: both sides said so; the others carry the error. */
export interface CloseReason {
  readonly kind: 'end' | 'reset' | 'timeout' | 'destroyed';
  readonly error?: NetworkError;
}

export interface ConnectionHandler {
  /** Bytes from the peer: the receiver's to keep, nobody's to change. */
  onData(bytes: Uint8Array): void;
  /** The peer will say no more (half-close); we may go on writing. */
  onEnd?(): void;
  /** What was written has left: `write` may be called again after it had returned false. */
  onDrain?(): void;
  /** Once, and last. */
  onClose(why: CloseReason): void;
}

/** A reliable stream of bytes both ways. Paused until a handler is attached. */
export interface Connection {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** Sets the handler, also in exchange for an earlier one (upgrade). Data begins to flow after the caller's turn. */
  attach(handler: ConnectionHandler): void;
  /** False asks the caller to wait for onDrain. The bytes must not be changed afterwards. After `end` or close it does nothing. */
  write(bytes: Uint8Array): boolean;
  /** Bytes accepted by `write` that have not left yet. */
  readonly buffered: number;
  pause(): void;
  resume(): void;
  /**
   * Says that no more will be written (FIN), after all that was. With `heard`, the peer has said its
   * last word: nothing more is read, and the connection is over when all has left.
   */
  end(how?: { readonly heard: boolean }): void;
  /** Gives up at once (RST): what was not delivered is lost. */
  destroy(why?: Error): void;
}

export interface Datagram {
  readonly bytes: Uint8Array;
  readonly from: Endpoint;
}

export interface DatagramSocket {
  readonly local: Endpoint;
  onDatagram(receive: (datagram: Datagram) => void): void;
  /** Sends and forgets. Throws NetworkError `too-large` above 65,507 bytes. After close it does nothing. */
  send(bytes: Uint8Array, to: Endpoint): void;
  close(): void;
}

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since the start of the run; never goes back. May have fractions. */
  now(): number;
  /** What the calendar said at `now() === 0`, in milliseconds since 1970 (UTC). */
  readonly epoch: number;
  setTimer(ms: number, fire: () => void): Timer;
}

export interface Random {
  /** 0 to 2^32 - 1, evenly. */
  uint32(): number;
  bytes(length: number): Uint8Array;
  /** A stream of its own, decided by this one's seed and the label alone. */
  fork(label: string): Random;
}

export interface FileInfo {
  readonly kind: 'file' | 'directory' | 'other';
  readonly size: number;
  /** Milliseconds since 1970 (UTC). */
  readonly modified: number;
}

export interface OpenFile {
  info(): Promise<FileInfo>;
  /** Up to `length` bytes from `at`; fewer at the end of the file. */
  read(at: number, length: number): Promise<Uint8Array>;
  write(at: number, bytes: Uint8Array): Promise<void>;
  truncate(size: number): Promise<void>;
  /** After it, what was written survives a crash. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A host's disk. Paths are absolute, with `/`, within the host's own root; none leads out of it.
 * Throws FileError. What was not synced may be lost in a crash; a rename is atomic, and durable
 * after `sync` of the directory.
 */
export interface Files {
  /** `read` an existing file; `write` it, creating it if need be; `create` a new one. */
  open(path: string, mode: 'read' | 'write' | 'create'): Promise<OpenFile>;
  info(path: string): Promise<FileInfo>;
  read(path: string): Promise<Uint8Array>;
  /** Replaces the whole content. Not synced. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** The names in a directory, sorted. */
  list(path: string): Promise<readonly string[]>;
  makeDirectory(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Makes the entries of a directory durable. */
  sync(directory: string): Promise<void>;
}

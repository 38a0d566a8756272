/** A raw client of IMAP and POP3: what it costs is the same for every server. */
import { connect, type Socket } from 'node:net';

export class RawClient {
  private readonly socket: Socket;
  private pieces: Buffer[] = [];
  private length = 0;
  private wanted:
    | { readonly isDone: (tail: Buffer) => boolean; done: (all: Buffer) => void }
    | undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (piece) => this.take(piece));
  }

  static async connect(port: number): Promise<RawClient> {
    const client = new RawClient(connect({ port, host: '127.0.0.1', noDelay: true }));
    await client.until((tail) => tail.at(-1) === LF);
    return client;
  }

  /** An IMAP command, and all up to its tagged answer. Throws when that isn't OK. */
  async imap(command: string): Promise<Buffer> {
    const heard = this.until((tail) => TAGGED.test(lastLine(tail)));
    this.socket.write(`t ${command}\r\n`);
    const all = await heard;
    if (!lastLine(all).startsWith('t OK')) throw new Error(lastLine(all));
    return all;
  }

  /** Text, and all up to the line that ends a listing of POP3. */
  async listing(text: string): Promise<Buffer> {
    const heard = this.until((tail) => tail.length >= 5 && tail.subarray(-5).equals(DOT));
    this.socket.write(text);
    return heard;
  }

  /** Text, and the line that answers it. */
  async line(text: string): Promise<string> {
    const heard = this.until((tail) => tail.at(-1) === LF);
    this.socket.write(text);
    return (await heard).toString('latin1');
  }

  /** Text whose answers are `count` listings. */
  async listings(text: string, count: number): Promise<void> {
    let left = count;
    let seen = Buffer.alloc(0);
    const heard = this.until((piece) => {
      const all = Buffer.concat([seen, piece]);
      for (let at = all.indexOf(DOT); at >= 0; at = all.indexOf(DOT, at + 3)) left--;
      seen = all.subarray(-4);
      return left <= 0;
    }, true);
    this.socket.write(text);
    await heard;
  }

  close(): void {
    this.socket.destroy();
  }

  private until(isDone: (tail: Buffer) => boolean, byPiece = false): Promise<Buffer> {
    return new Promise((done) => {
      const judge = byPiece ? isDone : (_piece: Buffer) => isDone(this.tail());
      this.wanted = { isDone: judge, done };
    });
  }

  private take(piece: Buffer): void {
    this.pieces.push(piece);
    this.length += piece.length;
    if (!this.wanted?.isDone(piece)) return;
    const { done } = this.wanted;
    const all = Buffer.concat(this.pieces);
    this.pieces = [];
    this.length = 0;
    this.wanted = undefined;
    done(all);
  }

  private tail(): Buffer {
    const last = this.pieces.at(-1) as Buffer;
    return last.length >= 200 || this.pieces.length === 1
      ? last
      : Buffer.concat(this.pieces.slice(-4));
  }
}

const LF = 10;
const DOT: Buffer = Buffer.from('\r\n.\r\n');
const TAGGED = /^t (OK|NO|BAD) [^\r\n]*\r\n$/;

function lastLine(bytes: Buffer): string {
  const begin = bytes.lastIndexOf(LF, bytes.length - 2) + 1;
  return bytes.toString('latin1', begin);
}

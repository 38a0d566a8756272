/** One message from client to server: the envelope, pipelined where that is offered (RFC 2920), and the content. */
import { concat, EMPTY, utf8 } from '../lib/bytes.ts';
import { DotWriter, LineEndGuard } from '../lib/dot.ts';
import { NetworkError } from '../lib/errors.ts';
import type { Channel } from './client-channel.ts';
import type {
  ClientTimeouts,
  Envelope,
  MessageSource,
  RefusedRecipient,
  SendResult,
} from './client-types.ts';
import { CHUNK_SIZE, PIPELINE_LIMIT } from './defaults.ts';
import { bareLineEnd, SmtpReplyError } from './errors.ts';
import { mailOptionsFor, pathsOf, recipientOptionsFor } from './machine/envelope.ts';
import type { Extensions } from './machine/extensions.ts';
import type { Command, Mailbox, Reply } from './types.ts';
import { commandText, encodeCommand } from './wire/command.ts';

export class Transaction {
  private readonly channel: Channel;
  private readonly extensions: Extensions;
  private readonly timeouts: ClientTimeouts;

  constructor(channel: Channel, extensions: Extensions, timeouts: ClientTimeouts) {
    this.channel = channel;
    this.extensions = extensions;
    this.timeouts = timeouts;
  }

  async send(envelope: Envelope, source: MessageSource, chunks: boolean): Promise<SendResult> {
    const bytes = typeof source === 'string' ? utf8(source) : source;
    const commands = this.commands(
      envelope,
      bytes instanceof Uint8Array ? bytes.length : undefined,
    );
    const inChunks = chunks && this.extensions.has('CHUNKING');
    const isPiped = this.extensions.has('PIPELINING');
    if (isPiped && !inChunks) commands.push({ type: 'DATA' });
    const replies = await this.exchange(commands, isPiped ? PIPELINE_LIMIT : 1);
    const { accepted, refused } = judgeRecipients(envelope, replies);
    const started = isPiped && !inChunks ? replies.at(-1) : undefined;
    await this.assertWanted(commands, replies, accepted, started);
    const reply = inChunks
      ? await this.sendChunks(bytes)
      : await this.sendData(bytes, started ?? (await this.startData()));
    if (reply.code >= 400) throw new SmtpReplyError(reply, 'the message');
    return { reply, accepted, refused };
  }

  private commands({ from, to, options = {} }: Envelope, size: number | undefined): Command[] {
    const parameters = mailOptionsFor(this.extensions, options, pathsOf(from, to), size);
    return [
      { type: 'MAIL', path: from, options: parameters },
      ...to.map(({ path, options: own = {} }): Command => {
        return { type: 'RCPT', path, options: recipientOptionsFor(this.extensions, own) };
      }),
    ];
  }

  /** The replies, in groups that leave together. After a refused MAIL nothing more is asked. */
  private async exchange(commands: readonly Command[], group: number): Promise<Reply[]> {
    const { replyMs, dataStartMs } = this.timeouts;
    const replies: Reply[] = [];
    for (let at = 0; at < commands.length; at += group) {
      const part = commands.slice(at, at + group);
      this.channel.say(concat(part.map(encodeCommand)));
      for (const command of part) {
        const reply = await this.channel.reply(command.type === 'DATA' ? dataStartMs : replyMs);
        // RFC 5321 §3.8: the server goes; the other replies will not come.
        if (reply.code === 421) throw new SmtpReplyError(reply, commandText(command));
        replies.push(reply);
      }
      if ((replies[0]?.code ?? 500) >= 400) break;
    }
    return replies;
  }

  /** Throws where sender or all recipients were refused, and leaves the session in order. */
  private async assertWanted(
    commands: readonly Command[],
    replies: readonly Reply[],
    accepted: readonly Mailbox[],
    started: Reply | undefined,
  ): Promise<void> {
    const at = replies.findIndex(({ code }) => code >= 400);
    const [mail] = replies as [Reply];
    if (mail.code < 400 && accepted.length > 0) return;
    // RFC 2920 §3.1: a server that said 354 all the same is given an empty message, which it refuses.
    if (started?.code === 354) {
      this.channel.say(utf8('.\r\n'));
      await this.channel.reply(this.timeouts.dataEndMs);
    }
    if (mail.code < 400) await this.exchange([{ type: 'RSET' }], 1);
    throw new SmtpReplyError(replies[at] as Reply, commandText(commands[at] as Command));
  }

  private async startData(): Promise<Reply> {
    this.channel.say(encodeCommand({ type: 'DATA' }));
    return this.channel.reply(this.timeouts.dataStartMs);
  }

  private async sendData(
    source: Uint8Array | AsyncIterable<Uint8Array>,
    started: Reply,
  ): Promise<Reply> {
    if (started.code !== 354) throw new SmtpReplyError(started, 'DATA');
    const writer = new DotWriter(bareLineEnd);
    const { dataBlockMs, dataEndMs } = this.timeouts;
    await this.wholly(async () => {
      for await (const piece of pieces(source)) {
        await this.channel.write(concat(writer.push(piece)), dataBlockMs);
      }
      await this.channel.write(concat(writer.end()), dataBlockMs);
    });
    return this.channel.reply(dataEndMs);
  }

  /** RFC 3030 §2. What is held is one chunk. */
  private async sendChunks(source: Uint8Array | AsyncIterable<Uint8Array>): Promise<Reply> {
    const guard = new LineEndGuard();
    const { dataEndMs } = this.timeouts;
    let held: Uint8Array = EMPTY;
    const put = async (last: boolean): Promise<Reply> => {
      this.channel.say(encodeCommand({ type: 'BDAT', size: held.length, last }));
      await this.channel.write(held, this.timeouts.dataBlockMs);
      held = EMPTY;
      return this.channel.reply(dataEndMs);
    };
    const failed = await this.wholly(async () => {
      for await (const piece of pieces(source)) {
        const fault = guard.push(piece);
        if (fault) throw bareLineEnd(fault === 'bare CR' ? 'CR' : 'LF', 0);
        held = concat([held, piece]);
        if (held.length < CHUNK_SIZE) continue;
        const reply = await put(false);
        if (reply.code >= 400) return reply;
      }
      if (guard.end()) throw bareLineEnd('CR', 0);
      return undefined;
    });
    if (!failed) return put(true);
    await this.exchange([{ type: 'RSET' }], 1);
    return failed;
  }

  /** A message that breaks off must not look whole: the connection is given up. */
  private async wholly<T>(send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      const { unread } = this.channel;
      const failure = this.channel.fail(error as Error);
      throw unread && error instanceof NetworkError
        ? new SmtpReplyError(unread, 'the message')
        : failure;
    }
  }
}

function judgeRecipients(
  { to }: Envelope,
  replies: readonly Reply[],
): { accepted: Mailbox[]; refused: RefusedRecipient[] } {
  const accepted: Mailbox[] = [];
  const refused: RefusedRecipient[] = [];
  for (const [i, { path }] of to.entries()) {
    const reply = replies[i + 1];
    if (reply && reply.code < 400) accepted.push(path);
    else if (reply) refused.push({ path, reply });
  }
  return { accepted, refused };
}

async function* pieces(source: Uint8Array | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (!(source instanceof Uint8Array)) {
    yield* source;
    return;
  }
  for (let at = 0; at < source.length; at += CHUNK_SIZE) yield source.subarray(at, at + CHUNK_SIZE);
}

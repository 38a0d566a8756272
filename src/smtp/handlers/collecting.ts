/** A backend that hands each message over whole: for tests, and for messages of modest size. */
import type {
  MailBackend,
  Mailbox,
  MailOptions,
  MailSession,
  MessageBody,
  Outcome,
  Peer,
  RecipientOptions,
  ReversePath,
} from '../types.ts';

export interface Recipient {
  readonly path: Mailbox;
  readonly options: RecipientOptions;
}

/** A message with its envelope. */
export interface ReceivedMessage {
  readonly peer: Peer;
  readonly from: ReversePath;
  readonly options: MailOptions;
  readonly to: readonly Recipient[];
  readonly bytes: Uint8Array;
}

type Kept = Outcome | undefined;
type Keep = (message: ReceivedMessage) => Kept | Promise<Kept>;

const GOOD: Outcome = { code: 250, enhanced: '2.1.0', text: 'OK' };
const GOOD_RECIPIENT: Outcome = { code: 250, enhanced: '2.1.5', text: 'OK' };
const TAKEN: Outcome = { code: 250, enhanced: '2.0.0', text: 'OK: taken' };

/** Takes everything; `keep` may answer otherwise. */
export function collecting(keep: Keep): MailBackend {
  return { open: (peer) => new CollectingSession(peer, keep) };
}

class CollectingSession implements MailSession {
  private readonly peer: Peer;
  private readonly keep: Keep;
  private sender: Pick<ReceivedMessage, 'from' | 'options'> = { from: null, options: {} };
  private recipients: Recipient[] = [];

  constructor(peer: Peer, keep: Keep) {
    this.peer = peer;
    this.keep = keep;
  }

  from(path: ReversePath, options: MailOptions): Outcome {
    this.sender = { from: path, options };
    return GOOD;
  }

  to(path: Mailbox, options: RecipientOptions): Outcome {
    this.recipients.push({ path, options });
    return GOOD_RECIPIENT;
  }

  async data(body: MessageBody): Promise<Outcome> {
    const { peer, sender, recipients } = this;
    const bytes = await body.bytes();
    return (await this.keep({ peer, ...sender, to: recipients, bytes })) ?? TAKEN;
  }

  reset(): void {
    this.recipients = [];
  }
}

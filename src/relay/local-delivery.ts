/** Letters for mailboxes here that had to wait: their box was full, or their address is nobody's. */
import { calendar, type Host } from '../net/index.ts';
import { mailboxText } from '../smtp/index.ts';
import type { Directory } from './directory.ts';
import type { Results } from './ledger.ts';
import { attemptOf, refused, type Verdict } from './machine/verdict.ts';
import type { Office } from './office.ts';
import type { Target } from './targets.ts';
import type { Outcome, QueuedMessage, QueuedRecipient } from './types.ts';

export class LocalDelivery {
  private readonly host: Host;
  private readonly directory: Directory;
  private readonly office: Office;

  constructor(host: Host, directory: Directory, office: Office) {
    this.host = host;
    this.directory = directory;
    this.office = office;
  }

  /** Delivery itself is part of the commit that takes the recipient off the queue: never twice, never lost. */
  attempt(message: QueuedMessage, positions: readonly number[]): Results {
    const verdicts = new Map<number, Verdict>();
    const targets: Target[] = [];
    for (const position of positions) {
      const recipient = message.recipients[position];
      if (!recipient) continue;
      const account = this.directory.accountOf(recipient.path);
      const target = { ...recipient, from: message.from, account };
      const isHome = this.office.isHome(target, message.size);
      const outcome = isHome ? delivered(recipient) : account ? full(recipient) : nobody(recipient);
      const attempt = attemptOf(outcome, '', Math.floor(calendar(this.host.clock)));
      verdicts.set(position, isHome ? { kind: 'delivered', attempt } : refused(attempt));
      if (isHome) targets.push(target);
    }
    const { content, received } = message;
    return { verdicts, work: (tx) => this.office.deliver(tx, content, received, targets) };
  }
}

function delivered({ path }: QueuedRecipient): Outcome {
  return { code: 250, enhanced: '2.1.5', text: `Delivered to ${mailboxText(path)}` };
}

export function full({ path }: Pick<QueuedRecipient, 'path'>): Outcome {
  return { code: 452, enhanced: '4.2.2', text: `The mailbox of ${mailboxText(path)} is full` };
}

function nobody({ path }: QueuedRecipient): Outcome {
  return { code: 550, enhanced: '5.1.1', text: `There is no ${mailboxText(path)} here` };
}

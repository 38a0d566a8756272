/** Sends to the accounts of one store, as a relay without a network would. */
import type { Submit, SubmitEnvelope } from '../../src/jmap/index.ts';
import { AppError } from '../../src/lib/errors.ts';
import type { MailStore } from '../../src/mail/index.ts';

const UNKNOWN = { code: 550, enhanced: '5.1.1', text: 'No such mailbox here' };

class Refusal extends AppError {
  readonly outcome: typeof UNKNOWN = UNKNOWN;
}

export interface Sent {
  readonly envelope: SubmitEnvelope;
  readonly text: string;
}

export function localSubmit(store: MailStore, sent: Sent[] = []): Submit {
  return async (_, envelope, message) => {
    const refused = envelope.to.filter(({ path }) => !store.accountFor(path));
    if (refused.length === envelope.to.length) throw new Refusal('RELAY_REFUSED', 'nobody');
    const accounts = envelope.to.flatMap(({ path }) => store.accountFor(path) ?? []);
    sent.push({ envelope, text: new TextDecoder().decode(message) });
    await store.deliver(
      store.stageBytes(message),
      accounts.map((account) => ({ account })),
    );
    return { id: 'TEST', refused: refused.map(({ path }) => ({ path, outcome: UNKNOWN })) };
  };
}

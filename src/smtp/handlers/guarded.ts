import type { MailBackend, MailSession, Outcome, Peer } from '../types.ts';

/** A session whose calls can be replaced one by one: a class's methods stand on it like any others. */
type OpenSession = Required<Pick<MailSession, 'from' | 'to' | 'data'>> & MailSession;

/** A backend whose sessions are changed by `change` as they are opened. */
export function guarded(
  backend: MailBackend,
  change: (session: OpenSession, peer: Peer) => MailSession,
): MailBackend {
  return {
    open(peer) {
      const wrap = (answer: MailSession | Outcome): MailSession | Outcome =>
        'code' in answer ? answer : change(bound(answer), peer);
      const answer = backend.open(peer);
      return answer instanceof Promise ? answer.then(wrap) : wrap(answer);
    },
  };
}

function bound(session: MailSession): OpenSession {
  return {
    from: (path, options) => session.from(path, options),
    to: (path, options) => session.to(path, options),
    data: (body) => session.data(body),
    reset: () => session.reset?.(),
    close: () => session.close?.(),
    ...(session.verify && { verify: (text: string) => session.verify?.(text) ?? UNKNOWN }),
  };
}

const UNKNOWN: Outcome = { code: 252, enhanced: '2.1.5', text: 'Send some mail, it will be tried' };

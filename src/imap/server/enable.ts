/** ENABLE (RFC 9051 §6.3.1). */
import { ok, type Reply } from '../reply.ts';
import type { Feature, ImapSession } from '../session.ts';
import type { Of } from '../types.ts';

const FEATURES: Readonly<Record<string, readonly [name: string, feature: Feature]>> = {
  IMAP4REV2: ['IMAP4rev2', 'rev2'],
  'UTF8=ACCEPT': ['UTF8=ACCEPT', 'utf8'],
  CONDSTORE: ['CONDSTORE', 'condstore'],
  QRESYNC: ['QRESYNC', 'qresync'],
};

/** What is not known is passed over. */
export function enable(session: ImapSession, { capabilities }: Of<'ENABLE'>): Reply {
  const enabled: string[] = [];
  for (const capability of capabilities) {
    const [name, feature] = FEATURES[capability] ?? [];
    if (name === undefined || feature === undefined || session.has(feature)) continue;
    session.enable(feature);
    enabled.push(name);
  }
  session.out.say(`* ENABLED${enabled.map((name) => ` ${name}`).join('')}\r\n`);
  return ok('ENABLE completed');
}

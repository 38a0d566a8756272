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

function isOn(session: ImapSession, capability: string): boolean {
  const feature = Object.hasOwn(FEATURES, capability) ? FEATURES[capability]?.[1] : undefined;
  return feature !== undefined && session.has(feature);
}

/** What is not known is passed over. */
export function enable(session: ImapSession, { capabilities }: Of<'ENABLE'>): Reply {
  const enabled: string[] = [];
  const wanted = new Set(capabilities);
  const before = new Set([...wanted].filter((one) => isOn(session, one)));
  for (const capability of wanted) {
    const [name, feature] = Object.hasOwn(FEATURES, capability) ? (FEATURES[capability] ?? []) : [];
    if (name === undefined || feature === undefined || before.has(capability)) continue;
    session.enable(feature);
    enabled.push(name);
  }
  session.out.say(`* ENABLED${enabled.map((name) => ` ${name}`).join('')}\r\n`);
  return ok('ENABLE completed');
}

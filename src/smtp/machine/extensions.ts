/** What EHLO is answered (RFC 5321 §4.1.1.1), and how a client reads it. */
import type { Reply } from '../types.ts';

export interface Offer {
  readonly sizeLimit: number;
  readonly startTls: boolean;
  /** Empty says nothing of AUTH. */
  readonly mechanisms: readonly string[];
}

/** RFC 2920, 1870, 6152, 6531, 3030, 3461, 2034, 3207, 4954: a keyword each. */
export function extensionLines({ sizeLimit, startTls, mechanisms }: Offer): string[] {
  return [
    'PIPELINING',
    `SIZE ${sizeLimit}`,
    '8BITMIME',
    'SMTPUTF8',
    'CHUNKING',
    'DSN',
    'ENHANCEDSTATUSCODES',
    ...(startTls ? ['STARTTLS'] : []),
    ...(mechanisms.length > 0 ? [`AUTH ${mechanisms.join(' ')}`] : []),
    'HELP',
  ];
}

/** Keyword in capitals to its parameters. The first line is the server's name. */
export type Extensions = ReadonlyMap<string, readonly string[]>;

export function parseExtensions({ lines }: Reply): Extensions {
  const found = new Map<string, readonly string[]>();
  for (const line of lines.slice(1)) {
    // `AUTH=LOGIN` is how old servers wrote it.
    const [keyword = '', ...parameters] = line.trim().split(/[ =]+/);
    const known = found.get(keyword.toUpperCase()) ?? [];
    if (keyword !== '') found.set(keyword.toUpperCase(), [...known, ...parameters]);
  }
  return found;
}

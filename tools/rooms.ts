/** Who may import whom (the house plan): the first row that matches a file decides. */
export interface Room {
  /** Files of the room: paths under src/ that begin so, or match. */
  readonly name: string;
  readonly files: RegExp;
  /** What it may import beside itself, as the beginnings of paths under src/. */
  readonly may: readonly string[];
  /** Packages and `node:` modules it may import. */
  readonly packages?: RegExp;
  /** Pure rooms know no promise. */
  readonly pure?: boolean;
}

const BASE = ['lib/', 'trace/', 'net/index.ts', 'net/types.ts', 'net/lookup.ts'];

function protocol(name: string, others: readonly string[] = [], packages?: RegExp): Room[] {
  const theirs = packages ? { packages } : {};
  return [
    {
      name: `${name}/wire`,
      files: new RegExp(`^${name}/wire/`),
      may: [
        'lib/',
        `${name}/types.ts`,
        `${name}/errors.ts`,
        `${name}/defaults.ts`,
        `${name}/codes.ts`,
        `${name}/name.ts`,
        `${name}/address.ts`,
      ],
      pure: true,
    },
    {
      name: `${name}/machine`,
      files: new RegExp(`^${name}/machine/`),
      may: ['lib/', `${name}/`],
      ...theirs,
      pure: true,
    },
    {
      name,
      files: new RegExp(`^${name}/`),
      may: [...BASE, ...others.map((other) => `${other}/index.ts`)],
      ...theirs,
    },
  ];
}

export const ROOMS: readonly Room[] = [
  { name: 'lib', files: /^lib\//, may: [] },
  { name: 'trace', files: /^trace\//, may: ['lib/'] },
  { name: 'net/real', files: /^net\/real\//, may: ['net/', 'lib/', 'trace/'], packages: /^node:/ },
  { name: 'net/sim', files: /^net\/sim\//, may: ['net/', 'lib/', 'trace/'] },
  { name: 'net', files: /^net\//, may: ['lib/', 'trace/'] },
  ...protocol('dns'),
  ...protocol('http'),
  ...protocol('ping'),
  ...protocol('telnet'),
  ...protocol('whois'),
  ...protocol('mime', [], /^(parse5|hast|hast-util-(from-parse5|to-parse5|sanitize))$/),
  ...protocol('registration', ['dns', 'http']),
  ...protocol('cookies', ['http'], /^tldts$/),
  ...protocol('auth', ['http'], /^@noble\/(hashes|ciphers)\//),
  ...protocol('sasl', ['auth'], /^@noble\/hashes\//),
  ...protocol('smtp', ['sasl']),
  ...protocol('mail', ['auth', 'mime', 'sasl'], /^@noble\/hashes\//),
  ...protocol('relay', ['smtp', 'dns', 'mime', 'mail', 'sasl']),
  ...protocol('pop3', ['mail', 'sasl', 'mime']),
  {
    name: 'imap/machine',
    files: /^imap\/machine\//,
    may: ['lib/', 'imap/', 'mail/index.ts', 'mail/types.ts', 'mime/index.ts'],
    pure: true,
  },
  ...protocol('imap', ['mail', 'mime', 'sasl'], /^pako$/),
  ...protocol('sessions', ['http', 'cookies', 'auth']),
  ...protocol('sites', ['http', 'cookies', 'auth', 'sessions']),
  {
    name: 'jmap/machine',
    files: /^jmap\/machine\//,
    may: ['lib/', 'jmap/', 'mail/index.ts', 'mime/index.ts'],
    pure: true,
  },
  ...protocol('jmap', ['http', 'mail', 'mime', 'auth', 'sessions', 'cookies']),
  ...protocol(
    'mailhost',
    ['http', 'imap', 'jmap', 'mail', 'mime', 'pop3', 'relay', 'smtp'],
    /^valibot$/,
  ),
  {
    name: 'cache/wire',
    files: /^cache\/wire\//,
    may: ['lib/', 'cache/types.ts', 'cache/defaults.ts', 'http/index.ts'],
    pure: true,
  },
  {
    name: 'cache/machine',
    files: /^cache\/machine\//,
    may: ['lib/', 'cache/', 'http/index.ts'],
    pure: true,
  },
  { name: 'cache', files: /^cache\//, may: [...BASE, 'http/index.ts'] },
  { name: 'proxy', files: /^proxy\//, may: [...BASE, 'http/index.ts', 'cache/index.ts'] },
  {
    name: 'storage',
    files: /^storage\//,
    may: [
      ...BASE,
      'mail/index.ts',
      'registration/index.ts',
      'relay/index.ts',
      'sessions/index.ts',
      'sites/index.ts',
    ],
    packages: /^node:/,
  },
  {
    name: 'ca',
    files: /^ca\//,
    may: BASE,
    packages: /^(node:|@peculiar\/x509$|reflect-metadata$)/,
  },
  { name: 'ports', files: /^ports\//, may: BASE },
  { name: 'page', files: /^page\//, may: [...BASE, 'http/index.ts'], packages: /^parse5$/ },
  {
    name: 'internet/real',
    files: /^internet\/real\//,
    may: [...BASE, 'internet/', 'net/real/index.ts', 'dns/index.ts', 'http/index.ts'],
    packages: /^node:/,
  },
  {
    name: 'internet',
    files: /^internet\//,
    may: [
      ...BASE,
      'net/',
      'dns/index.ts',
      'http/index.ts',
      'page/index.ts',
      'ping/index.ts',
      'telnet/index.ts',
      'ports/index.ts',
      'registration/index.ts',
      'whois/index.ts',
      'cookies/index.ts',
      'sites/index.ts',
      'imap/index.ts',
      'mail/index.ts',
      'mailhost/index.ts',
      'mime/index.ts',
      'pop3/index.ts',
      'relay/index.ts',
      'sasl/index.ts',
      'smtp/index.ts',
      'cache/index.ts',
      'proxy/index.ts',
    ],
    packages: /^(yaml|valibot)$/,
  },
  {
    name: 'labs',
    files: /^labs\//,
    may: [
      ...BASE,
      'cookies/index.ts',
      'sites/index.ts',
      'net/sim/index.ts',
      'internet/index.ts',
      'dns/index.ts',
      'http/index.ts',
      'page/index.ts',
      'ping/index.ts',
      'proxy/index.ts',
      'mail/index.ts',
      'pop3/index.ts',
    ],
  },
  { name: 'cli', files: /^cli\//, may: [''], packages: /^(node:|commander$)/ },
];

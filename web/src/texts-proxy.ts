/** Texts of proxies and their caches. */

export const proxyTexts = {
  of: 'Cache of',
  none: 'This internet has no proxy. A scenario gives one to a host by “services: { proxy: {} }”.',
  loading: 'Looking into the cache…',
  askedBy: (users: readonly string[]) =>
    users.length === 0 ? 'nobody asks it yet' : `asked by ${users.join(', ')}`,
  empty: (host: string) => `${host} keeps nothing yet.`,
  emptyHint: (users: readonly string[]) =>
    users.length === 0
      ? 'Set a browser to use it, or send a request by hand through it: what may be kept is kept, and counted down here.'
      : `Load a page above as ${users.join(' or ')}, who asks it for every page: what may be kept is kept, and counted down here. The second time it is a hit.`,
  filter: 'Filter the cache',
  placeholder: 'URL, type or tag',
  noFit: 'No entry fits.',
  statistics: {
    label: 'What it has done so far',
    hitRatio: 'hit ratio',
    hitRatioTitle: 'Answered without the origin’s sending a body, of all requests',
    requests: 'requests',
    hits: 'hits',
    stale: (count: string) => `${count} stale`,
    collapsed: 'collapsed',
    collapsedTitle: 'Waited for what another had asked the origin already',
    validated: 'validated',
    validatedTitle: 'The origin was asked whether the copy is still good, and it was (304)',
    misses: 'misses',
    passed: 'passed on',
    passedTitle: 'Could not be answered from a cache at all',
    saved: 'saved',
    savedTitle: 'Bytes that clients got and the origin did not have to send',
    fromOrigin: 'from origins',
    stored: 'stored',
    of: (capacity: string) => `Of ${capacity} that it may keep`,
  },
  columns: {
    url: 'URL',
    status: 'Status',
    size: 'Size',
    age: 'Age',
    fresh: 'Freshness',
    hits: 'Hits',
    tags: 'Tags',
  },
  sort: (column: string) => `Sort by ${column.toLowerCase()}`,
  vary: (vary: string) => `varies by ${vary}`,
  incomplete: 'parts of it',
  left: (time: string) => `${time} left`,
  whole: (time: string) => `of ${time}`,
  stale: (time: string) => `stale for ${time}`,
  never: 'asked each time',
  neverTitle:
    'It is never fresh: the origin is asked whether it is still good before each use (RFC 9111 §4.3)',
  invalid: 'to be validated',
  invalidTitle:
    'Purged softly, or changed by a request: the origin is asked before it is used again (RFC 9111 §4.3)',
  noTags: '–',
  purge: {
    by: 'Purge by',
    targets: { url: 'URL', prefix: 'beginning', tag: 'tag' },
    value: 'What to purge',
    placeholders: {
      url: 'http://www.news.org/',
      prefix: 'http://www.news.org/',
      tag: 'Cache-Tag of answers',
    },
    soft: 'softly',
    softTitle: 'They stay, and the origin is asked before their next use',
    go: 'Purge',
    one: (url: string) => `Purge ${url}`,
    all: 'Flush all',
    done: (count: number, soft: boolean) =>
      `${count} ${count === 1 ? 'entry' : 'entries'} ${soft ? 'to be validated' : 'purged'}`,
  },
} as const;

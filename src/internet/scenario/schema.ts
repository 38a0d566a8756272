/** What a scenario file may say. The JSON Schema for editors is made from this. */
import * as v from 'valibot';
import { isIPv4 } from '../../lib/endpoint.ts';
import { parseDuration, parseRate, parseShare, parseSize } from '../../lib/units.ts';
import type { Scenario } from './types.ts';

/** A text with a form of its own; `expected` is what the error says. */
function written<T>(expected: string, parse: (text: string) => T | undefined) {
  return v.pipe(
    v.string(expected),
    v.check((text) => parse(text) !== undefined, expected),
    v.transform((text) => parse(text) as T),
    v.description(expected),
  );
}

const duration = written('a duration such as "20 ms", "1.5 s" or "2 min"', parseDuration);
const rate = written('a rate such as "10 Mbit/s"', parseRate);
const share = written('a share from "0 %" to "100 %"', parseShare);
const address = written('an IPv4 address of the loopback network, such as 127.20.1.80', (text) =>
  isIPv4(text) && text.startsWith('127.') ? text : undefined,
);
const network = written('a network such as 127.20.0.0/16', (text) =>
  text.endsWith('.0.0/16') && isIPv4(text.slice(0, -3)) && text.startsWith('127.')
    ? text
    : undefined,
);
const lossRule = written(
  'a loss rule such as "4/11": drop when a random number from 0 to 10 is below 4',
  (text) => {
    const match = /^(\d{1,6})\/([1-9]\d{0,5})$/.exec(text);
    return match ? { below: Number(match[1]), of: Number(match[2]) } : undefined;
  },
);

const size = written('a size such as "64 MB" or "1 GiB"', parseSize);

const PORT = 'a port number from 1 to 65535';
const port = v.optional(
  v.pipe(v.number(PORT), v.integer(PORT), v.minValue(1, PORT), v.maxValue(65535, PORT)),
);

const hostname = written('a name such as ns.registrar.com', (text) =>
  /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(text) ? text : undefined,
);
const accountId = written('an id of letters, digits and hyphens', (text) =>
  /^[a-zA-Z0-9-]{1,32}$/.test(text) ? text : undefined,
);
const registrarSite = v.strictObject({
  id: accountId,
  name: v.string('what people call it'),
  secret: v.pipe(v.string('the secret of its accounts'), v.minLength(1, 'a secret')),
});

const sealKey = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^\w{1,16}$/)),
  secret: v.pipe(v.string(), v.minLength(16)),
});
const site = v.union(
  [
    v.string(),
    v.strictObject({
      app: v.picklist(['shop', 'ads']),
      cookies: v.optional(v.picklist(['signed', 'encrypted'])),
      keys: v.optional(v.pipe(v.array(sealKey), v.maxLength(16))),
    }),
  ],
  'the folder of the site, or { app: shop } or { app: ads } for one that runs',
);

const door = v.optional(v.strictObject({ port }));
const domain = written('a domain such as campus.edu', (text) =>
  /^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(text) ? text : undefined,
);
const mailAddress = written('an address such as alice@campus.edu', (text) =>
  /^[^\s@<>]+@[^\s@<>]+$/.test(text) ? text : undefined,
);
const mailAccount = v.strictObject({
  password: v.pipe(v.string('a password'), v.minLength(1, 'a password')),
  title: v.optional(v.string('who it is')),
  addresses: v.optional(v.array(mailAddress)),
  quota: v.optional(size),
  messages: v.optional(v.string('a folder of .eml files')),
});
const mail = v.strictObject({
  domains: v.pipe(v.array(domain), v.minLength(1, 'at least one domain')),
  hostname: v.optional(hostname),
  accounts: v.record(v.string(), mailAccount),
  aliases: v.optional(v.record(v.string(), v.array(v.string('an account or an address')))),
  plaintext: v.optional(v.boolean('true or false')),
  tls: v.optional(v.boolean('true or false')),
  retry: v.optional(
    v.strictObject({
      first: v.optional(duration),
      most: v.optional(duration),
      notice: v.optional(duration),
      expiry: v.optional(duration),
    }),
  ),
  rate: v.optional(v.pipe(v.number('messages a minute'), v.minValue(1, 'at least 1'))),
  greylist: v.optional(duration),
  port,
});

const services = v.strictObject({
  dns: v.optional(v.strictObject({ zones: v.array(v.string('the name of a zone')), port })),
  resolver: v.optional(v.strictObject({ port })),
  http: v.optional(
    v.strictObject({
      sites: v.record(v.string(), site),
      cacheControl: v.optional(v.string('what caches are told, such as max-age=60')),
      port,
    }),
  ),
  https: v.optional(
    v.strictObject({ only: v.optional(v.array(v.string('the name of a site'))), port }),
  ),
  proxy: v.optional(v.strictObject({ maxSize: v.optional(size), port })),
  ping: v.optional(
    v.strictObject({ port, loss: v.optional(lossRule), delay: v.optional(duration) }),
  ),
  telnet: v.optional(v.strictObject({ port })),
  registry: v.optional(v.strictObject({ zone: v.string('the name of a zone'), port })),
  whois: v.optional(v.strictObject({ port })),
  bootstrap: v.optional(v.strictObject({ port })),
  registrar: v.optional(
    v.strictObject({
      sites: v.record(v.string(), registrarSite),
      nameServer: v.optional(hostname),
      port,
    }),
  ),
  mail: v.optional(mail),
  submission: door,
  submissions: door,
  pop3: door,
  pop3s: door,
  imap: door,
  imaps: door,
  webmail: door,
});

const COUNT = 'a whole number of times, at least 1';
const step = v.strictObject({
  at: duration,
  get: v.optional(v.string('a URL')),
  ping: v.optional(v.string('the name of a host')),
  lookup: v.optional(v.string('a domain name')),
  send: v.optional(
    v.strictObject({
      to: v.union([mailAddress, v.array(mailAddress)], 'an address, or a list of them'),
      subject: v.string('a subject'),
      text: v.string('what it says'),
    }),
  ),
  read: v.optional(v.picklist(['pop3', 'imap'], 'pop3 or imap')),
  count: v.optional(v.pipe(v.number(COUNT), v.integer(COUNT), v.minValue(1, COUNT))),
  every: v.optional(duration),
});

const host = v.strictObject({
  title: v.optional(v.string('what the map says of it')),
  place: v.string('the name of a place'),
  address,
  up: v.optional(rate),
  down: v.optional(rate),
  latency: v.optional(duration),
  resolver: v.optional(v.string('the name of a host')),
  proxy: v.optional(v.string('the name of a host')),
  mail: v.optional(
    v.strictObject({
      server: v.string('the name of a host'),
      account: v.string('the name of an account'),
    }),
  ),
  services: v.optional(services),
  script: v.optional(v.array(step)),
});

const AT = 'column and row on the map, such as [0, 1]';
const place = v.strictObject({
  title: v.string('what the map says of it'),
  at: v.tuple([v.number(AT), v.number(AT)], AT),
  latency: v.optional(duration),
});

const link = v.strictObject({
  between: v.tuple([v.string('the name of a host'), v.string('the name of a host')]),
  latency: v.optional(duration),
  jitter: v.optional(duration),
  loss: v.optional(share),
  reorder: v.optional(share),
  duplicate: v.optional(share),
});

const owner = v.strictObject({
  owner: v.string('the name of a person'),
  organisation: v.optional(v.string('the name of an organisation')),
  email: v.optional(v.string('a mailbox')),
});

export const scenarioSchema: v.GenericSchema<unknown, Scenario> = v.strictObject({
  title: v.string('what this internet is called'),
  about: v.optional(v.string('what it is for')),
  network,
  places: v.record(v.string(), place),
  hosts: v.record(v.string(), host),
  zones: v.optional(v.record(v.string(), v.string('a zone file as text'))),
  registrations: v.optional(v.record(v.string(), owner)),
  links: v.optional(v.array(link)),
});

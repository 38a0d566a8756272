import { Command } from 'commander';
import { afterEach, describe, expect, test } from 'vitest';
import {
  authoritative,
  chain,
  MemoryZone,
  MemoryZones,
  parseZoneFile,
  Resolver,
  recursive,
  serveDns,
  stubLookup,
} from '../../dns/index.ts';
import { World } from '../../net/sim/index.ts';
import type { CliTools } from '../tools.ts';
import { registerNslookup } from './nslookup.ts';

const ZONE = `$TTL 60
. SOA ns.edu. admin.edu. 1 2 3 4 5
. NS ns.edu.
ns.edu. A 10.0.0.1
www.edu. CNAME web.edu.
web.edu. A 10.0.0.80
web.edu. A 10.0.0.81
web.edu. AAAA ::80
one.edu. A 10.0.0.82
edu. MX 10 mail.edu.
edu. TXT "hello"
mail.edu. A 10.0.0.25
53.0.0.10.in-addr.arpa. PTR dns.edu.
82.0.0.10.in-addr.arpa. PTR one.edu.
`;

async function run(words: string): Promise<string> {
  const world = new World({ seed: 1, strict: true });
  const zones = new MemoryZones([new MemoryZone('.', parseZoneFile(ZONE, { origin: '.' }))]);
  const local = world.host('resolver', { address: '10.0.0.53' });
  const root = world.host('root', { address: '10.0.0.1' });
  await world.run(serveDns(root, { handler: chain(authoritative(zones)) }));
  const resolver = new Resolver(local, { hints: [{ name: 'ns.edu.', address: '10.0.0.1' }] });
  await world.run(serveDns(local, { handler: chain(recursive(resolver)) }));
  const host = world.host('me', { address: '10.0.0.100' });
  const at = { address: '10.0.0.53', port: 53 };
  let text = '';
  const tools: CliTools = {
    host: () => host,
    lookup: () => stubLookup(host, at),
    resolver: async () => at,
    roots: async () => undefined,
    out: (more) => {
      text += more;
    },
    note: () => {},
    colour: false,
    signal: new AbortController().signal,
  };
  const program = new Command().exitOverride();
  registerNslookup(program, tools);
  await world.run(program.parseAsync(['nslookup', ...words.split(' ')], { from: 'user' }));
  return text;
}

const HEAD = 'Server:  dns.edu\nAddress:  10.0.0.53\n\n';

describe('nslookup', () => {
  afterEach(() => {
    process.exitCode = 0;
  });

  test('shows name, addresses and aliases', async () => {
    expect(await run('www.edu')).toBe(`${HEAD}Non-authoritative answer:
Name:    web.edu
Addresses:  10.0.0.80
            10.0.0.81
            ::80
Aliases:  www.edu

`);
  });

  test('says an authoritative answer without that line', async () => {
    expect(await run('one.edu 10.0.0.1')).toBe(
      'Server:  UnKnown\nAddress:  10.0.0.1\n\nName:    one.edu\nAddress:  10.0.0.82\n\n',
    );
  });

  test.each([
    ['-type=mx edu', 'edu\tMX preference = 10, mail exchanger = mail.edu\n'],
    ['-q=txt edu', 'edu\ttext = "hello"\n'],
    ['-type=ns .', '.\tnameserver = ns.edu\n'],
    ['10.0.0.82', '82.0.0.10.in-addr.arpa\tname = one.edu\n'],
    ['-type=soa .', '.\n\tprimary name server = ns.edu\n'],
  ])('%s', async (words, expected) => {
    expect(await run(words)).toContain(`${HEAD}Non-authoritative answer:\n${expected}`);
  });

  test('says that there is nothing, and exits with 1', async () => {
    expect(await run('no.edu')).toBe(`${HEAD}*** dns.edu can't find no.edu: Non-existent domain\n`);
    expect(process.exitCode).toBe(1);
    await expect(run('-colour=red x')).rejects.toThrow('nslookup knows -type= and -port=');
  });
});

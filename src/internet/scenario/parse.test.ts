import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../lib/errors.ts';
import { rebase } from '../ground.ts';
import { parseScenario } from './parse.ts';

const GOOD = `title: Two hosts
network: 127.20.0.0/16
places:
  here: { title: Here, at: [0, 0], latency: 2 ms }
hosts:
  server:
    place: here
    address: 127.20.0.1
    services:
      dns: { zones: [test.] }
      ping: { loss: 1/2, delay: 20 ms, port: 9000 }
      registry: { zone: test. }
      registrar: { sites: { www.names.test: { id: names, name: Names, secret: x } }, nameServer: ns.names.test }
  client:
    place: here
    address: 127.20.0.2
    up: 1 Mbit/s
    script:
      - { at: 1 s, ping: server }
zones:
  test.: |
    @ SOA ns host 1 2 3 4 5
      NS ns
    ns A 127.20.0.1
registrations:
  names.test: { owner: Ann }
links:
  - { between: [server, client], latency: 10 ms, loss: 5 % }
`;

/** The good scenario with one line changed; gives the complaint. */
function complaint(line: string, other: string): string {
  expect(GOOD).toContain(line);
  try {
    parseScenario(GOOD.replace(line, other), 'net.yaml');
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'no complaint';
}

describe('a scenario', () => {
  it('is read with all quantities in ms and bit/s', () => {
    const { places, hosts, links } = parseScenario(GOOD, 'net.yaml');
    expect(places['here']?.latency).toBe(2);
    expect(hosts['server']?.services?.ping).toEqual({
      loss: { below: 1, of: 2 },
      delay: 20,
      port: 9000,
    });
    expect(hosts['client']).toMatchObject({ up: 1e6, script: [{ at: 1000, ping: 'server' }] });
    expect(links?.[0]).toMatchObject({ latency: 10, loss: 0.05 });
  });

  it.each([
    ['title: Two hosts', 'titel: Two hosts', 'net.yaml:1: title: this is missing'],
    ['title: Two hosts', 'titel: Two hosts', 'net.yaml:1: titel: no such setting here'],
    [
      'network: 127.20.0.0/16',
      'network: 10.0.0.0/8',
      'net.yaml:2: network: expected a network such as',
    ],
    [
      '    place: here\n    address: 127.20.0.2',
      '    place: there\n    address: 127.20.0.2',
      'net.yaml:15: hosts.client.place: there is no place there',
    ],
    [
      'address: 127.20.0.2',
      'address: 127.20.0.1',
      'net.yaml:16: hosts.client.address: server has this address already',
    ],
    [
      'address: 127.20.0.2',
      'address: 127.21.0.2',
      'net.yaml:16: hosts.client.address: expected an address in 127.20.0.0/16',
    ],
    [
      'zones: [test.]',
      'zones: [toast.]',
      'net.yaml:10: hosts.server.services.dns.zones.0: zones has no toast.',
    ],
    [
      'up: 1 Mbit/s',
      'up: fast',
      'net.yaml:17: hosts.client.up: expected a rate such as "10 Mbit/s", found "fast"',
    ],
    [
      'loss: 1/2',
      'loss: half',
      'net.yaml:11: hosts.server.services.ping.loss: expected a loss rule',
    ],
    [
      'port: 9000',
      'port: 90000',
      'net.yaml:11: hosts.server.services.ping.port: expected a port number from 1 to 65535',
    ],
    [
      'ping: server }',
      'ping: server, get: x }',
      'net.yaml:19: hosts.client.script.0: expected one of get, ping, lookup, send and read',
    ],
    [
      '[server, client]',
      '[server, clint]',
      'net.yaml:28: links.0.between.1: there is no host clint',
    ],
    [
      'loss: 5 %',
      'loss: 500 %',
      'net.yaml:28: links.0.loss: expected a share from "0 %" to "100 %"',
    ],
    [
      'registry: { zone: test. }',
      'registry: { zone: toast. }',
      'net.yaml:12: hosts.server.services.registry.zone: the dns service of this host has no zone toast.',
    ],
    [
      'id: names',
      'id: na mes',
      'net.yaml:13: hosts.server.services.registrar.sites.www.names.test.id: expected an id of letters',
    ],
    [
      'nameServer: ns.names.test',
      'nameServer: NS',
      'net.yaml:13: hosts.server.services.registrar.nameServer: expected a name such as',
    ],
    [
      'names.test: { owner: Ann }',
      'names.toast: { owner: Ann }',
      'net.yaml:26: registrations.names.toast: there is no registry of the zone above it',
    ],
    [
      'names.test: { owner: Ann }',
      'names.test: { email: Ann }',
      'net.yaml:26: registrations.names.test.owner: this is missing',
    ],
    [
      'registry: {',
      'http: { sites: { www.test: { app: bank } } }\n      registry: {',
      'sites.www.test: expected the folder of the site, or { app: shop } or { app: ads }',
    ],
    [
      'registry: {',
      'http: { sites: { www.test: 7 } }\n      registry: {',
      'sites.www.test: expected the folder of the site',
    ],
    [
      'registry: {',
      'http: { sites: { www.test: { app: shop, cookies: signed } } }\n      registry: {',
      'net.yaml:12: hosts.server.services.http.sites.www.test.cookies: signed cookies need keys',
    ],
    ['places:', 'places: [', 'net.yaml:'],
  ])('%j changed to %j', (line, other, expected) => {
    expect(complaint(line, other)).toContain(expected);
  });

  it('is refused with a UsageError, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.nat(GOOD.length),
        fc.nat(20),
        (text, at, cut) => {
          try {
            parseScenario(GOOD.slice(0, at) + text + GOOD.slice(at + cut), 'net.yaml');
          } catch (error) {
            expect(error).toBeInstanceOf(UsageError);
          }
        },
      ),
      { seed: 11, numRuns: 1_500 },
    );
  });
});

describe('the default internet', () => {
  const file = join(import.meta.dirname, '..', '..', '..', 'scenarios', 'default', 'internet.yaml');
  const scenario = parseScenario(readFileSync(file, 'utf8'), 'internet.yaml');

  it('moves to another network with all its addresses', () => {
    const moved = rebase(scenario, '127.44');
    expect(moved.network).toBe('127.44.0.0/16');
    expect(moved.hosts['alice']?.address).toBe('127.44.1.10');
    expect(JSON.stringify(moved)).not.toContain('127.20.');
    expect(rebase(moved, '127.20')).toEqual(scenario);
  });
});

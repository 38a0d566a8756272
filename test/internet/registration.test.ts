/** Names are registered in the default internet, simulated: found from everywhere, and gone in the end. */
import { beforeEach, expect, it } from 'vitest';
import { bringUp } from '../../src/cli/bring-up.ts';
import { readScenario } from '../../src/cli/scenario-file.ts';
import { queryDns } from '../../src/dns/index.ts';
import { type Internet, load, SimulatedInternet } from '../../src/internet/index.ts';
import { sleep } from '../../src/net/index.ts';
import {
  type Answer,
  type Command,
  type DomainView,
  RegistrationClient,
} from '../../src/registration/index.ts';
import { whois } from '../../src/whois/index.ts';

const DAY = 86_400_000;
const ANN = { name: 'Ann Author', email: 'ann@books.com' };

let simulated: SimulatedInternet;
let internet: Internet;

beforeEach(async () => {
  simulated = new SimulatedInternet(await readScenario('default'), '1');
  internet = simulated.internet;
});

/** A customer at Alice's machine. */
function at(registrar: string): (command: Command) => Promise<Answer> {
  const { client } = internet.user('alice');
  const door = new RegistrationClient(client, { url: `http://${registrar}/api` });
  return (command) => door.send(command);
}

const lookup = (name: string, user = 'bob') => internet.user(user).lookup(name);

async function walk(name: string): Promise<string> {
  const alice = internet.user('alice');
  const steps = await whois(alice.host, alice.lookup, name, 'whois.root-servers.net');
  expect(steps[0]?.server).toBe('whois.root-servers.net');
  return steps.at(-1)?.text ?? '';
}

async function rdap(path: string): Promise<Record<string, unknown>> {
  const response = await internet.user('alice').client.get(path);
  return JSON.parse(await response.body.text()) as Record<string, unknown>;
}

it('a name asked for in vain is registered, and found a second later', async () => {
  await simulated.play(async () => {
    const ask = at('www.registrar.com');
    await expect(lookup('www.books.com')).rejects.toMatchObject({ code: 'DNS_NXDOMAIN' });
    const { clock } = internet.user('bob').host;
    const { domain } = await ask({
      command: 'create',
      name: 'books.com',
      registrant: ANN,
      addresses: ['127.20.3.80'],
    });
    expect(domain).toMatchObject({
      status: ['ok'],
      registrar: 'registrar',
      addresses: ['127.20.3.80'],
    });
    const registered = clock.now();
    await sleep(clock, 1000);
    expect(await lookup('www.books.com')).toEqual(['127.20.3.80']);
    expect(await lookup('books.com', 'alice')).toEqual(['127.20.3.80']);
    expect(clock.now() - registered).toBeLessThan(1300);
    expect(await walk('books.com')).toMatch(
      /Registrar: The Registrar\n[\s\S]*Registrant Name: Ann Author/,
    );
  });
});

it('registers on real sockets as it does simulated', async () => {
  const file = await readScenario('default');
  const talk = async (net: Internet) => {
    const { client, host, lookup: find } = net.user('alice');
    const door = new RegistrationClient(client, { url: 'http://www.registrar.com/api' });
    const nameServers = [{ name: 'ns.campus.edu', addresses: [] }];
    await door.send({ command: 'create', name: 'books.com', registrant: ANN, nameServers });
    await whois(host, find, 'books.com', 'whois.root-servers.net');
    await door.send({ command: 'delete', name: 'books.com' });
    const { messages } = net.recorder.recording();
    return messages
      .filter(({ protocol }) => protocol !== 'dns')
      .map(({ fromHost, toHost, protocol, role }) => `${fromHost} ${toHost} ${protocol} ${role}`);
  };
  const real = await bringUp(file, { seed: '1' });
  try {
    const said = await talk(real);
    expect(said).toContain('a.com alice whois reply');
    expect(await simulated.play(talk)).toEqual(said);
  } finally {
    await real.close();
  }
});

it("a delegation has the glue of the owner, and leads to the owner's server", async () => {
  await simulated.play(async () => {
    const ask = at('www.registrar.com');
    const nameServers = [{ name: 'ns.maps.org', addresses: ['127.20.5.80'] }];
    await ask({ command: 'create', name: 'maps.org', registrant: ANN, nameServers });
    const { host } = internet.user('alice');
    const org = { address: '127.20.0.13', port: 53 };
    const { message } = await queryDns(host, org, {
      name: 'www.maps.org.',
      type: 'A',
      class: 'IN',
    });
    expect(message.authorities).toMatchObject([{ type: 'NS', target: 'ns.maps.org.' }]);
    expect(message.additionals).toMatchObject([
      { type: 'A', name: 'ns.maps.org.', address: '127.20.5.80' },
    ]);
  });
});

it('a domain goes to another registrar with its code, and is restored after a delete', async () => {
  await simulated.play(async () => {
    const [first, second] = [at('www.registrar.com'), at('www.names.net')];
    const made = await first({
      command: 'create',
      name: 'books.com',
      registrant: ANN,
      addresses: ['127.20.3.80'],
    });
    const code = made.domain?.code ?? '';
    await expect(
      second({ command: 'transfer', name: 'books.com', code: 'guess' }),
    ).rejects.toMatchObject({ code: 'REG_WRONG_CODE', reply: 2202 });
    await second({ command: 'transfer', name: 'books.com', code });
    await expect(first({ command: 'renew', name: 'books.com' })).rejects.toMatchObject({
      code: 'REG_NOT_AUTHORISED',
    });
    expect(await lookup('www.books.com')).toEqual(['127.20.3.80']);
    expect(await walk('books.com')).toContain('Registrar: Names Network');
    const { clock } = internet.user('bob').host;
    await sleep(clock, 6 * DAY);
    expect((await second({ command: 'delete', name: 'books.com' })).result).toBe(1001);
    await sleep(clock, 2 * 60_000);
    await expect(lookup('www.books.com')).rejects.toMatchObject({ code: 'DNS_NXDOMAIN' });
    await second({ command: 'restore', name: 'books.com' });
    await sleep(clock, 1000);
    expect(await lookup('www.books.com')).toEqual(['127.20.3.80']);
  });
});

it('expires after years, is free again, and is registered by somebody else', async () => {
  await simulated.play(async () => {
    const [first, second] = [at('www.registrar.com'), at('www.names.net')];
    await first({
      command: 'create',
      name: 'books.edu',
      registrant: ANN,
      years: 3,
      addresses: ['127.20.3.80'],
    });
    const { clock } = internet.user('bob').host;
    await sleep(clock, 3 * 365 * DAY - DAY);
    expect(await lookup('www.books.edu')).toEqual(['127.20.3.80']);
    await sleep(clock, 3 * DAY);
    await expect(lookup('www.books.edu')).rejects.toMatchObject({ code: 'DNS_NXDOMAIN' });
    await expect(
      second({ command: 'create', name: 'books.edu', registrant: ANN }),
    ).rejects.toMatchObject({ code: 'REG_EXISTS', reply: 2302 });
    await sleep(clock, 66 * DAY);
    const { domain } = await second({
      command: 'create',
      name: 'books.edu',
      registrant: { name: 'Eve' },
    });
    expect(domain).toMatchObject({
      registrar: 'names',
      registrant: { name: 'Eve' },
      status: ['inactive'],
    });
  });
});

it('RDAP tells what WHOIS tells, and the root which service knows it', async () => {
  await simulated.play(async () => {
    const file = (await rdap('http://rdap.root-servers.net/rdap/dns.json')) as {
      version: string;
      services: [string[], string[]][];
    };
    expect(file.version).toBe('1.0');
    const [base] = file.services.find(([zones]) => zones.includes('edu'))?.[1] ?? [];
    expect(await rdap(`${base}domain/CAMPUS.edu`)).toMatchObject({
      rdapConformance: ['rdap_level_0'],
      objectClassName: 'domain',
      ldhName: 'campus.edu',
      port43: 'whois.nic.edu',
      status: ['active'],
      nameservers: [{ ldhName: 'ns.campus.edu', ipAddresses: { v4: ['127.20.1.54'] } }],
    });
    expect(await walk('www.campus.edu')).toContain('Registrant Organization: The campus');
    expect(await rdap(`${base}domain/none.edu`)).toMatchObject({ errorCode: 404 });
    expect(await rdap(`${base}ip/127.0.0.1`)).toMatchObject({ errorCode: 501 });
  });
});

it('a registry and a registrar that were switched off come back with what they knew', async () => {
  await simulated.play(async () => {
    const ask = at('www.registrar.com');
    const made = await ask({
      command: 'create',
      name: 'books.com',
      registrant: ANN,
      addresses: ['127.20.3.80'],
    });
    for (const name of ['a.com', 'www.registrar']) await internet.stopHost(name);
    await expect(lookup('www.books.com')).rejects.toMatchObject({ code: 'DNS_SERVFAIL' });
    for (const name of ['a.com', 'www.registrar']) await internet.startHost(name);
    await sleep(internet.user('bob').host.clock, 60_000);
    expect(await lookup('www.books.com')).toEqual(['127.20.3.80']);
    expect((await ask({ command: 'info', name: 'books.com' })).domain).toEqual(made.domain);
  });
});

it('its pages register, change and delete with forms, and refuse those of other sites', async () => {
  await simulated.play(async () => {
    const { client } = internet.user('alice');
    const site = 'http://www.registrar.com';
    const front = await client.get(`${site}/search?name=books.com`);
    const html = await front.body.text();
    expect(html).toContain('books.com is free');
    const token = /name="token" value="([0-9a-f]{32})"/.exec(html)?.[1] ?? '';
    expect(front.headers.get('Set-Cookie')).toContain(
      `visitor=${token}; Path=/; HttpOnly; SameSite=Strict`,
    );
    const post = (action: string, fields: Record<string, string>, cookie = `visitor=${token}`) =>
      client.request({
        url: `${site}/${action}`,
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', Cookie: cookie },
        body: Object.entries({ token, name: 'books.com', ...fields })
          .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
          .join('&'),
      });
    const owner = '<b>Ann & "Co"</b>';
    expect((await post('register', { owner }, '')).status).toBe(403);
    expect((await post('register', { owner, token: '0'.repeat(32) })).status).toBe(403);
    const wrong = await post('register', { owner, servers: 'ns.books.com' });
    expect(wrong.status).toBe(400);
    expect(await wrong.body.text()).toMatch(
      /\(glue\)[\s\S]*value="&lt;b&gt;Ann &amp; &quot;Co&quot;/,
    );
    const done = await post('register', { owner, addresses: '127.20.3.80', years: '2' });
    expect(done.url).toContain('/domain?name=books.com&done=register');
    expect(await done.body.text()).toMatch(/It is yours[\s\S]*&lt;b&gt;Ann/);
    expect(await lookup('www.books.com')).toEqual(['127.20.3.80']);
    const changed = await post('change', { owner, servers: 'ns.campus.edu\r\n' });
    expect(await changed.body.text()).toContain('ns.campus.edu');
    expect((await post('delete', {})).status).toBe(400);
    const gone = await post('delete', { sure: 'yes' });
    expect(await gone.body.text()).toContain('It is deleted.');
    const list = await at('www.registrar.com')({ command: 'list' });
    expect(list.domains?.map((domain: DomainView) => domain.name)).toEqual([]);
    const rebound = await client.request(
      { url: 'http://evil.example/', headers: { Host: 'evil.example' } },
      { connect: { address: '127.20.5.80', port: 80 } },
    );
    expect(rebound.status).toBe(421);
    expect((await load(internet.user('alice'), `${site}/`)).ok).toBe(true);
  });
});

it('a registry that is switched off is missed in words, and only its own names are', async () => {
  await simulated.play(async () => {
    const ask = at('www.registrar.com');
    await ask({ command: 'create', name: 'books.com', registrant: ANN });
    await internet.stopHost('a.edu');
    await expect(ask({ command: 'check', name: 'books.edu' })).rejects.toMatchObject({
      code: 'REG_FAILED',
      message: expect.stringMatching(/^the registry of edu can't be reached/),
    });
    const { domains, message } = await ask({ command: 'list' });
    expect(domains?.map(({ name }) => name)).toEqual(['books.com']);
    expect(message).toMatch(/^1 domains; the registry of edu can't be reached/);
    const { client } = internet.user('alice');
    const home = await client.get('http://www.registrar.com/');
    expect(home.status).toBe(200);
    expect(await home.body.text()).toMatch(/registry of edu can&#39;t be reached[\s\S]*books\.com/);
    expect((await client.get('http://www.registrar.com/search?name=a.edu')).status).toBe(502);
  });
});

it('what is no command is refused with its reason', async () => {
  await simulated.play(async () => {
    const { client } = internet.user('alice');
    const post = async (body: string, type = 'application/json') => {
      const headers = { 'Content-Type': type };
      const request = { url: 'http://www.registrar.com/api', method: 'POST', headers, body };
      const response = await client.request(request);
      return [
        response.status,
        (JSON.parse(await response.body.text()) as { result: number }).result,
      ];
    };
    expect(await post('{"command":"check","name":"a.com"}')).toEqual([200, 1000]);
    expect(await post('{"command":"check","name":"a.com"}', 'text/plain')).toEqual([400, 2001]);
    expect(await post('{')).toEqual([400, 2001]);
    expect(await post('{"command":"sing"}')).toEqual([400, 2000]);
    expect(await post('{"command":"check"}')).toEqual([400, 2003]);
    expect(await post('{"command":"check","name":"a.xyz"}')).toEqual([404, 2307]);
    expect(await post(`{"command":"check","name":"${'a'.repeat(70_000)}"}`)).toEqual([413, 2001]);
    const wrong = new RegistrationClient(client, { url: 'http://www.campus.edu/' });
    await expect(wrong.send({ command: 'list' })).rejects.toMatchObject({
      message: 'http://www.campus.edu/ takes no commands: it answered 405 Method Not Allowed',
    });
  });
});

it('an owner of a name that the scenario does not delegate is a mistake in the scenario', async () => {
  const { scenario, content } = await readScenario('default');
  const registrations = { ...scenario.registrations, 'campsu.edu': { owner: 'Dean' } };
  const other = new SimulatedInternet({ scenario: { ...scenario, registrations }, content }, '1');
  await expect(other.play(async () => {})).rejects.toThrow(
    'registrations: campsu.edu is not delegated in the zone edu.',
  );
});

it('nobody speaks to a registry without the secret of a registrar', async () => {
  await simulated.play(async () => {
    const { client } = internet.user('alice');
    const url = 'http://registry.nic.com/provisioning';
    const command = { command: 'create', name: 'books.com', registrant: ANN } as const;
    for (const account of [
      undefined,
      { id: 'registrar', secret: 'guess' },
      { id: 'registry', secret: '' },
    ]) {
      const door = new RegistrationClient(client, { url, ...(account && { account }) });
      await expect(door.send(command)).rejects.toMatchObject({
        code: 'REG_NOT_AUTHENTICATED',
        reply: 2200,
      });
    }
  });
});

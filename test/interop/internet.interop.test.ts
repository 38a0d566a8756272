/** The default internet, started as a user starts it, in the hands of real programs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../peer.ts';
import { outcome, run, start, TOPLAYER, toplayer } from '../run.ts';

interface Ready {
  readonly ready: true;
  readonly dashboard: string;
  readonly hosts: readonly {
    readonly name: string;
    readonly address: string;
    readonly services: readonly { readonly name: string; readonly port: number }[];
  }[];
}

/** Where a service of a host is, as the ready line says. */
function place(ready: Ready, host: string): { address: string; port: string } {
  const found = ready.hosts.find(({ name }) => name === host);
  return { address: found?.address ?? '', port: String(found?.services[0]?.port ?? 0) };
}

/** Pings as the exercise does, in Python. */
const PYTHON_CLIENT = `
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(0.3)
replies = 0
for i in range(1, 41):
    s.sendto(f"Ping {i} 0.5".encode(), (sys.argv[1], int(sys.argv[2])))
    try:
        assert s.recvfrom(1024)[0] == f"PING {i} 0.5".encode(); replies += 1
    except socket.timeout: pass
print(replies)`;

/** Answers every third ping not at all. */
const PYTHON_SERVER = `
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1], flush=True)
for i in range(6):
    message, address = s.recvfrom(1024)
    if i % 3 != 2: s.sendto(message.upper(), address)`;

describeWith(['dig', 'nslookup', 'curl', 'telnet', 'python3'], 'the default internet', () => {
  const folder = mkdtempSync(join(tmpdir(), 'toplayer-up-'));
  let internet: Awaited<ReturnType<typeof start>>;
  let ready: Ready;

  beforeAll(async () => {
    internet = await start('up', '--json');
    ready = JSON.parse(internet.line) as Ready;
  });
  afterAll(async () => {
    internet.child.kill('SIGINT');
    expect((await internet.ended).status).toBe(0);
    rmSync(folder, { recursive: true });
  });

  it('says where everything is, in one line', () => {
    expect(ready.ready).toBe(true);
    expect(ready.hosts).toHaveLength(26);
    expect(place(ready, 'dns.campus').address).toMatch(/^127\.\d+\.1\.53$/);
  });

  it('dig asks the resolver', async () => {
    const { address, port } = place(ready, 'dns.campus');
    const { out } = await run('dig', [`@${address}`, '-p', port, 'www.campus.edu', '+short']);
    expect(out.trim()).toBe(place(ready, 'www.campus').address);
    const none = await run('dig', [`@${address}`, '-p', port, 'nothing.campus.edu']);
    expect(none.out).toContain('status: NXDOMAIN');
  });

  it('a root server refers dig to edu', async () => {
    const { address, port } = place(ready, 'a.root');
    const { out } = await run('dig', [`@${address}`, '-p', port, 'www.campus.edu', '+norecurse']);
    expect(out).toMatch(/edu\.\s+86400\s+IN\s+NS\s+a\.edu-servers\.net\./);
    expect(out).toContain(place(ready, 'a.edu').address);
  });

  it('nslookup follows the alias', async () => {
    const { address, port } = place(ready, 'dns.campus');
    const { out } = await run('nslookup', [`-port=${port}`, 'www.college.edu', address]);
    expect(out).toContain('canonical name = relay.college.edu');
    expect(out).toContain(place(ready, 'www.college').address);
  });

  it('dig and nslookup find the name that belongs to an address', async () => {
    const { address, port } = place(ready, 'dns.campus');
    const web = place(ready, 'www.shop').address;
    const { out } = await run('dig', [`@${address}`, '-p', port, '-x', web, '+short']);
    expect(out.trim()).toBe('www.shop.com.');
    const other = await run('nslookup', [`-port=${port}`, web, address]);
    expect(other.out).toContain('name = www.shop.com.');
  });

  it('dig --trace draws the walk, and says what came from the cache', async () => {
    const first = await toplayer('dig', '--trace', 'www.news.org', '+short');
    expect(first.out).toMatch(/org: ask[\s\S]*Why: [\s\S]*referral to the servers of news\.org/);
    const second = await toplayer('dig', '--trace', 'www.news.org', '+short');
    expect(second.out).toContain('Why: answered from the cache');
    expect(second.out).not.toContain('org: ask');
  });

  it('a mail host is known by its short name and its whole one, and others are named', async () => {
    const accounts = (name: string) => toplayer('mail', 'accounts', '--api', name);
    const [short, whole, none] = [
      await accounts('mail.campus'),
      await accounts('mail.campus.edu'),
      await accounts('mail.nowhere'),
    ];
    expect(short.out).toContain('alice@campus.edu');
    expect(whole.out).toBe(short.out);
    expect(none).toMatchObject({
      status: 2,
      err: 'toplayer: mail.nowhere has no mail in the running internet: mail.campus, mail.college, mail.news have\n',
    });
  });

  it('a hosts file sends one name to the address of another, for one host', async () => {
    const shop = place(ready, 'www.shop').address;
    await toplayer('hosts', 'alice', '--set', `www.campus.edu=${shop}`);
    const status = async (host: string) =>
      JSON.parse((await toplayer('get', 'http://www.campus.edu/', '--from', host, '--json')).out)
        .status;
    expect(await status('alice')).toBe(421);
    expect(await status('bob')).toBe(200);
    expect((await toplayer('hosts', 'alice', '--remove', 'www.campus.edu')).out).toBe('');
    expect(await status('alice')).toBe(200);
  });

  it('curl gets a page by address and Host, and a 404 with the nearest names', async () => {
    const { address, port } = place(ready, 'www.campus');
    const ask = (path: string) =>
      run('curl', ['-si', '-H', 'Host: www.campus.edu', `http://${address}:${port}${path}`]);
    expect((await ask('/')).out).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*<title>The campus<\/title>/);
    expect((await ask('/crest.png')).out).toMatch(/^HTTP\/1\.1 404 [\s\S]*crest\.svg/);
  });

  it('a person types a request by telnet', async () => {
    const { address, port } = place(ready, 'www.news');
    const typed = 'GET / HTTP/1.1\nHost: www.news.org\nConnection: close\n\n';
    const child = spawn('telnet', [address, port]);
    child.stdin.write(typed);
    const { out } = await outcome(child);
    expect(out).toContain('HTTP/1.1 200 OK');
    expect(out).toContain('<title>The news</title>');
  });

  it('our own telnet does, too', async () => {
    const { address, port } = place(ready, 'www.news');
    const typed = 'GET / HTTP/1.1\nHost: www.news.org\nConnection: close\n\n';
    const { out } = await run(
      join(import.meta.dirname, '../../bin/toplayer'),
      ['telnet', address, port],
      typed,
    );
    expect(out).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  it('a Python client pings our server', async () => {
    const { address, port } = place(ready, 'ping.campus');
    const { out, err } = await run('python3', ['-c', PYTHON_CLIENT, address, port]);
    expect(err).toBe('');
    const replies = Number(out);
    expect(replies).toBeGreaterThan(10);
    expect(replies).toBeLessThan(40);
  });

  it('our client pings a Python server', async () => {
    const server = spawn('python3', ['-c', PYTHON_SERVER]);
    const [port] = (await once(server.stdout, 'data')) as [Buffer];
    const { out } = await toplayer(
      'ping',
      `127.0.0.1:${String(port).trim()}`,
      '-c',
      '6',
      '-W',
      '0.3',
      '--json',
    );
    expect(JSON.parse(out)).toMatchObject({ sent: 6, received: 4, late: 0, duplicates: 0 });
    server.kill();
  });

  it('ports finds the web server, dig of ours the name', async () => {
    const { port } = place(ready, 'www.campus');
    const scan = await toplayer('ports', 'www.campus.edu', '-p', `70-90,${port}`, '--json');
    expect(JSON.parse(scan.out)).toContainEqual({ port: 80, service: 'http' });
    const { out } = await toplayer('dig', 'www.campus.edu', '+short');
    expect(out.trim()).toBe(place(ready, 'www.campus').address);
  });

  it('a second internet takes another network, and both work', async () => {
    const [, taken] = place(ready, 'dns.campus').address.split('.');
    const second = await start('up', '--json', '--network', `127.${taken}.0.0/16`);
    const other = JSON.parse(second.line) as Ready;
    expect(other.dashboard).not.toBe(ready.dashboard);
    const { address, port } = place(other, 'dns.campus');
    expect(address).not.toBe(place(ready, 'dns.campus').address);
    const { out } = await run('dig', [`@${address}`, '-p', port, 'www.campus.edu', '+short']);
    expect(out.trim()).toBe(place(other, 'www.campus').address);
    second.child.kill('SIGTERM');
    const { status, err } = await second.ended;
    expect(status).toBe(0);
    expect(err).toContain('is taken by another internet');
  });

  it('names who holds a port that it needs, and takes another network', async () => {
    const holder = createServer().listen(Number(place(ready, 'www.campus').port), '127.77.1.80');
    await once(holder, 'listening');
    const blocked = await start('up', '--json', '--network', '127.77.0.0/16');
    expect(place(JSON.parse(blocked.line) as Ready, 'www.campus').address).not.toBe('127.77.1.80');
    blocked.child.kill('SIGINT');
    expect((await blocked.ended).err).toMatch(
      /127\.77\.1\.80:\d+ is in use by node \(process \d+\)/,
    );
    holder.close();
  });

  it('works on high ports, which our own commands know', async () => {
    const high = await start('up', '--json', '--high-ports');
    const other = JSON.parse(high.line) as Ready;
    const { address, port } = place(other, 'dns.campus');
    expect(port).toBe('20053');
    const { out } = await run('dig', [`@${address}`, '-p', port, 'www.campus.edu', '+short']);
    expect(out.trim()).toBe(place(other, 'www.campus').address);
    const ladder = await toplayer('get', 'http://www.shop.com/', '--from', 'alice', '--trace');
    expect(ladder.out).toMatch(
      /A\? www\.shop\.com[\s\S]*com: ask[\s\S]*GET \/[\s\S]*GET \/style\.css[\s\S]*200 OK/,
    );
    high.child.kill('SIGINT');
    await high.ended;
  });

  it('names who holds the port asked for the dashboard', async () => {
    const { port } = new URL(ready.dashboard);
    const { status, err } = await toplayer('up', '--dashboard-port', port);
    expect(status).toBe(1);
    expect(err).toMatch(/in use by/);
  });
});

describeWith(['root', 'unshare', 'ip', 'dig', 'curl'], 'the system around it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'toplayer-system-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("programs that know no port numbers work where the resolver is the system's", async () => {
    const { child, line, ended } = await start('up', '--json');
    const ready = JSON.parse(line) as Ready;
    const conf = join(folder, 'resolv.conf');
    writeFileSync(conf, `nameserver ${place(ready, 'dns.campus').address}\n`);
    const script = `mount --bind ${conf} /etc/resolv.conf && dig www.campus.edu +trace +nodnssec && curl -s http://www.shop.com/`;
    const { out } = await run('unshare', ['-m', 'sh', '-c', script]);
    for (const server of ['root-servers.net', 'a.edu-servers.net', 'ns.campus.edu']) {
      expect(out).toMatch(
        new RegExp(`Received \\d+ bytes from .*\\(\\S*${server.replaceAll('.', '\\.')}\\)`),
      );
    }
    expect(out).toContain('<title>Useful things - The shop</title>');
    child.kill('SIGINT');
    await ended;
  });

  it('works where the system has only 127.0.0.1', async () => {
    const script = `
      ip link set lo up; ip addr del 127.0.0.1/8 dev lo; ip addr add 127.0.0.1/32 dev lo
      ip route flush table local type local 127.0.0.0/8
      ${TOPLAYER} up --json > ${folder}/ready & up=$!
      while ! grep -q ready ${folder}/ready; do kill -0 $up || exit 1; done
      ${TOPLAYER} dig +short www.shop.com
      ${TOPLAYER} get http://www.campus.edu/ --from alice --trace
      kill -INT $up; wait $up; echo "status $?"`;
    const { out } = await run('unshare', ['-n', 'sh', '-c', script]);
    const ready = JSON.parse(readFileSync(join(folder, 'ready'), 'utf8')) as Ready;
    expect(
      new Set(
        ready.hosts.filter(({ services }) => services.length > 0).map(({ address }) => address),
      ),
    ).toEqual(new Set(['127.0.0.1']));
    expect(out).toMatch(/^127\.\d+\.3\.80\n/);
    expect(out).toMatch(/edu: ask[\s\S]*GET \/library\.svg[\s\S]*200 OK/);
    expect(out).toContain('status 0');
  });
});

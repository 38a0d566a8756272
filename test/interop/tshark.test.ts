/** Our captures in the eyes of tshark: every protocol dissected, every checksum right, nothing malformed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readScenario } from '../../src/cli/scenario-file.ts';
import { SimulatedInternet } from '../../src/internet/index.ts';
import { type Message, pcapng } from '../../src/trace/index.ts';
import { describeWith } from '../peer.ts';
import { run } from '../run.ts';

/** Wireshark takes the pinger's port for another protocol. */
const PLAIN = ['-d', 'udp.port==12000,data'];
const CHECKSUMS = ['ip', 'tcp', 'udp'].flatMap((layer) => ['-o', `${layer}.check_checksum:TRUE`]);

describeWith(['tshark'], 'a capture of the default internet', () => {
  const folder = mkdtempSync(join(tmpdir(), 'toplayer-tshark-'));
  const file = join(folder, 'run.pcapng');
  let messages: readonly Message[] = [];

  beforeAll(async () => {
    const simulated = new SimulatedInternet(await readScenario('default'), '1');
    await simulated.run();
    const recording = simulated.internet.recorder.recording();
    messages = recording.messages;
    writeFileSync(file, pcapng(recording));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const tshark = async (...args: string[]) => {
    const { out, err, status } = await run('tshark', [
      '-n',
      '-r',
      file,
      ...PLAIN,
      ...CHECKSUMS,
      ...args,
    ]);
    expect(status, err).toBe(0);
    return out.split('\n').filter((line) => line !== '');
  };

  it('holds nothing malformed, and no wrong checksum', async () => {
    const bad = [
      '_ws.malformed',
      '_ws.expert.severity >= 0x600000',
      'tcp.checksum.status == 0',
      'ip.checksum.status == 0',
      'udp.checksum.status == 0',
      'tcp.analysis.lost_segment',
    ].join(' or ');
    expect(await tshark('-Y', bad)).toEqual([]);
  });

  it('is dissected as our own dissectors do: every DNS message', async () => {
    const theirs = await tshark(
      '-Y',
      'dns',
      '-T',
      'fields',
      '-e',
      'dns.qry.name',
      '-e',
      'dns.flags.response',
    );
    const ours = messages.filter(({ protocol }) => protocol === 'dns');
    expect(theirs).toHaveLength(ours.length);
    const replies = ours.filter(({ role }) => role === 'reply').length;
    expect(theirs.filter((line) => /\t(1|True)$/.test(line))).toHaveLength(replies);
  });

  it('every HTTP request and response', async () => {
    const theirs = await tshark(
      '-Y',
      'http',
      '-T',
      'fields',
      '-e',
      'http.request.method',
      '-e',
      'http.response.code',
    );
    const ours = messages.filter(({ protocol }) => protocol === 'http');
    expect(theirs).toHaveLength(ours.length);
    expect(ours.length).toBeGreaterThan(20);
  });

  it('every datagram of the pinger, also those that were lost', async () => {
    const theirs = await tshark(
      '-Y',
      'udp.port == 12000 and data',
      '-T',
      'fields',
      '-e',
      'data.data',
    );
    const ours = messages.filter(({ protocol }) => protocol === 'ping');
    expect(theirs).toHaveLength(ours.length);
    expect(ours.length).toBeGreaterThan(10);
  });

  it('carries our reading as comments, and our names', async () => {
    const comments = await tshark('-Y', 'frame.comment', '-T', 'fields', '-e', 'frame.comment');
    expect(comments).toContain('A? www.campus.edu');
    const { out } = await run('tshark', ['-r', file, '-N', 'nN', '-c', '1']);
    expect(out).toContain('alice');
  });
});

/** A session of `toplayer pop3`, from its options to QUIT. */
import type { Command } from 'commander';
import { authorityFolder, keptAuthority } from '../../../ca/index.ts';
import { parseEndpoint } from '../../../lib/endpoint.ts';
import { UsageError } from '../../../lib/errors.ts';
import { POP3_PORT, POP3S_PORT, Pop3Client, type Pop3ClientOptions } from '../../../pop3/index.ts';
import { credentials, seconds, type Tls, tls } from '../../options.ts';
import type { CliTools } from '../../tools.ts';

export interface SessionFlags {
  readonly server: string;
  readonly auth: { readonly user: string; readonly password: string };
  readonly tls?: Tls | true;
  readonly insecure?: true;
  readonly plaintext?: true;
  readonly timeout?: number;
  readonly verbose?: true;
}

export function withSession(command: Command): Command {
  return command
    .requiredOption('--server <host[:port]>', 'where the maildrop is')
    .requiredOption(
      '--auth <user:password>',
      'sign in, by the best way that both know',
      credentials,
    )
    .option('--tls [how]', 'starttls (default), opportunistic, or implicit', tls)
    .option('--insecure', 'take any certificate')
    .option('--plaintext', 'say the password without TLS too')
    .option('--timeout <time>', 'seconds to wait for each response', seconds)
    .option('-v, --verbose', 'show the dialogue, on standard error');
}

/** Signs in, does `work`, and says QUIT. Where `work` fails nothing is deleted. */
export async function inSession(
  tools: CliTools,
  flags: SessionFlags,
  work: (client: Pop3Client) => Promise<void>,
): Promise<void> {
  const usual = flags.tls === 'implicit' ? POP3S_PORT : POP3_PORT;
  const { address: name, port } = parseEndpoint(flags.server, usual);
  const [address] = await tools.lookup()(name, { signal: tools.signal });
  if (address === undefined) throw new UsageError(`the server ${name} has no address`);
  const options = await clientOptions(tools, flags, name);
  const client = await Pop3Client.connect(tools.host(), { address, port }, options);
  try {
    await client.login(flags.auth, { plaintext: flags.plaintext ?? false });
    await work(client);
  } catch (error) {
    client.close();
    throw error;
  }
  await client.quit();
}

async function clientOptions(
  tools: CliTools,
  flags: SessionFlags,
  serverName: string,
): Promise<Pop3ClientOptions> {
  const { tls: how, insecure, timeout, verbose } = flags;
  const authorities =
    how && !insecure ? [(await keptAuthority(authorityFolder())).certificate] : [];
  const observe: Pop3ClientOptions['observe'] = (who, line) => tools.note(`${who}: ${line}`);
  return {
    security: how === true ? 'starttls' : (how ?? 'none'),
    tls: { serverName, authorities, ...(insecure && { verify: false }) },
    signal: tools.signal,
    ...(timeout !== undefined && {
      connectMs: timeout,
      greetingMs: timeout,
      replyMs: timeout,
      blockMs: timeout,
    }),
    ...(verbose && { observe }),
  };
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import {
  type Authority,
  authorityFolder,
  CERTIFICATE_FILE,
  keptAuthority,
  renewAuthority,
} from '../../ca/index.ts';
import type { CliTools } from '../tools.ts';

export function registerCa(program: Command, tools: CliTools): void {
  const command = program
    .command('ca')
    .description("the internet's own certification authority, for https")
    .addHelpText(
      'after',
      `
It is made when it is first needed and kept in ${authorityFolder()} (TOPLAYER_CA names another
folder). Its key never leaves that folder; whoever has it can pretend to be any site for those who
trust the certificate, so trust it in a browser profile of its own, and end the trust after the course.

Examples:
  toplayer ca
  curl --cacert "$(toplayer ca path)" https://www.shop.com/
  NODE_EXTRA_CA_CERTS="$(toplayer ca path)" node client.js
  toplayer ca issue mail.test localhost 127.0.0.1 --out mail`,
    )
    .action(() => show(tools));
  command
    .command('path')
    .description('where its certificate is, for options such as --cacert')
    .action(async () => {
      await keptAuthority(authorityFolder());
      tools.out(`${certificatePath()}\n`);
    });
  command
    .command('show')
    .description('its certificate in PEM')
    .action(async () => tools.out((await keptAuthority(authorityFolder())).certificate));
  command
    .command('issue')
    .description('a certificate for names and addresses, with its key')
    .argument('<name...>', 'names such as www.shop.com or *.shop.com, or addresses')
    .option('--out <name>', 'write NAME.pem and NAME-key.pem instead of showing them')
    .action((names: string[], flags: { out?: string }) => issue(tools, names, flags.out));
  command
    .command('renew')
    .description(
      'make a new authority in the place of this one; what trusts the old one must be told',
    )
    .action(async () => describe(tools, await renewAuthority(authorityFolder())));
}

function certificatePath(): string {
  return join(authorityFolder(), CERTIFICATE_FILE);
}

async function show(tools: CliTools): Promise<void> {
  await describe(tools, await keptAuthority(authorityFolder()));
}

async function describe(tools: CliTools, authority: Authority): Promise<void> {
  const { name, from, until } = authority.subject;
  const day = (date: Date): string => date.toISOString().slice(0, 10);
  tools.out(`${name}
certificate  ${certificatePath()}
valid        ${day(from)} to ${day(until)}
SHA-256      ${await authority.fingerprint()}
`);
}

async function issue(tools: CliTools, names: string[], out: string | undefined): Promise<void> {
  const authority = await keptAuthority(authorityFolder());
  const { chain, key } = await authority.issue(names);
  if (out === undefined) {
    tools.out(chain + key);
    return;
  }
  await writeFile(`${out}.pem`, chain);
  await writeFile(`${out}-key.pem`, key, { mode: 0o600 });
  tools.note(`${out}.pem and ${out}-key.pem, for ${names.join(', ')}`);
}

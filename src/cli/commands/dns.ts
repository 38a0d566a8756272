import type { Command } from 'commander';
import type { CliTools } from '../tools.ts';
import { registerAxfr } from './dns/axfr.ts';
import { registerCheck } from './dns/check.ts';
import { registerResolve } from './dns/resolve.ts';
import { registerServe } from './dns/serve.ts';
import { registerRegistration } from './dns-registration.ts';

/** The parent of all `dns ...` commands: the one there is, or a new one. */
export function dnsCommand(program: Command): Command {
  return (
    program.commands.find((command) => command.name() === 'dns') ??
    program.command('dns').description('the domain name system: names registered, served, checked')
  );
}

/** All commands below `dns`. */
export function registerDns(program: Command, tools: CliTools): void {
  const dns = dnsCommand(program);
  registerServe(dns, tools);
  registerResolve(dns, tools);
  registerCheck(dns, tools);
  registerAxfr(dns, tools);
  registerRegistration(dns, tools);
}

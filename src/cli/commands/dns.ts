import type { Command } from 'commander';
import type { CliTools } from '../tools.ts';
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
  registerRegistration(dnsCommand(program), tools);
}

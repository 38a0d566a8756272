import type { Command } from 'commander';

/** The parent of all `dns ...` commands: the one there is, or a new one. */
export function dnsCommand(program: Command): Command {
  return (
    program.commands.find((command) => command.name() === 'dns') ??
    program.command('dns').description('the domain name system: names registered, served, checked')
  );
}

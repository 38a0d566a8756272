#!/usr/bin/env node
/** The command line. Each command stands in commands/. */
import { enableCompileCache } from 'node:module';
import { Command, CommanderError } from 'commander';
import { registerCommands } from './commands/index.ts';
import { report, terminalTools } from './terminal.ts';
import { VERSION } from './version.ts';

enableCompileCache();

const program = new Command('toplayer')
  .description('The application layer of the Internet, running.')
  .version(VERSION)
  .showHelpAfterError('(toplayer --help lists the commands)')
  .exitOverride()
  .addHelpText(
    'after',
    `
Examples:
  toplayer up                                          start the default internet
  toplayer get http://www.campus.edu/ --from alice --trace
                                                       a page load, message by message
  toplayer dig www.campus.edu +trace                   a name, from the root down
  toplayer ping ping.campus.edu                        ten UDP messages, some of them lost
  toplayer sim default --trace run.pcapng              the same internet, simulated
`,
  );

await registerCommands(program, terminalTools(), process.argv.slice(2));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else process.exitCode = report(error);
}

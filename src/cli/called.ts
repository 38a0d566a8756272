/** Commands whose code is loaded when they are called: most of a short command's time is that of loading. */
import type { Command } from 'commander';
import type { CliTools } from './tools.ts';

/** Registers a command below `parent`; `words` are those of the call that come after its name. */
export type Register = (
  parent: Command,
  tools: CliTools,
  words: readonly string[],
) => void | Promise<void>;

/** By name, in the order in which --help shows them. */
export type Commands = Readonly<Record<string, () => Promise<Register>>>;

/** Registers the command that is called; all of them where it is none, for help and suggestions. */
export async function registerCalled(
  parent: Command,
  tools: CliTools,
  commands: Commands,
  [name = '', ...words]: readonly string[],
): Promise<void> {
  const one = Object.hasOwn(commands, name) ? commands[name] : undefined;
  for (const load of one ? [one] : Object.values(commands)) {
    await (await load())(parent, tools, words);
  }
}

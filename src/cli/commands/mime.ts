import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { UsageError } from '../../lib/errors.ts';
import { type Message, parseMessage, partOf, showMessage } from '../../mime/index.ts';
import type { CliTools } from '../tools.ts';
import { messageJson, messageText } from './mime/show.ts';

export function registerMime(program: Command, tools: CliTools): void {
  const mime = program.command('mime').description('mail messages and saved pages, taken apart');
  mime
    .command('show')
    .description('the tree of a message with types, sizes, encodings, and what is wrong with it')
    .argument('<file>', 'a message (.eml) or a saved page (.mhtml); - is standard input')
    .option('--json', 'the tree as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  toplayer mime show letter.eml
  toplayer page www.campus.edu --mhtml campus.mhtml && toplayer mime show campus.mhtml`,
    )
    .action(async (file: string, { json }: { json?: true }) => {
      const message = await messageIn(file);
      tools.out(json ? `${JSON.stringify(messageJson(message))}\n` : messageText(message));
    });
  mime
    .command('extract')
    .description('the content of a part, decoded')
    .argument('<file>', 'a message or a saved page; - is standard input')
    .argument('<part>', 'its number, as "mime show" prints it: 1.2')
    .option('-o, --output <file>', 'write it to a file')
    .action(async (file: string, part: string, { output }: { output?: string }) => {
      const message = await messageIn(file);
      const content = message.content(partOf(message, part));
      if (output === undefined) tools.out(content);
      else await writeFile(output, content);
    });
  mime
    .command('html')
    .description('the HTML of a message or a saved page with its pictures, made safe to open')
    .argument('<file>', 'a message or a saved page; - is standard input')
    .action(async (file: string) => tools.out(`${showMessage(await messageIn(file))}\n`));
}

async function messageIn(file: string): Promise<Message> {
  try {
    return parseMessage(await readFile(file === '-' ? '/dev/stdin' : file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`${file} cannot be read: ${code}`);
  }
}

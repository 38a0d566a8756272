import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { userAt } from '../../internet/index.ts';
import { hostShell } from '../../internet/shell.ts';
import { endpointText } from '../../lib/endpoint.ts';
import { serveTelnet, TELNET_PORT, TelnetClient } from '../../telnet/index.ts';
import { port, whole } from '../options.ts';
import type { CliTools } from '../tools.ts';
import { untilStopped } from '../until-stopped.ts';

export function registerTelnet(program: Command, tools: CliTools): void {
  const command = program
    .command('telnet')
    .description('an interactive connection, good for typing HTTP, SMTP and their like by hand')
    .argument('[host]', 'a name or an address')
    .argument('[port]', 'the port', whole(1, 65_535), TELNET_PORT)
    .addHelpText(
      'after',
      `
Lines are sent as typed, ended by CR LF. The end of the input (Ctrl-D) closes our direction only:
what the other end still says is shown.

Examples:
  toplayer telnet www.campus.edu 80
  printf 'GET / HTTP/1.1\\nHost: www.campus.edu\\nConnection: close\\n\\n' | toplayer telnet www.campus.edu 80
  toplayer telnet serve --port 2323`,
    )
    .action(async (name: string | undefined, port: number) => {
      if (name === undefined) command.help({ error: true });
      else process.exitCode = await connect(tools, name, port);
    });
  command
    .command('serve')
    .description('a remote terminal with a few harmless commands, on the loopback only')
    .option('--port <n>', 'the port', port, 2323)
    .action((flags: { port: number }) => serve(tools, flags.port));
}

async function connect(tools: CliTools, name: string, port: number): Promise<number> {
  const [address = name] = await tools.lookup()(name, { signal: tools.signal });
  tools.note(`Trying ${address}...`);
  const connection = await tools
    .host()
    .network.connect({ address, port }, { signal: tools.signal });
  tools.note(`Connected to ${name}. Ctrl-D ends our side, Ctrl-C all.`);
  return new Promise((resolve) => {
    const client = new TelnetClient(connection, {
      onData: (bytes) => process.stdout.write(bytes),
      onClose: (why) => {
        keyboard.close();
        process.stdin.destroy();
        tools.note(why.error ? why.error.message : 'Connection closed.');
        resolve(why.error ? 1 : 0);
      },
    });
    const keyboard = createInterface({ input: process.stdin, terminal: false });
    keyboard.on('line', (line) => client.type(`${line}\n`));
    keyboard.on('close', () => client.end());
    tools.signal.addEventListener('abort', () => client.destroy(), { once: true });
  });
}

async function serve(tools: CliTools, port: number): Promise<void> {
  const host = tools.host();
  const user = userAt(host, tools.lookup());
  const surroundings = {
    userAt: () => user,
    addressOf: () => undefined,
    resolver: () => undefined,
  };
  const server = await serveTelnet(host, { port, shell: () => hostShell(host, surroundings) });
  tools.note(`remote terminal on ${endpointText(server.local)}; Ctrl-C stops it`);
  await untilStopped(tools);
  await server.close({ graceMs: 500 });
}

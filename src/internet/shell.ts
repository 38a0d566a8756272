/** The remote terminal of a host: a few harmless commands, run from that host. */

import { fromUtf8 } from '../lib/bytes.ts';
import type { Endpoint } from '../lib/endpoint.ts';
import { AppError } from '../lib/errors.ts';
import { calendar, type Host } from '../net/index.ts';
import { pingLine, summaryText } from '../ping/index.ts';
import { SERVICES, scanPorts } from '../ports/index.ts';
import type { Shell } from '../telnet/index.ts';
import { load, pingHost, resolve, type User } from './actions.ts';

/** What the shell may use of the internet around it. */
export interface Surroundings {
  userAt(host: Host): User;
  /** The resolver that a host asks. */
  resolver(name: string): Endpoint | undefined;
  /** The address of a host of the internet by its own name. */
  addressOf(name: string): string | undefined;
}

type Command = (user: User, words: readonly string[], context: Context) => Promise<void>;

interface Context {
  readonly write: (text: string) => void;
  readonly signal: AbortSignal;
  readonly surroundings: Surroundings;
}

interface Entry {
  readonly usage: string;
  readonly about: string;
  readonly run: Command;
}

const COMMANDS: Readonly<Record<string, Entry>> = {
  hostname: {
    usage: 'hostname',
    about: 'the name and address of this host',
    run: async ({ host }, _words, { write }) => write(`${host.name} ${host.address}\n`),
  },
  date: {
    usage: 'date',
    about: 'what the calendar says here',
    run: async ({ host }, _words, { write }) =>
      write(`${new Date(calendar(host.clock)).toUTCString()}\n`),
  },
  resolve: {
    usage: 'resolve NAME',
    about: 'the addresses of a name',
    run: async (user, [name = ''], { write, signal }) => {
      for (const address of await resolve(user, name, signal)) write(`${name} ${address}\n`);
    },
  },
  get: {
    usage: 'get URL',
    about: 'load a page with its objects',
    run: async (user, [url = ''], { write, signal }) => {
      const page = await load(user, url, { signal });
      for (const object of page.objects)
        write(`${object.status || 'failed'} ${object.bytes} bytes ${object.url}\n`);
    },
  },
  ping: {
    usage: 'ping HOST',
    about: 'ten UDP messages to a ping server',
    run: async (user, [name = ''], { write, signal, surroundings }) => {
      const target = surroundings.addressOf(name) ?? name;
      const onEvent = (event: Parameters<typeof pingLine>[0]) => write(`${pingLine(event)}\n`);
      write(`${summaryText(await pingHost(user, target, { signal, onEvent }))}\n`);
    },
  },
  ports: {
    usage: 'ports HOST',
    about: 'which well-known ports are open there',
    run: async (user, [name = ''], { write, signal, surroundings }) => {
      const [address = name] = await resolve(user, surroundings.addressOf(name) ?? name, signal);
      const ports = Object.keys(SERVICES).map(Number);
      for (const open of await scanPorts(user.host, address, { ports, signal })) {
        write(`${String(open.port).padStart(5)} ${open.service ?? ''} ${open.banner ?? ''}\n`);
      }
    },
  },
  ls: {
    usage: 'ls [FOLDER]',
    about: 'the names in a folder of this host',
    run: async ({ host }, [path = '/'], { write }) => {
      for (const name of await host.files.list(path)) write(`${name}\n`);
    },
  },
  cat: {
    usage: 'cat FILE',
    about: 'show a file of this host',
    run: async ({ host }, [path = ''], { write }) =>
      write(`${fromUtf8(await host.files.read(path))}\n`),
  },
};

export function hostShell(host: Host, surroundings: Surroundings): Shell {
  const user = surroundings.userAt(host);
  return {
    banner: `Welcome to ${host.name}. Type help for the commands.`,
    prompt: `${host.name}> `,
    async run(line, write, signal) {
      const [name = '', ...words] = line.trim().split(/\s+/);
      if (name === '') return undefined;
      if (name === 'exit' || name === 'quit' || name === 'logout') return 'exit';
      if (name === 'help') {
        write(help());
        return undefined;
      }
      const entry = COMMANDS[name];
      if (!entry) write(`${name}: no such command; help lists them\n`);
      else await attempt(entry, user, words, { write, signal, surroundings });
      return undefined;
    },
  };
}

async function attempt(
  entry: Entry,
  user: User,
  words: readonly string[],
  context: Context,
): Promise<void> {
  const wanted = entry.usage.split(' ').filter((word) => /^[A-Z]/.test(word)).length;
  if (words.length < wanted) {
    context.write(`usage: ${entry.usage}\n`);
    return;
  }
  try {
    await entry.run(user, words, context);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    context.write(`${error.message}\n`);
  }
}

function help(): string {
  const lines = Object.values(COMMANDS).map(
    ({ usage, about }) => `  ${usage.padEnd(16)} ${about}\n`,
  );
  return `${lines.join('')}  ${'exit'.padEnd(16)} hang up\n`;
}

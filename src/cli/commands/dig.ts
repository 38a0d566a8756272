import type { Command } from 'commander';
import {
  DnsError,
  type EdnsOption,
  formatRecord,
  formatReply,
  formatShort,
  formatStep,
  message,
  OPTION,
  parseName,
  plainName,
  type Question,
  queryDns,
  Resolver,
  type RootHint,
  replyJson,
} from '../../dns/index.ts';
import type { Endpoint } from '../../lib/endpoint.ts';
import { UsageError } from '../../lib/errors.ts';
import { calendar, type Host } from '../../net/index.ts';
import { findServer } from '../name-server.ts';
import { takeSeat } from '../seat.ts';
import type { CliTools } from '../tools.ts';
import { type DigRequest, parseDigWords } from './dig-words.ts';

const EXAMPLES = `
Examples:
  dig www.campus.edu                 the address, from the resolver of the running internet
  dig www.campus.edu MX +short       only the data
  dig +trace www.campus.edu          each step from the root
  dig --trace www.campus.edu         what the resolver says to whom, and why
  dig @127.0.0.1#5353 . NS           a server of your choice
  dig -x 127.20.3.80                 the name of an address`;

/** Adds `dig [@server[#port]] name [type] [class] [+options]`. */
export function registerDig(program: Command, tools: CliTools): void {
  program
    .command('dig')
    .description('ask a name server, as dig does')
    .argument('[words...]', '@server[#port] name type class +options, in any order')
    .option('--trace', 'every message of it in the running internet, as a ladder with reasons')
    .allowUnknownOption()
    .addHelpText('after', EXAMPLES)
    .action((words: string[], flags: { trace?: true }) =>
      flags.trace ? digTraced(words, tools) : dig(parseDigWords(words), tools),
    );
}

/** Asks as the first user of the internet, and then shows what was said in it. */
async function digTraced(words: readonly string[], tools: CliTools): Promise<void> {
  const seat = await takeSeat(tools);
  try {
    await dig(parseDigWords(words), {
      ...tools,
      host: () => seat.host,
      resolver: async () => seat.resolver,
    });
    const width = process.stdout.columns ?? 160;
    tools.out(await seat.ladder({ colour: tools.colour, notes: true, width }));
  } finally {
    await seat.leave();
  }
}

export async function dig(request: DigRequest, tools: CliTools): Promise<void> {
  const question: Question = {
    name: parseName(request.name),
    type: request.type,
    class: request.class,
  };
  if (request.trace) {
    await trace(question, request, tools);
    return;
  }
  const host = tools.host();
  const server = await serverOf(request, tools);
  const reply = await queryDns(host, server, question, {
    timeoutMs: request.timeoutMs,
    retries: request.tries - 1,
    tcp: request.tcp,
    edns: request.edns,
    rd: request.recurse,
    dnssecOk: request.dnssec,
    options: optionsOf(request, host),
    signal: tools.signal,
  });
  if (request.json) tools.out(`${replyJson(reply)}\n`);
  else if (request.short) tools.out(formatShort(reply.message));
  else tools.out(`\n${formatReply(reply, calendar(host.clock))}\n`);
}

function optionsOf({ nsid, cookie, subnet }: DigRequest, host: Host): EdnsOption[] {
  const options: EdnsOption[] = [];
  if (nsid) options.push({ code: OPTION.NSID, data: new Uint8Array(0) });
  if (subnet) options.push(subnet);
  if (cookie) {
    options.push({ code: OPTION.COOKIE, data: cookie === true ? host.random.bytes(8) : cookie });
  }
  return options;
}

const serverOf = ({ server, port }: DigRequest, tools: CliTools): Promise<Endpoint> =>
  findServer(server, port, tools);

/** Does a resolver's work from the root with an empty cache, and shows each step of it. */
async function trace(question: Question, request: DigRequest, tools: CliTools): Promise<void> {
  const { hints, port } = await rootsOf(request, tools);
  const resolver = new Resolver(tools.host(), {
    hints,
    port,
    ...(request.edns !== false && { udpSize: request.edns }),
  });
  const { answers, rcode, failure } = await resolver.query(question, {
    onReply(reply, ask) {
      if (request.short) return;
      tools.out(`\n;; ${ask.note.text}\n${formatStep(reply, plainName(ask.server))}\n`);
    },
  });
  if (failure) {
    const text = `${plainName(question.name)}: ${failure}`;
    throw new DnsError('DNS_SERVFAIL', text, { question });
  }
  if (request.short) tools.out(formatShort(message({ answers })));
  else {
    const lines = answers.map((record) => `${formatRecord(record)}\n`).join('');
    tools.out(`\n;; Result: ${rcode}\n${lines}`);
  }
}

interface Roots {
  readonly hints: readonly RootHint[];
  readonly port: number;
}

/** The roots of the running internet; where a server was named, those that it tells of. */
async function rootsOf(request: DigRequest, tools: CliTools): Promise<Roots> {
  const known = request.server === undefined ? await tools.roots() : undefined;
  if (known?.[0]) {
    const hints = known.map(({ name, endpoint }) => ({ name, address: endpoint.address }));
    return { hints, port: request.port ?? known[0].endpoint.port };
  }
  const server = await serverOf(request, tools);
  const host = tools.host();
  const ask = async (name: string, type: 'NS' | 'A') =>
    (await queryDns(host, server, { name, type, class: 'IN' }, { signal: tools.signal })).message;
  const { answers, additionals } = await ask('.', 'NS');
  const hints: RootHint[] = [];
  for (const record of answers) {
    if (record.type !== 'NS') continue;
    const glue = additionals.filter((one) => one.name === record.target);
    const found = glue.length > 0 ? glue : (await ask(record.target, 'A')).answers;
    for (const one of found)
      if (one.type === 'A') hints.push({ name: one.name, address: one.address });
  }
  if (hints.length > 0) return { hints, port: server.port };
  throw new UsageError(`${server.address} does not know the root servers`);
}

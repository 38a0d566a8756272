import type { Command } from 'commander';
import {
  type Exchanged,
  errorOf,
  followAliases,
  formatRdata,
  parseName,
  plainName,
  type QueryType,
  type Question,
  queryDns,
  type ResourceRecord,
  reverseName,
  types,
} from '../../dns/index.ts';
import type { Endpoint } from '../../lib/endpoint.ts';
import { UsageError } from '../../lib/errors.ts';
import { findServer } from '../name-server.ts';
import type { CliTools } from '../tools.ts';

export function registerNslookup(program: Command, tools: CliTools): void {
  program
    .command('nslookup')
    .description('ask a name server, with the answers that nslookup gives')
    .argument('[words...]', '[-type=TYPE] [-port=N] NAME|ADDRESS [SERVER]')
    .allowUnknownOption()
    .addHelpText(
      'after',
      `
Examples:
  nslookup www.campus.edu
  nslookup -type=mx campus.edu 127.20.1.53
  nslookup 127.20.1.80`,
    )
    .action(async (words: string[]) => nslookup(parseWords(words), tools));
}

interface Request {
  readonly name: string;
  readonly server: string | undefined;
  readonly port: number | undefined;
  readonly type: QueryType | undefined;
}

function parseWords(words: readonly string[]): Request {
  const operands: string[] = [];
  let type: QueryType | undefined;
  let port: number | undefined;
  for (const word of words) {
    const option = /^-(type|querytype|q|port)=(.+)$/.exec(word);
    if (!option) {
      if (word.startsWith('-'))
        throw new UsageError(`nslookup knows -type= and -port=, not ${word}`);
      operands.push(word);
    } else if (option[1] === 'port') port = Number(option[2]);
    else {
      type = types.parse(option[2] ?? '');
      if (!type) throw new UsageError(`-type needs a type such as MX, not ${option[2]}`);
    }
  }
  const [name, server, ...more] = operands;
  if (name === undefined || more.length > 0) throw new UsageError('usage: nslookup NAME [SERVER]');
  if (port !== undefined && !(port > 0 && port < 65536)) throw new UsageError('no such port');
  return { name, server, port, type };
}

async function nslookup(request: Request, tools: CliTools): Promise<void> {
  const server = await findServer(request.server, request.port, tools);
  const ask = (question: Question) =>
    queryDns(tools.host(), server, question, { signal: tools.signal });
  const called = await nameOf(server, ask);
  tools.out(`Server:  ${called}\nAddress:  ${server.address}${portText(server)}\n\n`);
  const reverse = reverseName(request.name);
  const name = reverse ?? parseName(request.name);
  const wanted: QueryType[] = request.type ? [request.type] : reverse ? ['PTR'] : ['A', 'AAAA'];
  const replies: [Question, Exchanged][] = [];
  for (const type of wanted) {
    const question = { name, type, class: 'IN' } as const;
    replies.push([question, await ask(question)]);
  }
  const [first] = replies;
  if (!first) return;
  const useful = replies.filter(([question, { message }]) => !errorOf(message, question));
  if (useful.length === 0) {
    tools.out(`*** ${called} can't find ${request.name}: ${problem(first[1].message.rcode)}\n`);
    process.exitCode = 1;
    return;
  }
  if (!first[1].message.authoritative) tools.out('Non-authoritative answer:\n');
  const addresses = request.type === undefined || request.type === 'A' || request.type === 'AAAA';
  tools.out(addresses && !reverse ? addressText(useful) : useful.map(recordText).join(''));
  tools.out('\n');
}

function portText({ port }: Endpoint): string {
  return port === 53 ? '' : `#${port}`;
}

/** The name of a server, by its address; the classic program begins with it. */
async function nameOf(
  { address }: Endpoint,
  ask: (question: Question) => Promise<Exchanged>,
): Promise<string> {
  const name = reverseName(address);
  if (name === undefined) return 'UnKnown';
  const question = { name, type: 'PTR', class: 'IN' } as const;
  const { message } = await ask(question);
  const [record] = followAliases(message.answers, question).records;
  return record?.type === 'PTR' ? plainName(record.target) : 'UnKnown';
}

const PROBLEMS: Readonly<Record<string, string>> = {
  NXDOMAIN: 'Non-existent domain',
  SERVFAIL: 'Server failed',
  REFUSED: 'Query refused',
  NOERROR: 'No answer',
};

function problem(rcode: string): string {
  return PROBLEMS[rcode] ?? rcode;
}

/** Name, addresses and aliases, as if they were one answer. */
function addressText(replies: readonly [Question, Exchanged][]): string {
  const found = replies.map(([question, { message }]) => followAliases(message.answers, question));
  const [first] = found;
  if (!first) return '';
  const addresses = found.flatMap(({ records }) => records.map(formatRdata));
  const title = addresses.length > 1 ? 'Addresses:  ' : 'Address:  ';
  const aliases = first.aliases.map(({ name }) => plainName(name));
  const lines = [
    `Name:    ${plainName(first.name)}`,
    `${title}${addresses.join(`\n${' '.repeat(title.length)}`)}`,
    ...(aliases.length > 0 ? [`Aliases:  ${aliases.join(`\n${' '.repeat(10)}`)}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function recordText([question, { message }]: [Question, Exchanged]): string {
  const { aliases, records } = followAliases(message.answers, question);
  return [...aliases, ...records].map((record) => `${lineOf(record)}\n`).join('');
}

function lineOf(record: ResourceRecord): string {
  const name = plainName(record.name);
  switch (record.type) {
    case 'CNAME':
      return `${name}\tcanonical name = ${plainName(record.target)}`;
    case 'NS':
      return `${name}\tnameserver = ${plainName(record.target)}`;
    case 'PTR':
      return `${name}\tname = ${plainName(record.target)}`;
    case 'MX':
      return `${name}\tMX preference = ${record.preference}, mail exchanger = ${plainName(record.exchange)}`;
    case 'TXT':
      return `${name}\ttext = ${formatRdata(record)}`;
    case 'SOA': {
      const { primary, mailbox, serial, refresh, retry, expire, minimum } = record;
      const times = [
        `\tprimary name server = ${plainName(primary)}`,
        `\tresponsible mail addr = ${plainName(mailbox)}`,
        `\tserial  = ${serial}`,
        `\trefresh = ${refresh}`,
        `\tretry   = ${retry}`,
        `\texpire  = ${expire}`,
        `\tdefault TTL = ${minimum}`,
      ];
      return [name, ...times].join('\n');
    }
    default:
      return `${name}\t${record.type} ${formatRdata(record)}`;
  }
}

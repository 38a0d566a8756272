/** A message's tree for people and for programs. */
import {
  type Defect,
  fileName,
  locationOf,
  type Message,
  type Part,
  typeLine,
  typeName,
} from '../../../mime/index.ts';

interface PartJson {
  readonly part: string;
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly encoding: string;
  readonly disposition?: string;
  readonly fileName?: string;
  readonly location?: string;
  readonly header: { readonly start: number; readonly end: number };
  readonly body: { readonly start: number; readonly end: number };
  readonly lines: number;
  /** Decoded. */
  readonly bytes: number;
  readonly parts: readonly PartJson[];
}

interface MessageJson {
  readonly subject: string;
  readonly from: string;
  readonly date: string;
  readonly root: PartJson;
  readonly defects: readonly Defect[];
}

export function messageJson(message: Message): MessageJson {
  const { root } = message;
  return {
    ...headOf(message),
    root: partJson(message, root),
    defects: message.inspect(),
  };
}

function headOf(message: Message): Omit<MessageJson, 'root' | 'defects'> {
  const { date } = message;
  return {
    subject: message.subject,
    from: message.decoded('From'),
    date: date === undefined ? '' : new Date(date.ms).toISOString(),
  };
}

function partJson(message: Message, part: Part): PartJson {
  const name = fileName(part);
  return {
    part: part.path,
    type: typeName(part.type),
    parameters: Object.fromEntries(part.type.parameters),
    encoding: part.encoding,
    ...(part.disposition && { disposition: part.disposition.kind }),
    ...(name !== undefined && { fileName: name }),
    ...(part.fields.field('Content-Location') && { location: locationOf(message, part) }),
    header: part.header,
    body: part.body,
    lines: part.lines,
    bytes: message.content(part).length,
    parts: part.children.map((child) => partJson(message, child)),
  };
}

/** Head, tree and defects, a line each. */
export function messageText(message: Message): string {
  const { subject, from, date } = headOf(message);
  const head = [
    ['From', from],
    ['Date', date],
    ['Subject', subject],
  ].map(([name, value]) => (value ? `${name}: ${clean(value)}\n` : ''));
  const defects = message.inspect().map(defectLine);
  const count = defects.length === 0 ? 'no defects\n' : '';
  return `${head.join('')}${treeLines(message, message.root, 0).join('')}${count}${defects.join('')}`;
}

function treeLines(message: Message, part: Part, depth: number): string[] {
  const { encoding, disposition } = part;
  const name = fileName(part);
  const words = [
    typeLine(part),
    encoding,
    `${message.content(part).length} B`,
    ...(disposition ? [disposition.kind] : []),
    ...(name === undefined ? [] : [`"${name}"`]),
    ...(part.fields.field('Content-Location') ? [locationOf(message, part)] : []),
  ];
  const line = `${'  '.repeat(depth)}${(part.path || '-').padEnd(6)} ${clean(words.join('  '))}\n`;
  return [line, ...part.children.flatMap((child) => treeLines(message, child, depth + 1))];
}

function defectLine({ code, message, spec, offset, part }: Defect): string {
  const where = part === '' ? '' : ` in part ${part}`;
  return `${code} at ${offset}${where}: ${message}${spec === '' ? '' : ` (${spec})`}\n`;
}

/** What a message holds may not steer a terminal. */
function clean(text: string): string {
  return text.replace(/\p{C}/gu, '\ufffd');
}

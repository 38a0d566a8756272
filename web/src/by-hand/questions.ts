/** What the course asks about an answer, and how its head answers it. */
import type { ByHandEnd } from '../../../src/internet/by-hand.ts';
import { countText } from '../state/units.ts';
import { texts } from '../texts.ts';
import type { Reply } from './reply.ts';

const words = texts.web.hand.questions;

export interface Question {
  readonly question: string;
  readonly answer: string;
  readonly spec: string;
}

export function questionsOf(reply: Reply, end: ByHandEnd, headOnly: boolean): readonly Question[] {
  const { headers } = reply;
  return [
    { question: words.success, answer: success(reply), spec: 'RFC 9110 §15' },
    {
      question: words.date,
      answer: headers.get('date') ?? words.unsaid('Date'),
      spec: 'RFC 9110 §6.6.1',
    },
    {
      question: words.modified,
      answer: headers.get('last-modified') ?? words.unsaid('Last-Modified'),
      spec: 'RFC 9110 §8.8.2',
    },
    { question: words.length, answer: length(reply, headOnly), spec: 'RFC 9110 §8.6' },
    { question: words.first, answer: firstBytes(reply), spec: 'RFC 9112 §6' },
    { question: words.persistent, answer: persistent(reply, end), spec: 'RFC 9112 §9.3' },
  ];
}

function success({ status = 0, reason }: Reply): string {
  const said = `${status} ${reason}`.trim();
  if (status === 304) return words.notModified(said);
  if (status === 206) return words.part(said);
  if (status < 200) return words.interim(said);
  if (status < 300) return words.yes(said);
  if (status < 400) return words.elsewhere(said);
  return status < 500 ? words.clientFault(said) : words.serverFault(said);
}

function length({ headers, bodyLength, chunked, status }: Reply, headOnly: boolean): string {
  const told = headers.get('content-length');
  const came = countText(bodyLength);
  if (chunked) return words.chunks(came);
  if (status === 304) return words.noBody;
  if (headOnly) return told === undefined ? words.noBody : words.would(countText(Number(told)));
  if (told === undefined) return bodyLength === 0 ? words.noBody : words.untilClose(came);
  return Number(told) === bodyLength ? words.bytes(came) : words.cut(told, came);
}

const FIRST = 5;

function firstBytes({ body }: Reply): string {
  if (body.length === 0) return words.noBody;
  const few = [...body.subarray(0, FIRST)];
  const hex = few.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const letters = few.map((byte) => (byte > 32 && byte < 127 ? String.fromCharCode(byte) : '·'));
  return words.fewBytes(letters.join(''), hex);
}

/** What the head says (RFC 9112 §9.3), and what the server did. */
function persistent({ version, headers }: Reply, end: ByHandEnd): string {
  const options = (headers.get('connection') ?? '').toLowerCase().split(/\s*,\s*/);
  const kept =
    !options.includes('close') && (version === 'HTTP/1.1' || options.includes('keep-alive'));
  const did = end === 'open' ? words.leftOpen : end === 'closed' ? words.closed : '';
  if (kept) return `${version === 'HTTP/1.1' ? words.keeps : words.keepsAlive}${did}`;
  return `${options.includes('close') ? words.closes : words.closesOld}${did}`;
}

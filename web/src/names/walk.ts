/** The messages of one lookup, in order, each with the zone that it speaks with. */
import type { MessageLine } from '../../../src/trace/message.ts';
import { nearestZone, type Zone } from './tree.ts';

/** A user's question. */
export interface Asked {
  readonly host: string;
  readonly name: string;
  /** The messages of the walk came after this one. */
  readonly after: number;
}

export interface Step {
  readonly message: MessageLine;
  /** The zone whose server asks or is asked; absent between the user and the resolver. */
  readonly zone?: string;
}

export interface Walk {
  readonly steps: readonly Step[];
  /** The user has the answer. */
  readonly done: boolean;
  /** Nobody but the resolver was asked. */
  readonly fromCache: boolean;
}

export const NO_WALK: Walk = { steps: [], done: false, fromCache: false };

const QUESTION = /^\S+\? (\S+)/;

/** The name that a question is about, as its summary says it. */
export function questionName({ protocol, role, summary }: MessageLine): string | undefined {
  if (protocol !== 'dns' || role !== 'request') return undefined;
  return QUESTION.exec(summary)?.[1];
}

/** Follows what led to what, from the user's question until the user's answer. */
export function walkOf(
  messages: readonly MessageLine[],
  asked: Asked,
  zones: readonly Zone[],
): Walk {
  const later = messages.filter(({ id }) => id > asked.after).sort((a, b) => a.id - b.id);
  const walk = new Map<number, MessageLine>();
  const questions = new Set<number>();
  let done = false;
  for (const message of later) {
    const { id, replyTo, causedBy } = message;
    if (isQuestion(message, asked)) questions.add(id);
    else if (!walk.has(replyTo ?? 0) && !walk.has(causedBy ?? 0)) continue;
    if (message.protocol !== 'dns') continue;
    walk.set(id, message);
    done = replyTo !== undefined && questions.has(replyTo);
    if (done) break;
  }
  const steps = [...walk.values()].map((message) => stepOf(message, walk, zones));
  const asks = steps.filter(({ message }) => message.role === 'request');
  return {
    steps,
    done,
    fromCache: done && asks.every(({ message }) => questions.has(message.id)),
  };
}

function isQuestion(message: MessageLine, { host, name }: Asked): boolean {
  return message.from === host && same(questionName(message) ?? '', name);
}

function same(a: string, b: string): boolean {
  const [one, other] = [a, b].map((name) => name.toLowerCase().replace(/\.$/, ''));
  return one === other;
}

function stepOf(
  message: MessageLine,
  walk: ReadonlyMap<number, MessageLine>,
  zones: readonly Zone[],
): Step {
  const question = message.role === 'request' ? message : walk.get(message.replyTo ?? 0);
  const server = message.role === 'request' ? message.to : message.from;
  const name = question && questionName(question);
  const zone = name === undefined ? undefined : nearestZone(zones, server, name);
  return { message, ...(zone !== undefined && { zone }) };
}

/** The numbers of the steps (from 1) at each zone, or at each host where no zone is spoken with. */
export function stepNumbers(steps: readonly Step[]): {
  readonly zones: ReadonlyMap<string, readonly number[]>;
  readonly hosts: ReadonlyMap<string, readonly number[]>;
} {
  const zones = new Map<string, number[]>();
  const hosts = new Map<string, number[]>();
  const note = (map: Map<string, number[]>, key: string, number: number) =>
    map.set(key, [...(map.get(key) ?? []), number]);
  steps.forEach(({ message, zone }, index) => {
    if (zone !== undefined) note(zones, zone, index + 1);
    else note(hosts, message.from, index + 1);
  });
  return { zones, hosts };
}

/** THREAD (RFC 5256 §3): ORDEREDSUBJECT and REFERENCES, as pure functions. */
import { baseSubject, type Facts, isReply } from '../../mail/index.ts';
import type { ThreadAlgorithm } from '../types.ts';
import { casemap } from './sort.ts';

/** A message as threading sees it. */
export interface ThreadMessage {
  /** Its number or UID, as it is to be told. */
  readonly name: number;
  /** Sent date (§2.2). */
  readonly date: number;
  readonly facts: Pick<Facts, 'messageId' | 'references' | 'subject'>;
}

/** A message, or undefined for one that is not here. */
export interface Thread {
  message: ThreadMessage | undefined;
  children: Thread[];
}

/** `messages` in the order of their numbers. */
export function threadsOf(
  algorithm: ThreadAlgorithm,
  messages: readonly ThreadMessage[],
): Thread[] {
  return algorithm === 'REFERENCES' ? byReferences(messages) : bySubject(messages);
}

/** Each thread is the first of its subject, with the others as its children. */
function bySubject(messages: readonly ThreadMessage[]): Thread[] {
  const sorted = [...messages].sort((a, b) => a.date - b.date || a.name - b.name);
  const threads = new Map<string, Thread>();
  for (const message of sorted) {
    const subject = casemap(baseSubject(message.facts.subject));
    const thread = threads.get(subject);
    if (thread) thread.children.push({ message, children: [] });
    else threads.set(subject, { message, children: [] });
  }
  return [...threads.values()];
}

interface Container extends Thread {
  message: ThreadMessage | undefined;
  parent: Container | undefined;
  children: Container[];
}

function byReferences(messages: readonly ThreadMessage[]): Thread[] {
  const containers = link(messages);
  let roots = containers.filter(({ parent }) => !parent);
  roots = roots.flatMap((root) => pruned(root));
  sortByDate(roots);
  roots = gathered(roots);
  for (const container of everyOne(roots)) sortByDate(container.children);
  sortByDate(roots);
  return roots;
}

/** Step 1: containers for all that is named, linked as the References say. */
function link(messages: readonly ThreadMessage[]): Container[] {
  const byId = new Map<string, Container>();
  const all: Container[] = [];
  const make = (message?: ThreadMessage): Container => {
    const container: Container = { message, parent: undefined, children: [] };
    all.push(container);
    return container;
  };
  const named = (id: string): Container => {
    const container = byId.get(id) ?? make();
    byId.set(id, container);
    return container;
  };
  for (const message of messages) {
    const { messageId, references } = message.facts;
    const known = messageId === undefined ? undefined : named(messageId);
    // A second message of one Message-ID has an identity of its own.
    const own = known && !known.message ? known : make();
    own.message = message;
    let parent: Container | undefined;
    for (const id of references) {
      const container = named(id);
      if (parent && !container.parent && !isAbove(container, parent)) adopt(parent, container);
      parent = container;
    }
    if (own.parent) orphan(own);
    if (parent && !isAbove(own, parent)) adopt(parent, own);
  }
  return all;
}

function adopt(parent: Container, child: Container): void {
  child.parent = parent;
  parent.children.push(child);
}

function orphan(child: Container): void {
  const { parent } = child;
  if (parent) parent.children = parent.children.filter((one) => one !== child);
  child.parent = undefined;
}

/** True when `upper` is `lower` or stands above it: to link them would make a loop. */
function isAbove(upper: Container, lower: Container): boolean {
  // Most messages come after those that they answer, and are above nobody.
  if (upper.children.length === 0) return upper === lower;
  for (let at: Container | undefined = lower; at; at = at.parent) if (at === upper) return true;
  return false;
}

/** All containers below and with these, parents first; without recursion, as threads can be deep. */
function everyOne(roots: readonly Container[]): Container[] {
  const all = [...roots];
  for (let i = 0; i < all.length; i++) {
    for (const child of (all[i] as Container).children) all.push(child);
  }
  return all;
}

/** Step 3: containers without a message go, and their children take their place; at the root only where there is one child. */
function pruned(root: Container): Container[] {
  for (const container of everyOne([root]).reverse()) {
    container.children = container.children.flatMap((child) =>
      child.message ? [child] : child.children,
    );
    for (const child of container.children) child.parent = container;
  }
  if (root.message || root.children.length > 1) return [root];
  for (const child of root.children) child.parent = undefined;
  return root.children;
}

/** Step 4 and 6: by the sent date; one without a message by its first child. */
function sortByDate(list: Container[]): void {
  const dated = list.map((container) => {
    const first = container.message ?? firstOf(container.children);
    return { container, date: first?.date ?? 0, name: first?.name ?? 0 };
  });
  dated.sort((a, b) => a.date - b.date || a.name - b.name);
  list.splice(0, list.length, ...dated.map(({ container }) => container));
}

function firstOf(children: readonly Container[]): ThreadMessage | undefined {
  let first: ThreadMessage | undefined;
  for (const { message } of children) {
    if (message && (!first || message.date < first.date)) first = message;
  }
  return first;
}

/** A root, until another thread takes it in. */
interface Slot {
  container: Container | undefined;
  readonly key: string;
  isReply: boolean;
}

/** Step 5: threads of one subject become one. */
function gathered(roots: readonly Container[]): Container[] {
  const slots = roots.map((container): Slot => {
    const subject = messageOf(container)?.facts.subject ?? '';
    return { container, key: casemap(baseSubject(subject)), isReply: isReply(subject) };
  });
  const table = new Map<string, Slot>();
  for (const slot of slots) {
    const held = table.get(slot.key);
    const isBetter =
      held?.container?.message && (!slot.container?.message || (held.isReply && !slot.isReply));
    if (slot.key !== '' && (!held || isBetter)) table.set(slot.key, slot);
  }
  for (const slot of slots) {
    const held = table.get(slot.key);
    if (held && held !== slot) merge(held, slot);
  }
  return slots.flatMap(({ container }) => container ?? []);
}

function merge(held: Slot, slot: Slot): void {
  const [first, second] = [held.container, slot.container];
  slot.container = undefined;
  if (!first || !second) return;
  if (!first.message && !second.message) {
    for (const child of second.children) adopt(first, child);
  } else if (!first.message || (slot.isReply && !held.isReply)) {
    adopt(first, second);
  } else {
    const both: Container = { message: undefined, parent: undefined, children: [] };
    adopt(both, first);
    adopt(both, second);
    held.container = both;
  }
}

function messageOf(container: Container): ThreadMessage | undefined {
  return container.message ?? container.children[0]?.message;
}

/** `(2)(3 6 (4 23)(44 7 96))` (§4). */
export function threadsText(threads: readonly Thread[]): string {
  const parts: string[] = [];
  // What is left to say, the next last: a thread of its own in parentheses, or a text.
  const rest: (Thread | string)[] = [...threads].reverse();
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (typeof next === 'string') {
      parts.push(next);
      continue;
    }
    parts.push('(');
    let at: Thread = next;
    const chain: number[] = [];
    if (at.message) chain.push(at.message.name);
    while (at.children.length === 1 && at.message) {
      at = at.children[0] as Thread;
      if (at.message) chain.push(at.message.name);
    }
    parts.push(chain.join(' '));
    if (chain.length > 0 && at.children.length > 0) parts.push(' ');
    rest.push(')', ...[...at.children].reverse());
  }
  return parts.join('');
}

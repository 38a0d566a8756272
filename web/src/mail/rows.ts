/** The way of a message as it is drawn: hosts as lanes, from left to right; what happened, from above to below. */
import type { WayStepView, WayView } from '../../../src/internet/dashboard/api-mail.ts';

export type LaneRole = 'author' | 'relay' | 'reader';

export interface Lane {
  readonly host: string;
  readonly role: LaneRole;
}

export interface StepRow {
  readonly type: 'step';
  readonly step: WayStepView;
  /** Lanes; an event at one host has no `to`. */
  readonly from: number;
  readonly to: number | undefined;
  /** Since the message was begun, and how long it took. */
  readonly after: number;
  readonly took: number;
  readonly isTrouble: boolean;
}

export interface WaitRow {
  readonly type: 'wait';
  readonly place: 'queue' | 'mailbox';
  readonly from: number;
  readonly after: number;
  /** How long it waited; undefined while it does. */
  readonly ms: number | undefined;
  /** When it is tried next, on the clock of the run. */
  readonly next: number | undefined;
}

export type Row = StepRow | WaitRow;

export interface Drawn {
  readonly lanes: readonly Lane[];
  readonly rows: readonly Row[];
}

/** Shorter than this a message passes a mailbox without lying in it. */
const LIES_MS = 500;

export function drawn({ steps }: Pick<WayView, 'steps'>): Drawn {
  const lanes = lanesOf(steps);
  const began = steps[0]?.at ?? 0;
  const laneOf = (host: string): number => lanes.findIndex((lane) => lane.host === host);
  const rows = steps.flatMap((step, i): Row[] => [
    ...resting(step, steps, laneOf, began),
    {
      type: 'step',
      step,
      from: laneOf(step.from),
      to: isPath(step) && step.to !== undefined ? laneOf(step.to) : undefined,
      after: step.at - began,
      took: step.until - step.at,
      isTrouble: isTrouble(step),
    },
    ...waiting(step, steps.slice(i + 1), laneOf, began),
  ]);
  return { lanes, rows };
}

/** Authors on the left, readers on the right: a reader who wrote it stays on the left. */
function lanesOf(steps: readonly WayStepView[]): Lane[] {
  const roles = new Map<string, LaneRole>();
  const put = (host: string | undefined, role: LaneRole): void => {
    if (host !== undefined && !roles.has(host)) roles.set(host, role);
  };
  for (const { kind, from, to } of steps) {
    if (kind === 'looked up' || kind === 'read') continue;
    put(from, kind === 'submitted' && to !== undefined ? 'author' : 'relay');
    put(to, 'relay');
  }
  for (const { kind, to } of steps) if (kind === 'read') put(to, 'reader');
  return [...roles].map(([host, role]) => ({ host, role }));
}

/** What goes from host to host; a name that is looked up is an event at who asks. */
function isPath({ kind }: WayStepView): boolean {
  return kind !== 'looked up';
}

export function isTrouble({ kind }: WayStepView): boolean {
  return (
    kind === 'refused' ||
    kind === 'deferred' ||
    kind === 'failed' ||
    kind === 'expired' ||
    kind === 'dropped' ||
    kind === 'removed'
  );
}

type LaneOf = (host: string) => number;

/** After “not now” it stands in the queue until it is tried again. */
function waiting(
  step: WayStepView,
  later: readonly WayStepView[],
  laneOf: LaneOf,
  began: number,
): WaitRow[] {
  if (step.kind !== 'deferred') return [];
  const again = later.find(
    ({ kind, from, at, recipients }) =>
      from === step.from &&
      at >= step.until &&
      kind !== 'notified' &&
      recipients.some((one) => step.recipients.includes(one)),
  );
  const isDoubled = later.some(
    ({ kind, from, until }) => kind === 'deferred' && from === step.from && until === step.until,
  );
  if (isDoubled || (!again && step.next === undefined)) return [];
  return [
    {
      type: 'wait',
      place: 'queue',
      from: laneOf(step.from),
      after: step.until - began,
      ms: again && again.at - step.until,
      next: again ? undefined : step.next,
    },
  ];
}

/** Before it is fetched it lies in the mailbox. */
function resting(
  step: WayStepView,
  steps: readonly WayStepView[],
  laneOf: LaneOf,
  began: number,
): WaitRow[] {
  if (step.kind !== 'read') return [];
  const delivered = steps.findLast(
    ({ kind, from, at }) => kind === 'delivered' && from === step.from && at <= step.at,
  );
  const since = delivered?.until ?? step.at;
  const isFirst = !steps.some(
    ({ kind, from, at }) => kind === 'read' && from === step.from && at < step.at,
  );
  const ms = step.at - since;
  if (!isFirst || ms < LIES_MS) return [];
  return [
    {
      type: 'wait',
      place: 'mailbox',
      from: laneOf(step.from),
      after: since - began,
      ms,
      next: undefined,
    },
  ];
}

/** When it was in the first mailbox, and when it was first fetched, since it was begun. */
export function arrivals(steps: readonly WayStepView[]): {
  readonly delivered: number | undefined;
  readonly read: number | undefined;
} {
  const began = steps[0]?.at ?? 0;
  const since = (wanted: WayStepView['kind']): number | undefined => {
    const found = steps.find(({ kind, notice }) => kind === wanted && notice === undefined);
    return found && found.until - began;
  };
  return { delivered: since('delivered'), read: since('read') };
}

/** Where lane `index` stands, in percent of the width: right of it there is room for words. */
export function laneX(index: number, count: number): number {
  return ((index + 0.1) / Math.max(1, count)) * 100;
}

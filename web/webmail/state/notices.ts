/** What is told at the bottom of the page, with a way back where there is one. */
import { type Signal, signal } from '@preact/signals';

export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly isError: boolean;
  readonly undo: (() => void) | undefined;
}

export const notices: Signal<readonly Notice[]> = signal([]);

const SHOWN_MS = 7_000;
let count = 0;

export function tell(text: string, undo?: () => void): void {
  add({ text, isError: false, undo }, SHOWN_MS);
}

/** Stays until it is closed: somebody may have looked away. */
export function complain(text: string): void {
  add({ text, isError: true, undo: undefined }, undefined);
}

export function close(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

/** Takes back what was done last. */
export function undoLast(): void {
  const last = notices.value.findLast(({ undo }) => undo !== undefined);
  last?.undo?.();
  if (last) close(last.id);
}

function add(notice: Omit<Notice, 'id'>, ms: number | undefined): void {
  const id = ++count;
  notices.value = [...notices.value.slice(-2), { ...notice, id }];
  if (ms !== undefined) setTimeout(() => close(id), ms);
}

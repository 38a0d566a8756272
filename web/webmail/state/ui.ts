/** What is open above the page. */
import { type Signal, signal } from '@preact/signals';
import type { Mailbox } from '../jmap/types.ts';

export type OpenDialog =
  | { readonly name: 'help' }
  | {
      readonly name: 'source';
      readonly emailId: string;
      readonly blobId: string;
      readonly size: number;
    }
  | { readonly name: 'structure'; readonly emailId: string }
  | {
      readonly name: 'folder';
      readonly rename: Mailbox | undefined;
      readonly parent: Mailbox | undefined;
    }
  | { readonly name: 'remove-folder'; readonly mailbox: Mailbox };

export const dialog: Signal<OpenDialog | undefined> = signal(undefined);
/** On small screens. */
export const showsFolders: Signal<boolean> = signal(false);

export function closeDialog(): void {
  dialog.value = undefined;
}

export const SEARCH_ID = 'search';
export const LIST_ID = 'list';
export const MOVE_ID = 'move';

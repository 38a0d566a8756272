/** LIST (RFC 9051 §6.3.9, RFC 5258): patterns, and what is told of each mailbox. */
import type { Folder } from '../../mail/index.ts';
import { WILDCARDS_LIMIT } from '../defaults.ts';
import { badArgument } from '../errors.ts';
import type { ListReturn, ListSelection } from '../types.ts';

export const DELIMITER = '/';

/** `*` is anything, `%` anything within one level; INBOX in any case. Throws ImapError where it has too many wildcards. */
export function patternTest(pattern: string): (path: string) => boolean {
  const clear = pattern.replace(/[*%]*\*[*%]*/g, '*').replace(/%+/g, '%');
  if ((clear.match(/[*%]/g)?.length ?? 0) > WILDCARDS_LIMIT) {
    throw badArgument(`No more than ${WILDCARDS_LIMIT} wildcards in a pattern`);
  }
  const isInbox = matches(clear.toUpperCase(), 'INBOX');
  return (path) => (path === 'INBOX' && isInbox) || matches(clear, path);
}

/** All places that the beginning of the pattern can reach, step by step: no pattern takes longer than its length times the name's. */
function matches(pattern: string, path: string): boolean {
  let reached = new Set([0]);
  for (const character of pattern) {
    const next = new Set<number>();
    for (const at of reached) for (const end of reach(character, path, at)) next.add(end);
    reached = next;
    if (reached.size === 0) return false;
  }
  return reached.has(path.length);
}

/** Where a character of a pattern leads from here. */
function* reach(character: string, path: string, at: number): Generator<number> {
  if (character !== '*' && character !== '%') {
    if (path.startsWith(character, at)) yield at + character.length;
    return;
  }
  for (let end = at; end <= path.length; end++) {
    yield end;
    if (character === '%' && path[end] === DELIMITER) return;
  }
}

/** A mailbox as LIST tells it. */
export interface Listing {
  readonly path: string;
  readonly attributes: readonly string[];
  /** It is told for what is below it (RFC 5258 §3.5). */
  readonly childInfo: boolean;
  readonly folder: Folder | undefined;
}

export interface ListWish {
  readonly patterns: readonly string[];
  readonly selection: readonly ListSelection[];
  readonly returns: ListReturn;
}

/** What a LIST finds among the folders of an account. */
export function listings(folders: readonly Folder[], wish: ListWish): Listing[] {
  const tests = wish.patterns.map(patternTest);
  const isWanted = (path: string): boolean => tests.some((test) => test(path));
  const parents = new Set(folders.flatMap(({ path }) => parentsOf(path)));
  const isChosen = (folder: Folder): boolean =>
    (!wish.selection.includes('SUBSCRIBED') || folder.subscribed) &&
    (!wish.selection.includes('SPECIAL-USE') || folder.specialUse !== undefined);
  const withChosenBelow = new Set(
    wish.selection.includes('RECURSIVEMATCH')
      ? folders.filter((folder) => isChosen(folder)).flatMap(({ path }) => parentsOf(path))
      : [],
  );
  return folders.flatMap((folder): Listing[] => {
    if (!isWanted(folder.path)) return [];
    const childInfo = withChosenBelow.has(folder.path);
    if (!isChosen(folder) && !childInfo) return [];
    return [
      {
        path: folder.path,
        attributes: attributesOf(folder, parents.has(folder.path), wish),
        childInfo,
        folder,
      },
    ];
  });
}

function attributesOf(folder: Folder, hasChildren: boolean, wish: ListWish): string[] {
  const tellsSubscribed = wish.returns.subscribed || wish.selection.includes('SUBSCRIBED');
  return [
    ...(folder.selectable ? [] : ['\\Noselect']),
    // RFC 5258 §4: told without being asked, as it costs nothing.
    hasChildren ? '\\HasChildren' : '\\HasNoChildren',
    ...(folder.specialUse === undefined ? [] : [folder.specialUse]),
    ...(tellsSubscribed && folder.subscribed ? ['\\Subscribed'] : []),
  ];
}

export function parentsOf(path: string): string[] {
  const parents: string[] = [];
  for (let at = path.indexOf(DELIMITER); at > 0; at = path.indexOf(DELIMITER, at + 1)) {
    parents.push(path.slice(0, at));
  }
  return parents;
}

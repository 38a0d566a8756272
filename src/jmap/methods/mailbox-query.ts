/** Mailbox/query and Mailbox/queryChanges (RFC 8621 §2.3, §2.4). */
import { QUERY_LIMIT } from '../defaults.ts';
import type { Desk } from '../desk.ts';
import { windowOf } from '../machine/window.ts';
import type { Method } from '../service.ts';
import type { Comparator, Filter, JsonObject, MailboxCondition } from '../types.ts';
import { Arguments } from '../wire/arguments.ts';
import { mailboxCondition } from '../wire/conditions.ts';
import { parseQuery, parseQueryChanges } from '../wire/standard.ts';
import { cannotCalculate } from './shared.ts';

const SORTS = ['sortOrder', 'name'];

export const mailboxQuery: Method = (object, { desk }) => {
  const args = new Arguments(object);
  const accountId = args.text('accountId');
  const request = parseQuery(args, mailboxCondition, SORTS);
  const [sortAsTree, filterAsTree] = [args.bool('sortAsTree'), args.bool('filterAsTree')];
  args.done();
  const tree = new Tree(desk, request.sort, request.filter);
  const rows = tree.rows(sortAsTree, filterAsTree);
  const { answer } = windowOf(rows, idOf, request, QUERY_LIMIT);
  return { accountId, queryState: desk.mailboxState, canCalculateChanges: false, ...answer };
};

export const mailboxQueryChanges: Method = (object, { desk }) => {
  const args = new Arguments(object);
  const accountId = args.text('accountId');
  const { sinceQueryState } = parseQueryChanges(args, mailboxCondition, SORTS);
  args.done();
  if (sinceQueryState !== desk.mailboxState) throw cannotCalculate();
  const states = { oldQueryState: sinceQueryState, newQueryState: sinceQueryState };
  return { accountId, ...states, removed: [], added: [] };
};

function idOf(mailbox: JsonObject): string {
  return String(mailbox['id']);
}

class Tree {
  private readonly all: ReadonlyMap<string, JsonObject>;
  private readonly sort: readonly Comparator[];
  private readonly filter: Filter<MailboxCondition> | undefined;

  constructor(
    desk: Desk,
    sort: readonly Comparator[],
    filter: Filter<MailboxCondition> | undefined,
  ) {
    this.all = desk.mailboxes();
    this.sort = sort;
    this.filter = filter;
  }

  rows(sortAsTree: boolean, filterAsTree: boolean): readonly JsonObject[] {
    const fits = (mailbox: JsonObject): boolean => {
      if (!matches(mailbox, this.filter)) return false;
      const parent = filterAsTree ? this.parentOf(mailbox) : undefined;
      return parent ? fits(parent) : true;
    };
    const sorted = [...this.all.values()].sort((a, b) => this.compare(a, b));
    return (sortAsTree ? this.asTree(sorted, null) : sorted).filter(fits);
  }

  private asTree(sorted: readonly JsonObject[], parent: string | null): readonly JsonObject[] {
    const children = sorted.filter((one) => one['parentId'] === parent);
    return children.flatMap((one) => [one, ...this.asTree(sorted, idOf(one))]);
  }

  private parentOf(mailbox: JsonObject): JsonObject | undefined {
    return this.all.get(String(mailbox['parentId']));
  }

  private compare(a: JsonObject, b: JsonObject): number {
    for (const { property, isAscending } of this.sort) {
      const [left, right] = [keyOf(a, property), keyOf(b, property)];
      if (left !== right) return (left < right ? -1 : 1) * (isAscending ? 1 : -1);
    }
    return 0;
  }
}

function keyOf(mailbox: JsonObject, property: string): string | number {
  return property === 'name' ? String(mailbox['name']).toLowerCase() : Number(mailbox['sortOrder']);
}

function matches(mailbox: JsonObject, filter: Filter<MailboxCondition> | undefined): boolean {
  if (!filter) return true;
  if ('condition' in filter) return fulfils(mailbox, filter.condition);
  const fits = (one: Filter<MailboxCondition>): boolean => matches(mailbox, one);
  if (filter.operator === 'AND') return filter.conditions.every(fits);
  return filter.conditions.some(fits) === (filter.operator === 'OR');
}

function fulfils(mailbox: JsonObject, { name, hasAnyRole, ...exact }: MailboxCondition): boolean {
  if (name !== undefined && !String(mailbox['name']).toLowerCase().includes(name.toLowerCase())) {
    return false;
  }
  if (hasAnyRole !== undefined && (mailbox['role'] !== null) !== hasAnyRole) return false;
  return Object.entries(exact).every(([property, value]) => mailbox[property] === value);
}

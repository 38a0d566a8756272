/** What filters ask of messages, mailboxes and submissions. */
import { invalidArguments, methodError } from '../errors.ts';
import type { EmailCondition, Json, MailboxCondition, SubmissionCondition } from '../types.ts';
import { isList, isObject, isTexts, isUnsigned, parseJsonDate } from './values.ts';

type Check = (value: Json) => Json | undefined | readonly [string, string | undefined];

const text: Check = (value) => (typeof value === 'string' ? value : undefined);
const keyword: Check = (value) => (typeof value === 'string' ? value.toLowerCase() : undefined);
const texts: Check = (value) => (isTexts(value) ? value : undefined);
const flag: Check = (value) => (typeof value === 'boolean' ? value : undefined);
const number: Check = (value) => (isUnsigned(value) ? value : undefined);
const date: Check = (value) => parseJsonDate(value)?.ms;
const textOrNull: Check = (value) => (value === null ? value : text(value));

const header: Check = (value) => {
  if (!isList(value) || value.length < 1 || value.length > 2) return undefined;
  const [name, wanted] = value;
  if (typeof name !== 'string' || !/^[!-9;-~]+$/.test(name)) return undefined;
  return wanted === undefined || typeof wanted === 'string' ? [name, wanted] : undefined;
};

const EMAIL: Readonly<Record<keyof EmailCondition, Check>> = {
  inMailbox: text,
  inMailboxOtherThan: texts,
  before: date,
  after: date,
  minSize: number,
  maxSize: number,
  allInThreadHaveKeyword: keyword,
  someInThreadHaveKeyword: keyword,
  noneInThreadHaveKeyword: keyword,
  hasKeyword: keyword,
  notKeyword: keyword,
  hasAttachment: flag,
  text,
  from: text,
  to: text,
  cc: text,
  bcc: text,
  subject: text,
  body: text,
  header,
};

const MAILBOX: Readonly<Record<keyof MailboxCondition, Check>> = {
  parentId: textOrNull,
  name: text,
  role: textOrNull,
  hasAnyRole: flag,
  isSubscribed: flag,
};

const SUBMISSION: Readonly<Record<keyof SubmissionCondition, Check>> = {
  identityIds: texts,
  emailIds: texts,
  threadIds: texts,
  undoStatus: text,
  before: date,
  after: date,
};

export function emailCondition(value: Json): EmailCondition {
  return checked(value, EMAIL) as EmailCondition;
}

export function mailboxCondition(value: Json): MailboxCondition {
  return checked(value, MAILBOX) as MailboxCondition;
}

export function submissionCondition(value: Json): SubmissionCondition {
  return checked(value, SUBMISSION) as SubmissionCondition;
}

function checked(value: Json, checks: Readonly<Record<string, Check>>): unknown {
  if (!isObject(value)) throw invalidArguments('filter: expected an object', 'filter');
  const entries = Object.entries(value).map(([name, given]) => {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (!check) throw methodError('unsupportedFilter', `Nothing is filtered by ${name} here`);
    const good = check(given);
    if (good === undefined) throw invalidArguments(`filter: ${name} is not right`, 'filter');
    return [name, good];
  });
  return Object.fromEntries(entries);
}

/** What requests of the API may say. */
import * as v from 'valibot';
import { UsageError } from '../../lib/errors.ts';
import type { AccountInit } from '../../mail/index.ts';
import type { Failing } from '../../smtp/index.ts';

const text = v.pipe(v.string(), v.minLength(1));

const account = v.strictObject({
  name: text,
  addresses: v.array(text),
  title: v.optional(v.string()),
  password: v.optional(text),
  keepPassword: v.optional(v.boolean()),
  quota: v.optional(v.pipe(v.number(), v.minValue(0))),
});

const CODE = 'a code from 400 to 599, or 0 for no answer';
const failing = v.pipe(
  v.strictObject({
    stage: v.pipe(
      v.string(),
      v.transform((stage) => stage.toUpperCase()),
      v.picklist(['CONNECT', 'MAIL', 'RCPT', 'DATA'], 'CONNECT, MAIL, RCPT or DATA'),
    ),
    code: v.optional(
      v.pipe(
        v.number(CODE),
        v.integer(CODE),
        v.check((code) => code === 0 || (code >= 400 && code <= 599), CODE),
      ),
    ),
    enhanced: v.optional(v.pipe(v.string(), v.regex(/^[45]\.\d{1,3}\.\d{1,3}$/))),
    text: v.optional(text),
    share: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
    address: v.optional(text),
    delayMs: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(600_000))),
    drop: v.optional(v.literal(true)),
    greylistMs: v.optional(v.pipe(v.number(), v.minValue(1))),
    times: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  }),
  v.check(
    ({ code, delayMs, drop, greylistMs }) =>
      code !== undefined || delayMs !== undefined || drop || greylistMs !== undefined,
    'one of code, delayMs, drop and greylistMs',
  ),
);

const attachment = v.strictObject({
  fileName: v.optional(text),
  type: v.optional(text),
  /** In base64. */
  content: v.string(),
});

const people = v.union([text, v.array(text)], 'an address, or a list of them');
const draft = v.strictObject({
  from: text,
  to: people,
  cc: v.optional(people),
  bcc: v.optional(people),
  subject: v.optional(v.string()),
  text: v.optional(v.string()),
  html: v.optional(v.string()),
  attachments: v.optional(v.array(attachment)),
});

type People = string | readonly string[];

/** A message to be written and sent. */
export interface DraftRequest {
  readonly from: string;
  readonly to: People;
  readonly cc?: People;
  readonly bcc?: People;
  readonly subject?: string;
  readonly text?: string;
  readonly html?: string;
  readonly attachments?: readonly {
    readonly fileName?: string;
    readonly type?: string;
    /** In base64. */
    readonly content: string;
  }[];
}

export function accountRequest(value: unknown): AccountInit {
  return checked(account, value) as AccountInit;
}

export function failingRequest(value: unknown): Failing {
  return checked(failing, value) as Failing;
}

export function draftRequest(value: unknown): DraftRequest {
  return checked(draft, value) as DraftRequest;
}

function checked<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = issue.path?.map((item) => String(item.key)).join('.') ?? '';
  const what = issue.type === 'strict_object' ? fieldFault(issue) : `expected ${issue.message}`;
  throw new UsageError(path === '' ? what : `${path}: ${what}`);
}

function fieldFault({ expected }: v.BaseIssue<unknown>): string {
  return expected === 'never' ? 'no such field' : 'is missing';
}

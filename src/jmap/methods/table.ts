/** All methods, and what a request must say to use them (RFC 8620 §3.3). */
import type { Method } from '../service.ts';
import { coreEcho } from './core.ts';
import { emailChanges } from './email-changes.ts';
import { emailGet } from './email-get.ts';
import { emailImport } from './email-import.ts';
import { emailParse } from './email-parse.ts';
import { emailQuery, emailQueryChanges } from './email-query.ts';
import { emailSet } from './email-set.ts';
import { identityChanges, identityGet } from './identity.ts';
import { mailboxChanges, mailboxGet } from './mailbox-get.ts';
import { mailboxQuery, mailboxQueryChanges } from './mailbox-query.ts';
import { mailboxSet } from './mailbox-set.ts';
import { searchSnippetGet } from './search-snippet.ts';
import {
  submissionChanges,
  submissionGet,
  submissionQuery,
  submissionQueryChanges,
} from './submission-get.ts';
import { submissionSet } from './submission-set.ts';
import { threadChanges, threadGet } from './thread.ts';

export const CORE = 'urn:ietf:params:jmap:core';
export const MAIL = 'urn:ietf:params:jmap:mail';
export const SUBMISSION = 'urn:ietf:params:jmap:submission';

export interface KnownMethod {
  readonly capability: string;
  /** Its arguments name an account. */
  readonly ofAccount: boolean;
  readonly run: Method;
}

const MAIL_METHODS: Readonly<Record<string, Method>> = {
  'Mailbox/get': mailboxGet,
  'Mailbox/changes': mailboxChanges,
  'Mailbox/query': mailboxQuery,
  'Mailbox/queryChanges': mailboxQueryChanges,
  'Mailbox/set': mailboxSet,
  'Thread/get': threadGet,
  'Thread/changes': threadChanges,
  'Email/get': emailGet,
  'Email/changes': emailChanges,
  'Email/query': emailQuery,
  'Email/queryChanges': emailQueryChanges,
  'Email/set': emailSet,
  'Email/import': emailImport,
  'Email/parse': emailParse,
  'SearchSnippet/get': searchSnippetGet,
};

const SUBMISSION_METHODS: Readonly<Record<string, Method>> = {
  'Identity/get': identityGet,
  'Identity/changes': identityChanges,
  'EmailSubmission/get': submissionGet,
  'EmailSubmission/changes': submissionChanges,
  'EmailSubmission/query': submissionQuery,
  'EmailSubmission/queryChanges': submissionQueryChanges,
  'EmailSubmission/set': submissionSet,
};

function known(
  capability: string,
  methods: Readonly<Record<string, Method>>,
): [string, KnownMethod][] {
  return Object.entries(methods).map(([name, run]) => [name, { capability, ofAccount: true, run }]);
}

export const METHODS: Readonly<Record<string, KnownMethod>> = {
  'Core/echo': { capability: CORE, ofAccount: false, run: coreEcho },
  ...Object.fromEntries(known(MAIL, MAIL_METHODS)),
  ...Object.fromEntries(known(SUBMISSION, SUBMISSION_METHODS)),
};

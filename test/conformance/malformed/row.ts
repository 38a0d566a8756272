/**
 * A message that breaks a rule: what is wrong, its bytes, and the verdict required: the code without
 * its HTTP_, the status to answer, the RFC and its section.
 */
export type Row = readonly [what: string, bytes: string, verdict: string];

export interface Verdict {
  readonly code: string;
  readonly status: number;
  readonly spec: string;
}

export function verdictOf([, , verdict]: Row): Verdict {
  const [code = '', status, ...spec] = verdict.split(' ');
  return { code: `HTTP_${code}`, status: Number(status), spec: `RFC ${spec.join(' ')}` };
}

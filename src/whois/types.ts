/** What an answer says in the form that most servers use. */
export interface WhoisLine {
  readonly key: string;
  readonly value: string;
}

/** One server of a walk, and what it said. */
export interface WhoisStep {
  readonly server: string;
  readonly text: string;
}

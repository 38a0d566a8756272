/** What the two sides of the greeting protocol say. */
export interface Greet {
  readonly type: 'greet';
  readonly name: string;
}

export interface Bye {
  readonly type: 'bye';
}

export type Request = Greet | Bye;

export interface Reply {
  readonly code: number;
  readonly text: string;
}

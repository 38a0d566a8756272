/** A message as it stands in a file of another program. */
export interface FileMessage {
  /** With CR LF at the ends of lines. */
  readonly bytes: Uint8Array;
  readonly flags: readonly string[];
  /** Milliseconds since 1970; undefined where the file doesn't say. */
  readonly received: number | undefined;
}

export interface FolderMessage extends FileMessage {
  /** The path of its folder. */
  readonly folder: string;
}

/** The subject without what replies and forwards add to it (RFC 5256 §2.1). */

export interface BaseSubject {
  readonly text: string;
  /** Something was taken away that says that it is a reply or a forward. */
  readonly isReply: boolean;
}

/** Subjects are short; what is longer was not written by a person. */
const SUBJECT_LIMIT = 2_000;

const TRAILER = /(?:\(fwd\)|[ \t])$/i;
const LEADER = /^(?:[ \t]+|(?:\[[^[\]]*\][ \t]*)*(?:re|fwd?)[ \t]*(?:\[[^[\]]*\])?:)/i;
const BLOB = /^\[[^[\]]*\][ \t]*/;

/** `subject` is decoded. */
export function baseSubject(subject: string): BaseSubject {
  let text = subject.slice(0, SUBJECT_LIMIT).replace(/\s+/g, ' ');
  let isReply = false;
  for (let before = ''; before !== text; ) {
    before = text;
    for (let found = TRAILER.exec(text); found; found = TRAILER.exec(text)) {
      isReply ||= found[0].length > 1;
      text = text.slice(0, -found[0].length);
    }
    const stripped = withoutLeaders(text);
    isReply ||= stripped.isReply;
    text = stripped.text;
    const [, inner] = /^\[fwd:(.*)\]$/i.exec(text) ?? [];
    if (inner !== undefined) {
      isReply = true;
      text = inner;
    }
  }
  return { text, isReply };
}

/** Leaders and blobs, in turns, until there are none; a blob stays where nothing else would be left. */
function withoutLeaders(subject: string): BaseSubject {
  let text = subject;
  let isReply = false;
  for (;;) {
    const [leader] = LEADER.exec(text) ?? [];
    if (leader !== undefined) {
      isReply ||= leader.trim() !== '';
      text = text.slice(leader.length);
      continue;
    }
    const [blob] = BLOB.exec(text) ?? [];
    if (blob === undefined || blob.length === text.length) return { text, isReply };
    text = text.slice(blob.length);
  }
}

/** The subject of a conversation: without the marks of replies and forwards (RFC 5256 §2.1). */

const BLOB = /^\[[^[\]]*\]\s*/;
const REPLY = /^(?:re|fwd?)\s*(?:\[[^[\]]*\]\s*)?:\s*/i;
const FORWARDED = /^\[fwd:\s*(.*)\]$/i;

/** In lower case, since subjects are compared without it. */
export function baseSubject(subject: string): string {
  let text = subject.replace(/[\s\t]+/g, ' ').trim();
  for (;;) {
    const before = text;
    text = withoutTrailer(text);
    text = withoutLeader(text);
    const [, inner] = FORWARDED.exec(text) ?? [];
    if (inner !== undefined) text = inner.trim();
    if (text === before) return text.toLowerCase();
  }
}

/** Whether the marks say that it answers or forwards. */
export function isReply(subject: string): boolean {
  const text = subject.trim();
  return REPLY.test(withoutBlobs(text)) || /\(fwd\)$/i.test(text) || FORWARDED.test(text);
}

function withoutTrailer(text: string): string {
  let rest = text;
  while (/\s*\(fwd\)$/i.test(rest)) rest = rest.replace(/\s*\(fwd\)$/i, '');
  return rest.trimEnd();
}

function withoutLeader(text: string): string {
  let rest = text;
  for (;;) {
    const behind = withoutBlobs(rest);
    const [mark] = REPLY.exec(behind) ?? [];
    if (mark !== undefined) rest = behind.slice(mark.length);
    else {
      const [blob] = BLOB.exec(rest) ?? [];
      // A blob that is all that there is stays (§2.1 step 4).
      if (blob === undefined || rest.length === blob.length) return rest;
      rest = rest.slice(blob.length);
    }
  }
}

function withoutBlobs(text: string): string {
  let rest = text;
  for (let blob = BLOB.exec(rest); blob; blob = BLOB.exec(rest)) rest = rest.slice(blob[0].length);
  return rest;
}

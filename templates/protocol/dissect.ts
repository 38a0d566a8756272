/** How a greeting is shown: each line is a message. */
import { fromLatin1 } from '../../src/lib/bytes.ts';
import type { Dissected, Dissector, Speaker, StreamDissector } from '../../src/trace/types.ts';
import { GREETING_PORT } from './defaults.ts';

export const greetingDissector: Dissector = {
  protocol: 'greeting',
  ports: [GREETING_PORT],
  stream(): StreamDissector {
    const rest: Record<Speaker, string> = { client: '', server: '' };
    return {
      push(speaker, bytes) {
        const lines = (rest[speaker] + fromLatin1(bytes)).split('\n');
        rest[speaker] = lines.pop() ?? '';
        return lines.map((line) => dissect(speaker, `${line}\n`));
      },
      end(speaker) {
        const text = rest[speaker];
        rest[speaker] = '';
        return text === '' ? [] : [{ ...dissect(speaker, text), malformed: true }];
      },
    };
  },
};

function dissect(speaker: Speaker, line: string): Dissected {
  const text = line.trimEnd();
  const space = text.indexOf(' ');
  const end = space < 0 ? text.length : space;
  return {
    length: line.length,
    summary: text,
    role: speaker === 'client' ? 'request' : 'reply',
    fields: () => [
      {
        name: speaker === 'client' ? 'Verb' : 'Code',
        value: text.slice(0, end),
        start: 0,
        end,
        spec: 'Greeting §2',
      },
      {
        name: 'Text',
        value: text.slice(end + 1),
        start: Math.min(end + 1, text.length),
        end: text.length,
      },
    ],
  };
}

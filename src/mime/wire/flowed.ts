/** Paragraphs in text/plain; format=flowed (RFC 3676). */
import { FOLD_AT } from '../defaults.ts';

/** Lines joined to paragraphs (§4.1); quotes keep one `>` for each depth. `delSp` is the parameter of §4.1. */
export function unflow(text: string, delSp = false): string {
  const out: string[] = [];
  let open: { quote: number; text: string } | undefined;
  const close = (): void => {
    if (open) out.push(quoteOf(open.quote) + open.text);
    open = undefined;
  };
  for (const line of text.split('\n')) {
    const quote = /^>*/.exec(line)?.[0].length ?? 0;
    const content = line.slice(quote).replace(/^ /, '');
    // §4.3: a signature's separator is never flowed; §4.5: another depth ends a paragraph.
    const signature = content === '-- ';
    if (open && (open.quote !== quote || signature)) close();
    const flowed = content.endsWith(' ') && !signature;
    const shown = flowed && delSp ? content.slice(0, -1) : content;
    open = { quote, text: (open?.text ?? '') + shown };
    if (!flowed) close();
  }
  close();
  return out.join('\n');
}

function quoteOf(depth: number): string {
  return depth === 0 ? '' : `${'>'.repeat(depth)} `;
}

const WIDTH: number = FOLD_AT - 6;

/** Long lines broken behind spaces, and stuffed where they could be taken for something else (§4.2, §4.4). */
export function flow(text: string): string {
  return text.split('\n').flatMap(flowLine).join('\n');
}

function flowLine(line: string): string[] {
  const quote = /^(?:>+ ?)?/.exec(line)?.[0] ?? '';
  const signature = line === '-- ';
  let rest = line.slice(quote.length);
  // A space at the end would say that the paragraph goes on.
  if (!signature) rest = rest.replace(/ +$/, '');
  const depth = quote.trimEnd();
  const lines: string[] = [];
  while (rest.length + depth.length > WIDTH) {
    const room = WIDTH - depth.length;
    let at = rest.lastIndexOf(' ', room);
    if (at <= 0) at = rest.indexOf(' ', Math.max(room, 1));
    // Behind the last of several spaces, so that the next line begins with a word.
    while (at >= 0 && rest.charAt(at + 1) === ' ') at++;
    if (at < 0 || at + 1 >= rest.length) break;
    lines.push(rest.slice(0, at + 1));
    rest = rest.slice(at + 1);
  }
  return [...lines, rest].map((one) => depth + stuffed(one, depth !== ''));
}

function stuffed(line: string, inQuote: boolean): string {
  return inQuote || /^(?: |>|From )/.test(line) ? ` ${line}` : line;
}

/** HTML from templates: what is put in is escaped, unless it is HTML already. */
import { escapeHtml } from '../http/index.ts';

export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Content = string | number | Markup | false | undefined | readonly Content[];

/** `html`<p>${text}</p>``: text is escaped, markup and lists of it are put in as they are. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  const text = parts.reduce((all, part, i) => all + textOf(contents[i - 1]) + part);
  return new Markup(text);
}

function textOf(content: Content): string {
  if (content === undefined || content === false) return '';
  if (content instanceof Markup) return content.text;
  return typeof content === 'object' ? content.map(textOf).join('') : escapeHtml(String(content));
}

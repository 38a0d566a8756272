/** A run as a Mermaid sequence diagram: text that many editors and wikis draw. */
import type { Message } from './message.ts';

/** Mermaid refuses texts above 50,000 characters unless told otherwise. */
const LIMIT = 48_000;

export function mermaid(messages: readonly Message[]): string {
  const hosts = [...new Set(messages.flatMap((message) => [message.fromHost, message.toHost]))];
  const alias = new Map(hosts.map((host, index) => [host, `h${index + 1}`]));
  const lines = [
    'sequenceDiagram',
    ...hosts.map((host) => `  participant ${alias.get(host)} as ${clean(host)}`),
  ];
  let length = lines.join('\n').length;
  for (const [index, message] of messages.entries()) {
    const arrow = message.lost !== undefined ? '-x' : message.role === 'reply' ? '-->>' : '->>';
    const line = `  ${alias.get(message.fromHost)}${arrow}${alias.get(message.toHost)}: ${clean(message.summary)}`;
    length += line.length + 1;
    if (length > LIMIT) {
      lines.push(`  Note over h1: ${messages.length - index} more messages`);
      break;
    }
    lines.push(line);
  }
  return `${lines.join('\n')}\n`;
}

/** Mermaid reads `;` and line ends as the end of a statement, `#` as an entity. */
function clean(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[#;]/g, (sign) => (sign === '#' ? '#35;' : '#59;'));
}

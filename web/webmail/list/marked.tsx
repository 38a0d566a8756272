/** A snippet (RFC 8621 §5): text with marks, put together anew, so that nothing else of it can be markup. */
import type { JSX } from 'preact';

const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };

export function Marked({ html }: { html: string }): JSX.Element {
  const pieces = html.split(/<mark>|<\/mark>/);
  return (
    <>
      {pieces.map((piece, at) => {
        const text = piece.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity] ?? entity);
        return at % 2 === 1 ? <mark key={at}>{text}</mark> : text;
      })}
    </>
  );
}

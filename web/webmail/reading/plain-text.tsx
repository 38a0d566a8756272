import type { JSX } from 'preact';
import { texts } from '../texts.ts';
import { blocksOf, piecesOf } from './plain.ts';

/** A quote that stands alone is what was meant to be said; others are folded. */
export function PlainText({ text }: { text: string }): JSX.Element {
  const blocks = blocksOf(text);
  return (
    <div class="plain-text">
      {blocks.map((block, at) =>
        block.type === 'text' ? (
          <p key={at}>
            <Linked text={block.text} />
          </p>
        ) : (
          <details key={at} open={blocks.length === 1}>
            <summary>{texts.reading.quoted(block.lines)}</summary>
            <blockquote>
              <Linked text={block.text} />
            </blockquote>
          </details>
        ),
      )}
    </div>
  );
}

function Linked({ text }: { text: string }): JSX.Element {
  return (
    <>
      {piecesOf(text).map((piece, at) =>
        piece.type === 'text' ? (
          piece.text
        ) : (
          <a key={at} href={piece.href} target="_blank" rel="noopener noreferrer">
            {piece.text}
          </a>
        ),
      )}
    </>
  );
}

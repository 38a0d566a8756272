/** A section of a standard, with a link to it for who wants to leave this machine. */
import type { JSX } from 'preact';
import { texts } from '../texts.ts';

const RFC = /^RFC (\d+)(?: §([\w.]+))?$/;

/** Where the text of a section is; undefined for what is no RFC. */
export function rfcUrl(spec: string): string | undefined {
  const match = RFC.exec(spec);
  if (!match) return undefined;
  const section = match[2];
  const part = section && /^[A-Z]/.test(section) ? `appendix-${section}` : `section-${section}`;
  return `https://www.rfc-editor.org/rfc/rfc${match[1]}${section ? `#${part}` : ''}`;
}

export function Spec({ spec }: { spec: string }): JSX.Element {
  const url = rfcUrl(spec);
  if (!url) return <span class="spec">{spec}</span>;
  return (
    <a
      class="spec"
      href={url}
      target="_blank"
      rel="noreferrer"
      title={texts.message.standard(spec)}
    >
      {spec}
    </a>
  );
}

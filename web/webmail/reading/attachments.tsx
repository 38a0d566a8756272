import type { JSX } from 'preact';
import { downloadUrl } from '../jmap/client.ts';
import type { OpenedEmail, Part } from '../jmap/types.ts';
import { sizeText } from '../parts/format.ts';
import { Icon } from '../parts/icons.tsx';
import { session } from '../state/data.ts';
import { texts } from '../texts.ts';

const words = texts.reading;

/** A picture larger than that is not loaded to show it small. */
const PREVIEW_BYTES = 8_000_000;

/** Not those that the HTML text shows within it. */
export function attachmentsOf({ attachments, htmlBody, bodyValues }: OpenedEmail): readonly Part[] {
  const html = htmlBody.map(({ partId }) => bodyValues[partId ?? '']?.value ?? '').join('');
  return attachments.filter(({ cid, disposition }) => {
    if (cid === null || disposition === 'attachment') return true;
    return !html.includes(`cid:${cid}`);
  });
}

export function Attachments({ parts }: { parts: readonly Part[] }): JSX.Element | null {
  if (parts.length === 0) return null;
  return (
    <section class="attachments" aria-label={words.attachments(parts.length)}>
      <p class="cap">{words.attachments(parts.length)}</p>
      <ul>
        {parts.map((part) => (
          <li key={part.blobId}>
            <AttachmentCard part={part} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function AttachmentCard({ part }: { part: Part }): JSX.Element {
  const { blobId, type, size } = part;
  const name = part.name ?? fallbackName(type);
  const url = downloadUrl(session.value?.accountId ?? '', blobId ?? '', name, type);
  const isPicture =
    /^image\/(?:png|jpeg|gif|webp|avif|svg\+xml)$/.test(type) && size < PREVIEW_BYTES;
  return (
    <a class="attachment" href={url} download={name} title={words.save(name)}>
      {isPicture ? <img src={url} alt="" loading="lazy" /> : <Icon name="file" />}
      <span class="name">{name}</span>
      <span class="soft">{sizeText(size)}</span>
      <Icon name="download" />
    </a>
  );
}

function fallbackName(type: string): string {
  if (type === 'message/rfc822') return `${words.unnamed}.eml`;
  return `${words.unnamed}.${type.split('/')[1] ?? 'bin'}`;
}

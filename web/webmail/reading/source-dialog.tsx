/** A message as it came: every byte of it that is text. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { downloadUrl, fetchText, messageOf } from '../jmap/client.ts';
import { Dialog } from '../parts/dialog.tsx';
import { sizeText } from '../parts/format.ts';
import { session } from '../state/data.ts';
import { closeDialog } from '../state/ui.ts';
import { texts } from '../texts.ts';

const words = texts.reading;
const SHOWN = 400_000;

export function SourceDialog(props: {
  emailId: string;
  blobId: string;
  size: number;
}): JSX.Element {
  const { blobId, size } = props;
  const [source, setSource] = useState<string>();
  const [isCopied, setCopied] = useState(false);
  const url = downloadUrl(session.value?.accountId ?? '', blobId, 'message.eml', 'message/rfc822');
  useEffect(() => {
    fetchText(url)
      .then(setSource)
      .catch((error: unknown) => setSource(messageOf(error)));
  }, [url]);
  const copy = (): void => {
    void navigator.clipboard.writeText(source ?? '').then(() => setCopied(true));
  };
  return (
    <Dialog title={words.sourceTitle} wide onClose={closeDialog}>
      <div class="actions">
        <button type="button" class="button" disabled={source === undefined} onClick={copy}>
          {isCopied ? words.copied : words.copy}
        </button>
        <a class="button" href={url} download="message.eml">
          {words.download}
        </a>
      </div>
      {source !== undefined && source.length > SHOWN && (
        <p class="soft">{words.sourceCut(sizeText(SHOWN), sizeText(size))}</p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <pre class="source" tabIndex={0}>
        {source === undefined ? texts.frame.loading : source.slice(0, SHOWN)}
      </pre>
    </Dialog>
  );
}

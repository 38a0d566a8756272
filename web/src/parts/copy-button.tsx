/** Takes a text to the clipboard. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { announcement } from '../state/store.ts';
import { texts } from '../texts.ts';

/** Says that it was done for as long as the text stays the same. */
export function CopyButton({ text, label }: { text: string; label?: string }): JSX.Element {
  const [done, setDone] = useState<string>();
  const copied = done === text;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setDone(text);
    announcement.value = texts.empty.copied;
  };
  return (
    <button
      type="button"
      class="button small"
      aria-label={label ?? texts.empty.copyLabel(text)}
      onClick={copy}
    >
      {copied ? texts.empty.copied : texts.empty.copy}
    </button>
  );
}

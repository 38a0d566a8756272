/** Fields and bytes side by side: choosing one marks the other. */
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { MessageView } from '../../../src/internet/dashboard/api.ts';
import { bytesText } from '../state/units.ts';
import { texts } from '../texts.ts';
import { Bytes } from './bytes.tsx';
import { FieldTree } from './field-tree.tsx';
import { bytesOf } from './hex.ts';
import { holders, innermost, nodes, openAtFirst } from './tree.ts';

interface Mark {
  readonly path: string | undefined;
  readonly start: number;
  readonly end: number;
}

const NO_MARK: Mark = { path: undefined, start: 0, end: 0 };

/** Made anew for each message. */
export function Inside({ view }: { view: MessageView }): JSX.Element {
  const { fields, line } = view;
  const bytes = useMemo(() => bytesOf(view.bytes), [view.bytes]);
  const [open, setOpen] = useState(() => openAtFirst(fields));
  const [mark, setMark] = useState<Mark>(NO_MARK);
  const field = nodes(fields).find(({ path }) => path === mark.path)?.field;
  const choose = (path: string) => {
    const chosen = nodes(fields).find((node) => node.path === path)?.field;
    if (chosen) setMark({ path, start: chosen.start, end: chosen.end });
  };
  const toggle = (path: string, isOpen: boolean) => {
    const next = new Set(open);
    if (isOpen) next.add(path);
    else next.delete(path);
    setOpen(next);
  };
  const chooseByte = (offset: number) => {
    const node = innermost(fields, offset);
    if (!node) return setMark({ path: undefined, start: offset, end: offset + 1 });
    setOpen(new Set([...open, ...holders(node.path)]));
    setMark({ path: node.path, start: node.field.start, end: node.field.end });
  };
  return (
    <>
      <div class="inside">
        {fields.length > 0 ? (
          <FieldTree
            fields={fields}
            open={open}
            chosen={mark.path}
            onChoose={choose}
            onToggle={toggle}
          />
        ) : (
          <p class="soft">{bytes.length > 0 ? texts.message.noFields : texts.message.noBytes}</p>
        )}
      </div>
      {bytes.length > 0 && (
        <div class="raw">
          {bytes.length < line.length && (
            <p class="soft">{texts.message.cut(bytesText(bytes.length), bytesText(line.length))}</p>
          )}
          <Bytes
            bytes={bytes}
            start={mark.start}
            end={mark.end}
            name={field?.name ?? texts.message.noField}
            onByte={chooseByte}
          />
        </div>
      )}
    </>
  );
}

/** The parts of a message, as MIME has them, and what it does wrong. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { getJson, messageOf } from '../jmap/client.ts';
import type { PartView, Structure } from '../jmap/types.ts';
import { Dialog } from '../parts/dialog.tsx';
import { sizeText } from '../parts/format.ts';
import { closeDialog } from '../state/ui.ts';
import { texts } from '../texts.ts';

const words = texts.reading;

export function StructureDialog({ emailId }: { emailId: string }): JSX.Element {
  const [structure, setStructure] = useState<Structure>();
  const [chosen, setChosen] = useState<PartView>();
  const [why, setWhy] = useState('');
  useEffect(() => {
    getJson<Structure>(`/mail/structure/${emailId}`)
      .then((got) => {
        setStructure(got);
        setChosen(got.root);
      })
      .catch((error: unknown) => setWhy(messageOf(error)));
  }, [emailId]);
  return (
    <Dialog title={words.structureTitle} wide onClose={closeDialog}>
      <p class="soft">{words.structureAbout}</p>
      {why !== '' && <p class="trouble">{why}</p>}
      {structure && (
        <div class="structure">
          <div>
            <ul class="parts">
              <PartItem part={structure.root} chosen={chosen} onChoose={setChosen} />
            </ul>
            <Defects structure={structure} />
          </div>
          {chosen && <PartDetail part={chosen} />}
        </div>
      )}
    </Dialog>
  );
}

function PartItem(props: {
  part: PartView;
  chosen: PartView | undefined;
  onChoose: (part: PartView) => void;
}): JSX.Element {
  const { part, chosen, onChoose } = props;
  return (
    <li>
      <button
        type="button"
        class={part === chosen ? 'part on' : 'part'}
        aria-pressed={part === chosen}
        onClick={() => onChoose(part)}
      >
        <span class="number">{part.path || '–'}</span>
        <b>{part.type}</b>
        {part.name && <span class="part-name">{part.name}</span>}
        <span class="soft">
          {part.children.length === 0 ? `${part.encoding}, ` : ''}
          {sizeText(part.size)}
        </span>
      </button>
      {part.children.length > 0 && (
        <ul class="parts">
          {part.children.map((child) => (
            <PartItem
              key={`${child.path} ${child.start}`}
              part={child}
              chosen={chosen}
              onChoose={onChoose}
            />
          ))}
        </ul>
      )}
    </li>
  );
}

function Defects({ structure }: { structure: Structure }): JSX.Element {
  const { defects } = structure;
  if (defects.length === 0) return <p class="soft fine">{words.noDefects}</p>;
  return (
    <>
      <h3>{words.defects}</h3>
      <ul class="defects">
        {defects.map(({ code, message, spec, offset, part }) => (
          <li key={`${code} ${part} ${offset}`}>
            <b>{message}</b>
            <span class="soft">
              {[part === '' ? '' : `part ${part}`, `byte ${offset}`, spec]
                .filter((one) => one !== '')
                .join(', ')}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function PartDetail({ part }: { part: PartView }): JSX.Element {
  const { size, encodedSize, start, end, header, text } = part;
  return (
    <div class="part-detail">
      <p class="soft">
        {words.encoded(sizeText(size), sizeText(encodedSize))}, {words.bytesAt(start, end)}
      </p>
      <h3>{words.header}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <pre tabIndex={0}>{header}</pre>
      {text !== null && text !== '' && (
        <>
          <h3>{words.begins}</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
          <pre tabIndex={0}>{text}</pre>
        </>
      )}
    </div>
  );
}

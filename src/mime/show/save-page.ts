/** A page with its objects as one file: MHTML (RFC 2557). */
import { buildMessage } from '../build/build-message.ts';
import type { BuildOptions, PartDraft } from '../build/draft.ts';
import { LOCATION_LIMIT } from '../defaults.ts';
import { misuse } from '../errors.ts';
import { parseContentType, typeName } from '../wire/content-fields.ts';

/** Something that was got for a page. */
export interface SavedObject {
  /** As the page names it, absolute. */
  readonly url: string;
  /** The value of Content-Type. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

export interface SavedPage {
  readonly title: string;
  /** The page itself, then what it shows. */
  readonly objects: readonly SavedObject[];
}

/** Objects whose URL does not fit in a field are left out. Browsers open the file as it is. */
export function savePage(page: SavedPage, options: BuildOptions): Uint8Array {
  const [root] = page.objects;
  if (!root || root.url.length > LOCATION_LIMIT) {
    throw misuse('MIME_NOT_MHTML', 'There is no page to save', 'RFC 2557 §8');
  }
  const objects = page.objects.filter(({ url }) => url.length <= LOCATION_LIMIT);
  const type = typeName(parseContentType(root.type));
  return buildMessage(
    {
      from: { name: 'Saved by toplayer', local: 'saved-page', domain: 'localhost' },
      subject: page.title.replace(/\p{Cc}+/gu, ' '),
      fields: [['Snapshot-Content-Location', new URL(root.url).href]],
      content: { type: 'multipart/related', parameters: { type }, body: objects.map(partOf) },
    },
    options,
  );
}

function partOf({ url, type: value, bytes }: SavedObject): PartDraft {
  const type = parseContentType(value || 'application/octet-stream');
  const parameters = Object.fromEntries(type.parameters);
  // A page may hold a file of mail: in here it is a file.
  const isComposite = type.type === 'multipart' || type.type === 'message';
  if (isComposite) return { type: 'application/octet-stream', location: url, body: bytes };
  return { type: typeName(type), parameters, location: url, body: bytes };
}

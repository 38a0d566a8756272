/** Files in a content coding that the client likes; what was squeezed once is kept. */
import type { ContentCodings } from '../codings.ts';
import {
  CODED_FILES_LIMIT,
  SQUEEZE_LARGEST,
  SQUEEZE_SMALLEST,
  SQUEEZE_WORTH,
} from '../defaults.ts';
import type { Context, Request } from '../types.ts';
import { chooseCoding } from '../wire/accept-encoding.ts';
import { codedFile, type ServedFile } from './file-answer.ts';

interface Kept {
  /** The ETag of the file as it is: another one is another file. */
  readonly of: string;
  /** Undefined where squeezing gains nothing. */
  readonly coded: Promise<ServedFile | undefined>;
  size: number;
}

/** Text in all its forms; pictures, films and archives are squeezed already. */
const SQUEEZABLE = /^text\/|[/+](?:json|xml|javascript|wasm)\b|^image\/(?:svg|bmp)|font\/[ot]tf/;

export class CodedFiles {
  private readonly codings: ContentCodings;
  private readonly kept = new Map<string, Kept>();
  private size = 0;

  constructor(codings: ContentCodings) {
    this.codings = codings;
  }

  /** Whether answers with this file depend on Accept-Encoding. */
  concerns({ type, info }: ServedFile): boolean {
    return info.size >= SQUEEZE_SMALLEST && info.size <= SQUEEZE_LARGEST && SQUEEZABLE.test(type);
  }

  /** The file as this client likes it best. */
  async choose(file: ServedFile, request: Request, context: Context): Promise<ServedFile> {
    if (!this.concerns(file)) return file;
    const wanted = chooseCoding(request.headers.joined('Accept-Encoding'), this.codings.names);
    if (wanted === undefined) return file;
    return (await this.coded(file, wanted, context)) ?? file;
  }

  private coded(file: ServedFile, coding: string, context: Context) {
    const key = `${coding} ${file.path}`;
    const tag = file.validators.tag.opaque;
    const known = this.kept.get(key);
    if (known?.of === tag) return known.coded;
    if (known) this.forget(key, known);
    const entry: Kept = { of: tag, coded: this.squeeze(file, coding, context), size: 0 };
    this.kept.set(key, entry);
    entry.coded.then(
      (coded) => this.weigh(key, entry, coded?.bytes?.length ?? 0),
      () => this.forget(key, entry),
    );
    return entry.coded;
  }

  private async squeeze(
    file: ServedFile,
    coding: string,
    context: Context,
  ): Promise<ServedFile | undefined> {
    const bytes = file.bytes ?? (await context.host.files.read(file.path));
    const squeezed = await this.codings.encode(coding, bytes);
    if (squeezed.length > bytes.length * SQUEEZE_WORTH) return undefined;
    return codedFile(file, coding, squeezed);
  }

  private weigh(key: string, entry: Kept, size: number): void {
    if (this.kept.get(key) !== entry) return;
    entry.size = size;
    this.size += size;
    for (const [oldest, other] of this.kept) {
      if (this.size <= CODED_FILES_LIMIT) break;
      this.forget(oldest, other);
    }
  }

  private forget(key: string, entry: Kept): void {
    if (this.kept.get(key) === entry) this.kept.delete(key);
    this.size -= entry.size;
    entry.size = 0;
  }
}

/** The keywords of a Maildir's folder, as Dovecot keeps them: a small letter each in the names of the messages, and a file that says which. */
import { fromUtf8, utf8 } from '../../lib/bytes.ts';
import { hasCode } from '../../lib/errors.ts';
import type { Files } from '../../net/index.ts';

const FILE = 'dovecot-keywords';
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

export class MaildirKeywords {
  private readonly files: Files;
  private readonly path: string;
  /** By letter. */
  private readonly names: Map<string, string>;

  private constructor(files: Files, path: string, names: Map<string, string>) {
    this.files = files;
    this.path = path;
    this.names = names;
  }

  /** Those of the folder at `path`. */
  static async of(files: Files, path: string): Promise<MaildirKeywords> {
    const bytes = await files.read(`${path}/${FILE}`).catch((error: unknown) => {
      if (hasCode(error, 'FILE_NOT_FOUND')) return utf8('');
      throw error;
    });
    const names = new Map<string, string>();
    for (const [, number, name = ''] of fromUtf8(bytes).matchAll(/^(\d{1,2}) (\S+)$/gm)) {
      const letter = LETTERS[Number(number)];
      if (letter !== undefined) names.set(letter, name);
    }
    return new MaildirKeywords(files, path, names);
  }

  name(letter: string): string | undefined {
    return this.names.get(letter);
  }

  /** The letters of these keywords; who has none gets one, as long as there are some. */
  async letters(keywords: readonly string[]): Promise<string> {
    const before = this.names.size;
    for (const keyword of keywords) this.add(keyword);
    if (this.names.size > before) await this.write();
    const letters = keywords.flatMap((keyword) => this.letter(keyword) ?? []);
    return letters.sort().join('');
  }

  private letter(keyword: string): string | undefined {
    const wanted = keyword.toLowerCase();
    for (const [letter, name] of this.names) if (name.toLowerCase() === wanted) return letter;
    return undefined;
  }

  private add(keyword: string): void {
    if (this.letter(keyword) !== undefined) return;
    const free = [...LETTERS].find((letter) => !this.names.has(letter));
    if (free !== undefined) this.names.set(free, keyword);
  }

  private async write(): Promise<void> {
    const lines = [...this.names]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([letter, name]) => `${LETTERS.indexOf(letter)} ${name}\n`);
    const fresh = `${this.path}/tmp/${FILE}`;
    await this.files.write(fresh, utf8(lines.join('')));
    await this.files.rename(fresh, `${this.path}/${FILE}`);
  }
}

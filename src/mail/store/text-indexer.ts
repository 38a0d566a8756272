/** Reads new messages for what is shown of them and for the full-text index, a few at a time, when nobody waits. */
import { parseMessage } from '../../mime/index.ts';
import type { Timer } from '../../net/index.ts';
import { INDEX_BATCH, INDEX_PATIENCE_MS, INDEX_PAUSE_MS, INDEXED_TEXT } from '../defaults.ts';
import { searchTexts } from '../summary/search-texts.ts';
import { contentBytes } from './contents.ts';
import type { StoreState } from './store-state.ts';
import { summaryOf } from './summaries.ts';

export class TextIndexer {
  private readonly state: StoreState;
  private timer: Timer | undefined;
  private closed = false;
  /** When the messages that wait began to. */
  private since = 0;

  constructor(state: StoreState) {
    this.state = state;
    state.onTold = () => this.arrange();
    this.arrange();
  }

  close(): void {
    this.closed = true;
    this.timer?.cancel();
  }

  /** Each commit puts it off, but not for ever. */
  private arrange(): void {
    const { clock } = this.state.host;
    if (this.closed) return;
    if (!this.timer) this.since = clock.now();
    else if (clock.now() - this.since > INDEX_PATIENCE_MS) return;
    this.timer?.cancel();
    this.timer = clock.setTimer(INDEX_PAUSE_MS, () => {
      this.timer = undefined;
      this.index();
    });
  }

  private index(): void {
    const { texts, contents } = this.state.tables;
    const missing = texts.missing(INDEX_BATCH);
    if (missing.length === 0) return;
    const read = missing.map((id) => {
      summaryOf(contents, id);
      const { header, body } = searchTexts(parseMessage(contentBytes(contents, id)));
      return { id, text: `${header}\n${body}` };
    });
    const add = (): void => {
      for (const { id, text } of read) {
        if (contents.get(id))
          texts.add(id, text.slice(0, INDEXED_TEXT), text.length <= INDEXED_TEXT);
      }
    };
    // A full disk costs search its speed, and no message.
    this.state.write(add).catch(() => {});
  }
}

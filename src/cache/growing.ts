/** Responses whose bodies are still on their way in: they are served from before they are stored. */
import type { StoredResponse } from './stored-response.ts';

const NOTHING: readonly StoredResponse[] = [];

export class Growing {
  private readonly urls = new Map<string, readonly StoredResponse[]>();

  get empty(): boolean {
    return this.urls.size === 0;
  }

  get(url: string): readonly StoredResponse[] {
    return this.urls.get(url) ?? NOTHING;
  }

  add(response: StoredResponse): void {
    this.urls.set(response.url, [response, ...this.get(response.url)]);
  }

  remove(response: StoredResponse): void {
    const left = this.get(response.url).filter((one) => one !== response);
    if (left.length > 0) this.urls.set(response.url, left);
    else this.urls.delete(response.url);
  }

  *all(): Iterable<StoredResponse> {
    for (const responses of this.urls.values()) yield* responses;
  }
}

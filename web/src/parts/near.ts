/** Places a small card beside what it belongs to, inside of the window. */
const APART = 6;
const EDGE = 8;

export function placeNear(card: HTMLElement, anchor: HTMLElement): void {
  const { left, right, top, bottom } = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = card;
  const below = bottom + APART + height <= innerHeight;
  const fits = left + width + EDGE <= innerWidth;
  const x = fits ? left : right - width;
  const y = below ? bottom + APART : top - APART - height;
  card.style.left = `${Math.max(EDGE, Math.min(x, innerWidth - width - EDGE))}px`;
  card.style.top = `${Math.max(EDGE, Math.min(y, innerHeight - height - EDGE))}px`;
}

export function endpoint(address: string, port: number): string {
  return `${address}:${port}`;
}

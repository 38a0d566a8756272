/** How wide a text is on a card of the map. */
let context: CanvasRenderingContext2D | null | undefined;

const FONT = 12.5;
/** An estimate where a page has no canvas, as a share of the font's size. */
const CHARACTER = 0.58;

export function measureText(text: string): number {
  context ??= document.createElement('canvas').getContext('2d');
  if (!context) return text.length * FONT * CHARACTER;
  context.font = `${FONT}px ${getComputedStyle(document.body).fontFamily}`;
  return context.measureText(text).width;
}

/** How wide a text is on a card of the map. */
let context: CanvasRenderingContext2D | null | undefined;

/** An estimate where a page has no canvas. */
const CHARACTER = 7.2;

export function measureText(text: string): number {
  if (context === undefined) {
    context = document.createElement('canvas').getContext('2d');
    if (context) context.font = `12.5px ${getComputedStyle(document.body).fontFamily}`;
  }
  return context ? context.measureText(text).width : text.length * CHARACTER;
}

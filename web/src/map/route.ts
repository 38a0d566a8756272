/** Curves from place to place, as paths that can be drawn and moved along. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Points, and the two handles between each point and the next. */
export interface Route {
  readonly points: readonly Point[];
  readonly handles: readonly (readonly [Point, Point])[];
}

/** Leaves and arrives level where there is way sideways, else upright. */
export function curve(points: readonly Point[]): Route {
  const handles = points.slice(1).map((to, index): readonly [Point, Point] => {
    const from = points[index] as Point;
    const way = (to.x - from.x) / 2;
    return [
      { x: from.x + way, y: from.y },
      { x: to.x - way, y: to.y },
    ];
  });
  return { points, handles };
}

export function straight(from: Point, to: Point): Route {
  return { points: [from, to], handles: [[from, to]] };
}

export function reversed({ points, handles }: Route): Route {
  return {
    points: [...points].reverse(),
    handles: handles.map(([first, second]): readonly [Point, Point] => [second, first]).reverse(),
  };
}

/** Routes one after the other, joined by straight lines where they don't touch. */
export function pathOf(routes: readonly Route[]): string {
  let path = '';
  for (const { points, handles } of routes) {
    const [first] = points;
    if (!first) continue;
    path += `${path === '' ? 'M' : 'L'}${at(first)}`;
    for (const [index, [one, two]] of handles.entries())
      path += `C${at(one)} ${at(two)} ${at(points[index + 1] as Point)}`;
  }
  return path;
}

function at({ x, y }: Point): string {
  return `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
}

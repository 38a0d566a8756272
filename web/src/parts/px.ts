/** A length for a style. */
export function px(length: number | undefined): string {
  return `${length ?? 0}px`;
}

/** From the path of a URL to a name on a disk, with nothing between the two that could lead out. */

export type SitePath =
  | { readonly kind: 'path'; readonly segments: readonly string[]; readonly directory: boolean }
  | { readonly kind: 'bad'; readonly why: string }
  | { readonly kind: 'none' };

const NONE: SitePath = { kind: 'none' };

/** `dotfiles` lets names with a leading dot through; `.well-known` (RFC 8615) always may. */
export function sitePath(path: string, dotfiles: boolean): SitePath {
  if (!path.startsWith('/')) return NONE;
  const directory = path.endsWith('/');
  const raw = path.slice(1, directory ? -1 : undefined);
  const segments: string[] = [];
  for (const part of raw === '' ? [] : raw.split('/')) {
    const name = decode(part);
    if (name === undefined) return { kind: 'bad', why: 'The path is not UTF-8, percent-encoded' };
    if (name.includes('\0')) return { kind: 'bad', why: 'The path has a NUL character' };
    if (name === '..' || name === '.') return { kind: 'bad', why: 'The path has dot segments' };
    if (name === '' || name.includes('/') || name.includes('\\')) return NONE;
    if (name.startsWith('.') && !dotfiles && name !== '.well-known') return NONE;
    segments.push(name);
  }
  return { kind: 'path', segments, directory };
}

function decode(part: string): string | undefined {
  if (!part.includes('%')) return part;
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

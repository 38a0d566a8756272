/** The messages of SCRAM (RFC 5802 §7): attributes of one letter with their values. */

/** Attributes in their order: `n=user,r=nonce`. Undefined when a part is none. */
export function attributes(text: string): ReadonlyMap<string, string> | undefined {
  const found = new Map<string, string>();
  for (const part of text.split(',')) {
    const match = /^([a-zA-Z])=([^\0]*)$/.exec(part);
    if (!match || found.has(match[1] as string)) return undefined;
    found.set(match[1] as string, match[2] as string);
  }
  return found;
}

/** A name, with comma and equals sign as they stand in a message (RFC 5802 §5.1). */
export function escapeName(name: string): string {
  return name.replaceAll('=', '=3D').replaceAll(',', '=2C');
}

/** Undefined where `=` begins anything else. */
export function unescapeName(text: string): string | undefined {
  if (/=(?!2C|3D)/.test(text)) return undefined;
  return text.replaceAll('=2C', ',').replaceAll('=3D', '=');
}

export interface ClientFirst {
  /** Of the channel binding and the authorization identity, with its commas. */
  readonly header: string;
  readonly authorization: string;
  readonly user: string;
  readonly nonce: string;
  /** The message without the header. */
  readonly bare: string;
}

/** `n,,n=user,r=nonce`. Bindings to a channel (`p=`) are not offered here. */
export function parseClientFirst(text: string): ClientFirst | undefined {
  const match = /^([ny],(?:a=([^,]+))?,)(n=[^,]*,r=[!-+\--~]+(?:,.*)?)$/s.exec(text);
  const found = match && attributes(match[3] as string);
  const user = unescapeName(found?.get('n') ?? '');
  const authorization = unescapeName(match?.[2] ?? '');
  const nonce = found?.get('r') ?? '';
  if (!match || !user || authorization === undefined || nonce === '') return undefined;
  return { header: match[1] as string, authorization, user, nonce, bare: match[3] as string };
}

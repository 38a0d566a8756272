/** Forms as browsers send them, in bodies and in queries (HTML, `application/x-www-form-urlencoded`). */

/** More fields than any form of ours has are not looked at. */
const FIELDS = 32;

/** What can't be decoded stays as it is; line ends become `\n`. The last of two fields of a name counts. */
export function formFields(text: string): ReadonlyMap<string, string> {
  const pairs = text.split('&', FIELDS).map((pair): [string, string] => {
    const cut = pair.indexOf('=');
    const name = cut < 0 ? pair : pair.slice(0, cut);
    return [decoded(name), cut < 0 ? '' : decoded(pair.slice(cut + 1)).replace(/\r\n?/g, '\n')];
  });
  return new Map(pairs);
}

function decoded(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

/** Forms of the registrar as commands. What is wrong with them the registry says itself. */
import type {
  Contact,
  CreateCommand,
  DomainView,
  NameServer,
  UpdateCommand,
} from '../../../src/registration/types.ts';

/** Who answers for a name: a zone at the registrar, or name servers of its owner. */
export type Answering = 'registrar' | 'own';

/** What a form holds, by the names of its fields. */
export type Fields = Readonly<Record<string, string>>;

export function createCommand(name: string, fields: Fields): CreateCommand {
  const years = fields['years'] ?? '';
  return {
    command: 'create',
    name,
    registrant: ownerOf(fields),
    ...(years !== '' && { years: Number(years) }),
    ...serversOf(fields),
  };
}

export function updateCommand(name: string, fields: Fields): UpdateCommand {
  return { command: 'update', name, registrant: ownerOf(fields), ...serversOf(fields) };
}

function ownerOf({ owner = '', organisation = '', email = '' }: Fields): Contact {
  return {
    name: owner,
    ...(organisation !== '' && { organisation }),
    ...(email !== '' && { email }),
  };
}

function serversOf(fields: Fields): {
  readonly addresses?: readonly string[];
  readonly nameServers?: readonly NameServer[];
} {
  if (fields['answering'] === 'registrar') return { addresses: words(fields['addresses'] ?? '') };
  const lines = (fields['servers'] ?? '').split('\n').map(words);
  const nameServers = lines.flatMap(([name, ...addresses]) =>
    name === undefined ? [] : [{ name, addresses }],
  );
  return { nameServers };
}

/** With spaces or commas between them. */
function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

/** The name servers as the form shows them, one a line. */
export function serverLines({ nameServers }: Pick<DomainView, 'nameServers'>): string {
  return nameServers.map(({ name, addresses }) => [name, ...addresses].join(' ')).join('\n');
}

export function answeringOf({ addresses = [] }: Pick<DomainView, 'addresses'>): Answering {
  return addresses.length > 0 ? 'registrar' : 'own';
}

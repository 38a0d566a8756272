/** Forms of the registrar's pages as commands. */
import { NAME_SERVERS } from './defaults.ts';
import { badCommand } from './errors.ts';
import type { Typed } from './pages.ts';
import type { Command } from './types.ts';
import { parseCommand } from './wire/command.ts';

/** The query of a URL has the form of a form. */
export { formFields as readForm, formFields as readQuery } from '../lib/form.ts';

/** Throws ProtocolError, as `parseCommand` does. */
export function formCommand(action: string, form: Typed): Command {
  const name = form.get('name') ?? '';
  switch (action) {
    case 'register':
      return checked({
        command: 'create',
        name,
        registrant: owner(form),
        ...yearsOf(form),
        ...hosts(form),
      });
    case 'change': {
      const given = hosts(form);
      const servers = given['addresses'] ? {} : { nameServers: given['nameServers'] ?? [] };
      return checked({ command: 'update', name, registrant: owner(form), ...given, ...servers });
    }
    case 'renew':
      return checked({ command: 'renew', name, expires: form.get('expires'), ...yearsOf(form) });
    case 'transfer':
      return checked({ command: 'transfer', name, code: (form.get('code') ?? '').trim() });
    case 'delete':
      if (form.get('sure') !== 'yes') {
        throw badCommand('REG_PARAMETER_MISSING', 'tick the box to say that you are sure');
      }
      return checked({ command: 'delete', name });
    default:
      return checked({ command: action, name });
  }
}

function checked(fields: Readonly<Record<string, unknown>>): Command {
  return parseCommand(JSON.stringify(fields));
}

function owner(form: Typed): object {
  const [name, organisation, email] = ['owner', 'organisation', 'email'].map((field) =>
    (form.get(field) ?? '').trim(),
  );
  return { name, organisation, email };
}

function yearsOf(form: Typed): object {
  const text = (form.get('years') ?? '').trim();
  return text === '' ? {} : { years: Number(text) };
}

/** `ns.books.com 127.0.0.1` a line; addresses with spaces or commas between them. */
function hosts(form: Typed): { nameServers?: object[]; addresses?: string[] } {
  const words = (text: string) => text.split(/[\s,]+/).filter((word) => word !== '');
  const lines = (form.get('servers') ?? '').split('\n').map(words);
  const nameServers = lines
    .filter((line) => line.length > 0)
    .slice(0, NAME_SERVERS + 1)
    .map(([name, ...addresses]) => ({ name, addresses }));
  const addresses = words(form.get('addresses') ?? '');
  return {
    ...(nameServers.length > 0 && { nameServers }),
    ...(addresses.length > 0 && { addresses }),
  };
}

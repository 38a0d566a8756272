/** Which names can be registered, and which hosts can serve them. */
import { RegistrationError } from '../errors.ts';
import type { DomainName } from '../types.ts';
import { decodePunycode, encodePunycode } from './punycode.ts';

const LABEL_LIMIT = 63;
/** 255 octets on the wire are 253 characters of text (RFC 1035 §2.3.4). */
const NAME_LIMIT = 253;

/** The form in which names are compared: lower case, without a final dot. */
export function plain(text: string): DomainName {
  return text.trim().toLowerCase().replace(/\.$/, '');
}

/**
 * A name that can be registered below `zone`: one label, and then the zone.
 * Throws RegistrationError that says what is wrong with it.
 */
export function registrableName(text: string, zone: DomainName): DomainName {
  const name = hostName(text);
  const label = name.slice(0, -zone.length - 1);
  if (!name.endsWith(`.${zone}`) || label === '') {
    throw new RegistrationError('REG_POLICY', `${name} is not below ${zone}`);
  }
  if (label.includes('.')) {
    const owner = `${label.slice(label.lastIndexOf('.') + 1)}.${zone}`;
    throw new RegistrationError(
      'REG_POLICY',
      `${name} is not directly below ${zone}: whoever owns ${owner} decides about it`,
      'RFC 1034 §4.2',
    );
  }
  return name;
}

/** The name of a host or a domain, checked. */
export function hostName(text: string): DomainName {
  const name = plain(text);
  if (name.length > NAME_LIMIT) throw wrong(`a name of more than ${NAME_LIMIT} characters`);
  for (const label of name.split('.')) checkLabel(label, name);
  if (!name.includes('.'))
    throw wrong(`${name} has one label only: expected one such as books.com`);
  return name;
}

/** Letters, digits, hyphens: RFC 1035 §2.3.1, with a digit at the start as RFC 1123 §2.1 allows. */
function checkLabel(label: string, name: string): void {
  if (label === '') throw wrong(`an empty label in the name "${name}"`);
  if (label.length > LABEL_LIMIT) throw wrong(`a label of more than ${LABEL_LIMIT} characters`);
  const odd = /[^a-z0-9-]/u.exec(label)?.[0];
  if (odd !== undefined) {
    const told = JSON.stringify(odd);
    throw wrong(`${told} in the name ${JSON.stringify(name)}: only letters, digits and hyphens`);
  }
  if (label.startsWith('-') || label.endsWith('-')) {
    throw wrong(`a hyphen at the start or end of ${label}`);
  }
  if (label.startsWith('xn--')) checkALabel(label);
  else if (label.slice(2, 4) === '--') {
    throw wrong(`${label}: two hyphens in third place are kept for xn--`, 'RFC 5890 §2.3.1');
  }
}

/** RFC 5890 §2.3.2.1: an A-label is the punycode of something, in the one form that it has. */
function checkALabel(label: string): void {
  const form = label.slice(4);
  const text = decodePunycode(form);
  const isWord =
    text !== undefined && /[^\0-\x7f]/.test(text) && /^[\p{L}\p{M}\p{N}-]+$/u.test(text);
  const isReal = isWord && encodePunycode(text) === form;
  if (!isReal) throw wrong(`${label} is not the punycode of a name`, 'RFC 5890 §2.3.2.1');
}

/** The same name as people read it, its A-labels decoded. */
export function unicodeName(name: DomainName): string {
  const labels = name.split('.').map((label) => {
    return label.startsWith('xn--') ? (decodePunycode(label.slice(4)) ?? label) : label;
  });
  return labels.join('.');
}

/** True when `name` is `domain` or below it. */
export function isBelow(name: DomainName, domain: DomainName): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}

/** The name directly below `zone` that `name` is in: ns.books.com is in books.com. */
export function superordinate(name: DomainName, zone: DomainName): DomainName {
  const labels = name.slice(0, -zone.length - 1);
  return `${labels.slice(labels.lastIndexOf('.') + 1)}.${zone}`;
}

function wrong(message: string, spec = 'RFC 1035 §2.3.1'): RegistrationError {
  return new RegistrationError('REG_BAD_VALUE', message, spec);
}

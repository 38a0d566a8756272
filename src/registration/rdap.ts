/** RDAP: registrations as JSON (RFC 9082 the questions, RFC 9083 the answers, RFC 7480 over HTTP). */
import type { Handler, Response } from '../http/index.ts';
import { reasonFor } from '../http/index.ts';
import { RegistrationError } from './errors.ts';
import { hostName } from './machine/names.ts';
import { domainObject, entityOf, nameServerObject, type RdapPlace } from './rdap-objects.ts';
import type { Registry } from './registry.ts';
import type { Referral } from './whois.ts';

const HEADERS = {
  'Content-Type': 'application/rdap+json',
  // RFC 7480 §5.6: pages of other sites may read it, it is public.
  'Access-Control-Allow-Origin': '*',
};

const CONFORMANCE = ['rdap_level_0'];

const NOTICE = {
  title: 'About this service',
  description: [
    'A registry of a small internet for learning: the names, and whom they belong to, are its own.',
    'Ask for /domain/NAME, /nameserver/NAME or /entity/HANDLE.',
  ],
};

/** Answers RDAP queries about one registry. `port43` is the name of its WHOIS server. */
export function rdap(registry: Registry, options: { readonly port43?: string } = {}): Handler {
  return (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return failure(405, `${request.method} is not understood here`);
    }
    const base = URL.parse(request.url)?.origin ?? '';
    const place: RdapPlace = { registry, base, ...options };
    return answer(place, request.path);
  };
}

/** The answer to a path. Total: any path gives an answer. */
export function answer(place: RdapPlace, path: string): Response {
  const parts = /^\/([a-z_]+)(?:\/(.*))?$/.exec(path);
  const kind = parts?.[1] ?? '';
  const asked = decoded(parts?.[2] ?? '');
  if (kind === 'help' && asked === '') return found({ notices: [NOTICE] });
  // RFC 9082 §1: 501 for the kinds of query that a server does not support.
  if (/^(ip|autnum|domains|nameservers|entities)$/.test(kind)) {
    return failure(501, `this registry does not answer /${kind} queries`);
  }
  if (!/^(domain|nameserver|entity)$/.test(kind) || asked === undefined || asked === '') {
    return failure(400, 'expected /domain/NAME, /nameserver/NAME, /entity/HANDLE or /help');
  }
  if (kind === 'entity') return maybe(entityOf(place, asked), asked);
  try {
    const name = hostName(asked);
    const object = kind === 'domain' ? domainOf(place, name) : nameServerOf(place, name);
    return maybe(object, name);
  } catch (error) {
    if (error instanceof RegistrationError) return failure(400, error.message);
    throw error;
  }
}

function domainOf(place: RdapPlace, name: string): object | undefined {
  const domain = place.registry.domain(name);
  return domain && domainObject(place, domain);
}

function nameServerOf(place: RdapPlace, name: string): object | undefined {
  const server = place.registry.nameServer(name);
  return server && nameServerObject(place, server);
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function maybe(object: object | undefined, asked: string): Response {
  return object
    ? found({ ...object, notices: [NOTICE] })
    : failure(404, `${asked} is not known here`);
}

function found(object: object): Response {
  return json(200, { rdapConformance: CONFORMANCE, ...object });
}

/** RFC 9083 §6. */
function failure(status: number, description: string): Response {
  const body = { errorCode: status, title: reasonFor(status), description: [description] };
  return json(status, { rdapConformance: CONFORMANCE, ...body });
}

function json(status: number, value: object): Response {
  return { status, headers: HEADERS, body: `${JSON.stringify(value, null, 1)}\n` };
}

/** Which RDAP service knows which top-level domain: the file of RFC 9224 §3. */
export function bootstrapFile(referrals: readonly Referral[], publication: string): string {
  const file = {
    version: '1.0',
    publication,
    description: 'RDAP services of the top-level domains of this internet',
    services: referrals.map(({ zone, rdap: url }) => [[zone], [url]]),
  };
  return `${JSON.stringify(file, null, 1)}\n`;
}

/** The registrar's pages: plain HTML with forms, for any browser and for curl. */
import { escapeHtml as e } from '../http/index.ts';
import { MOST_YEARS, PAGE_DOMAINS } from './defaults.ts';
import { unicodeName } from './machine/names.ts';
import type { DomainName, DomainView } from './types.ts';

/** What every page is given. */
export interface PageContext {
  /** The registrar's name. */
  readonly title: string;
  readonly zones: readonly DomainName[];
  /** Goes along with every form, so that no other site can send one for the visitor. */
  readonly token: string;
  /** The registrar's own name server, if it serves zones. */
  readonly nameServer: string | undefined;
}

export interface Notice {
  readonly kind: 'good' | 'bad';
  readonly text: string;
}

export const STYLE = `:root { color-scheme: light dark; --line: #8886; --good: #1a7f37; --bad: #c0262d; --accent: #2f6fb5; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 1rem; }
header { border-bottom: .25rem solid var(--accent); padding-bottom: .25rem; }
header a { font-weight: 700; text-decoration: none; color: inherit; font-size: 1.25rem; }
h1 { font-size: 1.75rem; margin: 1rem 0 .5rem; }
h2 { font-size: 1.2rem; margin: .75rem 0 .25rem; }
main > section { border-top: 1px solid var(--line); padding: .5rem 0 1rem; }
form { display: grid; gap: .5rem; margin: .5rem 0; max-width: 32rem; }
form.line { display: flex; flex-wrap: wrap; align-items: end; }
label { display: grid; gap: .1rem; }
label small { opacity: .75; }
input, textarea, button, select { font: inherit; padding: .35rem .5rem; }
button { justify-self: start; cursor: pointer; }
table { border-collapse: collapse; width: 100%; }
th[scope=row] { width: 9rem; }
input[type=number] { width: 5rem; }
th, td { text-align: left; padding: .25rem .5rem; border-bottom: 1px solid var(--line); vertical-align: top; }
code { overflow-wrap: anywhere; }
.good, .bad { border-left: .3rem solid; padding: .25rem .75rem; }
.good { border-color: var(--good); } .bad { border-color: var(--bad); }
`;

export function page(context: PageContext, heading: string, body: string, notice?: Notice): string {
  const told = notice ? `<p class="${notice.kind}" role="status">${e(notice.text)}</p>` : '';
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${e(heading)} - ${e(context.title)}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><a href="/">${e(context.title)}</a></header>
<main>
<h1>${e(heading)}</h1>
${told}
${body}
</main>
</body>
</html>
`;
}

export function searchForm({ zones }: PageContext, name = ''): string {
  const endings = zones.map((zone) => `.${zone}`).join(', ');
  return `<form class="line" action="/search" method="get">
<label>Find a name <small>ending in ${e(endings)}</small>
<input name="name" value="${e(name)}" required maxlength="253" autocapitalize="none" placeholder="books.com"></label>
<button>Search</button>
</form>`;
}

export function domainTable(domains: readonly DomainView[]): string {
  if (domains.length === 0) return '<p>No names yet: search for one.</p>';
  const rows = domains.slice(0, PAGE_DOMAINS).map(
    (domain) => `<tr><td>${link(domain.name)}</td><td>${e(domain.registrant.name)}</td>
<td>${day(domain.expires)}</td><td>${e(domain.status.join(', '))}</td></tr>`,
  );
  const rest = domains.length - rows.length;
  return `<table>
<thead><tr><th scope="col">Name</th><th scope="col">Owner</th><th scope="col">Expires</th><th scope="col">Status</th></tr></thead>
<tbody>${rows.join('\n')}</tbody>
</table>${rest > 0 ? `<p>and ${rest} more</p>` : ''}`;
}

export function link(name: DomainName): string {
  return `<a href="/domain?name=${encodeURIComponent(name)}">${e(unicodeName(name))}</a>`;
}

/** What was typed, by field, so that a refused form comes back as it was. */
export type Typed = ReadonlyMap<string, string>;

export function registerForm(context: PageContext, name: string, typed: Typed): string {
  return form(context, 'register', name, 'Register', [
    ...ownerFields(typed),
    years(typed),
    ...serverFields(context, typed),
  ]);
}

export function transferForm(context: PageContext, name: string, typed: Typed): string {
  return form(context, 'transfer', name, 'Transfer here', [
    input('code', 'Code', typed, 'the present registrar tells it to the owner', 'required'),
  ]);
}

function ownerFields(typed: Typed): string[] {
  return [
    input('owner', 'Owner', typed, 'a person', 'required'),
    input('organisation', 'Organisation', typed, 'may stay empty'),
    input(
      'email',
      'Email',
      typed,
      'may stay empty; anybody can read it by WHOIS',
      'inputmode="email"',
    ),
  ];
}

function serverFields({ nameServer }: PageContext, typed: Typed): string[] {
  const servers = `<label>Name servers <small>or name servers of your own: one a line, with its address if it is below the name itself: <code>ns.books.com 127.20.9.10</code></small>
<textarea name="servers" rows="3" autocapitalize="none">${e(typed.get('servers') ?? '')}</textarea></label>`;
  const hosted = `of your server: ${nameServer} then answers for the name, and for www below it`;
  return [...(nameServer ? [input('addresses', 'Address', typed, hosted)] : []), servers];
}

function years(typed: Typed): string {
  const value = typed.get('years') ?? '1';
  return `<label>Years <input name="years" type="number" min="1" max="${MOST_YEARS}" value="${e(value)}"></label>`;
}

function input(name: string, label: string, typed: Typed, hint: string, more = ''): string {
  return `<label>${label} <small>${e(hint)}</small>
<input name="${name}" value="${e(typed.get(name) ?? '')}" maxlength="255" ${more}></label>`;
}

function form(
  { token }: PageContext,
  action: string,
  name: string,
  button: string,
  fields: readonly string[],
): string {
  return `<form action="/${action}" method="post">
<input type="hidden" name="token" value="${e(token)}">
<input type="hidden" name="name" value="${e(name)}">
${fields.join('\n')}
<button>${button}</button>
</form>`;
}

/** All about one of the registrar's own domains, and what can be done with it. */
export function domainPage(context: PageContext, domain: DomainView, typed: Typed): string {
  const { name } = domain;
  if (domain.code === undefined) return `<section>${facts(domain)}</section>`;
  if (domain.status.includes('pendingDelete')) {
    const restore = form(context, 'restore', name, 'Restore it', []);
    const until = domain.restorableUntil;
    return `<section>${facts(domain)}${until ? `<p>It can be restored until ${day(until)}.</p>${restore}` : ''}</section>`;
  }
  const present = typed.size > 0 ? typed : typedOf(domain);
  return `<section>${facts(domain)}</section>
<section><h2>Change</h2>${form(context, 'change', name, 'Save', [...ownerFields(present), ...serverFields(context, present)])}</section>
<section><h2>Renew</h2>${form(context, 'renew', name, 'Renew', [
    years(new Map()),
    `<input type="hidden" name="expires" value="${e(domain.expires)}">`,
  ])}</section>
<section><h2>Take it to another registrar</h2><p>Whoever has this code can: <code>${e(domain.code)}</code></p></section>
<section><h2>Delete</h2>${form(context, 'delete', name, 'Delete', [
    '<label><span><input type="checkbox" name="sure" value="yes" required> I am sure</span></label>',
  ])}</section>`;
}

/** The change form as the domain is now. */
function typedOf({ registrant, nameServers, addresses = [] }: DomainView): Typed {
  const servers = nameServers.map((server) => [server.name, ...server.addresses].join(' '));
  return new Map([
    ['owner', registrant.name],
    ['organisation', registrant.organisation ?? ''],
    ['email', registrant.email ?? ''],
    ['addresses', addresses.join(' ')],
    ['servers', addresses.length > 0 ? '' : servers.join('\n')],
  ]);
}

function facts(domain: DomainView): string {
  const { registrant, nameServers, addresses = [] } = domain;
  const owner = [registrant.name, registrant.organisation, registrant.email];
  const servers = nameServers.map((server) => [server.name, ...server.addresses].join(' '));
  const rows: [string, string][] = [
    ['Owner', e(owner.filter((part) => part !== undefined).join(', '))],
    ['Registrar', e(domain.registrar)],
    ['Status', e(domain.status.join(', '))],
    ['Registered', day(domain.created)],
    ['Expires', day(domain.expires)],
    ['Name servers', servers.map(e).join('<br>') || 'none: it is not delegated'],
    ...(addresses.length > 0 ? [['Addresses', e(addresses.join(', '))] as [string, string]] : []),
  ];
  const lines = rows.map(([key, value]) => `<tr><th scope="row">${key}</th><td>${value}</td></tr>`);
  return `<table><tbody>${lines.join('\n')}</tbody></table>`;
}

function day(date: string): string {
  return `<time datetime="${e(date)}">${e(date.slice(0, 10))}</time>`;
}

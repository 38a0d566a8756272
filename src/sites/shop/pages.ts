/** The shop's pages. */
import type { SessionEntry } from '../../sessions/index.ts';
import { advertisement } from '../ads/embed.ts';
import { type Content, html, type Markup } from '../markup.ts';
import { type Notice, pageText, spanText, timeText } from '../page.ts';
import { GOODS, type Good } from './goods.ts';
import type { BasketLine } from './visitor.ts';

export interface ShopContext {
  readonly url: string;
  /** Goes along with every form. */
  readonly token: string;
  readonly basketCount: number;
  readonly user: string | undefined;
  readonly notice?: Notice | undefined;
  readonly scripts?: readonly string[];
}

export function page(context: ShopContext, title: string, body: Content): string {
  const { basketCount, user, notice, scripts = [] } = context;
  return pageText({
    site: 'The shop',
    title,
    nav: [
      ['/', 'Goods'],
      ['/basket', basketCount > 0 ? `Basket (${basketCount})` : 'Basket'],
      ['/account', user ?? 'Sign in'],
      ['/about-you', 'What we know about you'],
    ],
    body: html`${body}\n${advertisement(context.url)}`,
    notice,
    footer: "Served by toplayer's own HTTP server. Nothing here is really for sale.",
    scripts,
  });
}

export interface Greeting {
  readonly id: string;
  /** How long ago the visit before this one was; undefined for a first one. */
  readonly awayMs: number | undefined;
  readonly last: Good | undefined;
  readonly user: string | undefined;
}

/** What the identifier is worth: the shop knows whom it has before it. */
export function greeting({ id, awayMs, last, user }: Greeting): Markup {
  const name = user === undefined ? '' : `, ${user}`;
  if (awayMs === undefined) {
    return html`<p class="notice">Welcome${name}! You are new here, so we have given you a number: <code>${id}</code>.
Your browser keeps it as a cookie and shows it to us at each visit.</p>`;
  }
  const thing =
    last &&
    html` You looked at the <a href="/goods/${last.id}">${last.name.toLowerCase()}</a> last.`;
  return html`<p class="notice">Welcome back${name}! You were here ${spanText(awayMs)} ago.${thing}</p>`;
}

export function home(welcome: Content, goods: readonly Good[], by: 'history' | 'shelf'): Markup {
  const why =
    by === 'history' ? 'Visitors with a taste like yours also looked at' : 'From the same shelf';
  return html`${welcome}
${goods.length > 0 && html`<section><h2>${why}</h2>${goodsList(goods)}</section>`}
<section><h2>All goods</h2>${goodsList(GOODS)}</section>`;
}

function goodsList(goods: readonly Good[]): Markup {
  const items = goods.map(
    ({ id, name, price }) =>
      html`<li><a href="/goods/${id}"><img src="/pictures/${id}.svg" alt="" width="120" height="120"><strong>${name}</strong>${price} coins</a></li>`,
  );
  return html`<ul class="goods">${items}</ul>`;
}

export function goodPage(
  { token }: ShopContext,
  { id, name, about, price }: Good,
  others: readonly Good[],
  by: 'history' | 'shelf',
): Markup {
  const heading = by === 'history' ? 'Who looked at this also looked at' : 'From the same shelf';
  return html`<div class="good"><img src="/pictures/${id}.svg" alt="${name}" width="320" height="320">
<div><p>${about}</p><p><strong>${price} coins</strong></p>
<form action="/basket/add" method="post">${hidden(token, id)}<button>Put into the basket</button></form></div></div>
${others.length > 0 && html`<section><h2>${heading}</h2>${goodsList(others)}</section>`}`;
}

function hidden(token: string, good?: string): Markup {
  return html`<input type="hidden" name="token" value="${token}">${
    good !== undefined && html`<input type="hidden" name="good" value="${good}">`
  }`;
}

export function basketPage({ token }: ShopContext, lines: readonly BasketLine[]): Markup {
  if (lines.length === 0) return html`<p>Your basket is empty. <a href="/">Look around.</a></p>`;
  const rows = lines.map(({ good, count }) => {
    const label = `How many of ${good.name}`;
    return html`<tr><td><a href="/goods/${good.id}">${good.name}</a></td><td class="number">${good.price}</td>
<td><div class="line"><form action="/basket/change" method="post">${hidden(token, good.id)}<input type="number" name="count" value="${count}" min="0" max="99" aria-label="${label}"><button class="plain">Change</button></form>
<form action="/basket/remove" method="post">${hidden(token, good.id)}<button class="plain" aria-label="Remove ${good.name}">Remove</button></form></div></td>
<td class="number">${good.price * count}</td></tr>`;
  });
  const total = lines.reduce((sum, { good, count }) => sum + good.price * count, 0);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Basket"><table>
<thead><tr><th scope="col">Good</th><th scope="col" class="number">Each</th><th scope="col">How many</th><th scope="col" class="number">Together</th></tr></thead>
<tbody>${rows}</tbody>
<tfoot><tr><th scope="row" colspan="3">In all</th><td class="number"><strong>${total}</strong></td></tr></tfoot></table></div>`;
}

/** The cookie and the row, side by side. */
export function aboutYou(
  { token }: ShopContext,
  cookie: string | undefined,
  entry: SessionEntry | undefined,
): Markup {
  const left = cookie
    ? html`<p>Your browser sent this with its request:</p><pre>Cookie: ${cookie}</pre><p>That is all that it tells us. The rest we know ourselves.</p>
${sealWords(cookie)}`
    : html`<p>Your browser sent no cookie: you are new, or you keep none. This answer brings one.</p>`;
  const right = entry
    ? html`<p>Our database has this row under that number:</p>
<div class="scroll" tabindex="0" role="region" aria-label="Row"><table><tbody>
<tr><th scope="row">id</th><td><code>${entry.id}</code></td></tr>
<tr><th scope="row">created</th><td>${timeText(entry.created)}</td></tr>
<tr><th scope="row">seen</th><td>${timeText(entry.seen)}</td></tr>
<tr><th scope="row">expires</th><td>${timeText(entry.expires)}</td></tr>
${Object.entries(entry.data).map(([key, value]) => html`<tr><th scope="row">${key}</th><td><code>${JSON.stringify(value)}</code></td></tr>`)}
</tbody></table></div>
<form action="/about-you/forget" method="post">${hidden(token)}<button>Forget me</button></form>`
    : html`<p>Our database has nothing about you yet.</p>`;
  return html`<div class="two"><section><h2>Your side: the cookie</h2>${left}</section>
<section><h2>Our side: the database</h2>${right}</section></div>`;
}

/** What can be done with a sealed number (`auth/machine/sealed.ts`). */
function sealWords(cookie: string): Content {
  const kind = /(?:^|; )id=([es])\./.exec(cookie)?.[1];
  if (kind === 'e') return html`<p>The number in it is encrypted: only we can read it.</p>`;
  return (
    kind === 's' &&
    html`<p>The number in it is signed: you can read it (it is in base64), and not change it.</p>`
  );
}

export function goodbye(): Markup {
  return html`<p>The row is deleted and your browser was told to throw the cookie away. If you <a href="/">come back</a>, you will be a stranger.</p>`;
}

/** The advertiser's pages and its picture. */
import { escapeHtml } from '../../http/index.ts';
import { type Content, html, type Markup } from '../markup.ts';
import { type Notice, pageText, timeText } from '../page.ts';
import { interests, type PageVisit } from './profile.ts';

export function page(title: string, body: Content, notice?: Notice): string {
  return pageText({
    site: 'ads.com',
    title,
    nav: [
      ['/', 'How it works'],
      ['/profile', 'Your profile'],
    ],
    body,
    notice,
    footer: 'A demonstration: this internet is on your own machine, and so is its advertiser.',
  });
}

export function home(): Markup {
  return html`<p>We pay sites to show a picture of ours. The picture is ours, so your browser asks <em>us</em> for it, from every page that shows it.
With the first one we give your browser a number of ours, in a cookie. From then on we know it again, on whichever site you are.</p>
<ol><li>www.news.org shows <code>&lt;img src="//www.ads.com/banner.svg?page=..."&gt;</code>.</li>
<li>Your browser gets it from www.ads.com, and keeps our cookie: a <em>third-party cookie</em>, since you never came to us yourself.</li>
<li>www.shop.com shows the same picture. Your browser sends our cookie along: now we know that the reader of that article looks at kettles.</li></ol>
<p>Neither the news nor the shop has told us anything about you: <a href="/profile">see what we know</a>.</p>
<h2>What stops us</h2>
<p>Browsers that block third-party cookies, or keep them apart for each site. <code>SameSite</code>: without <code>None</code>, which needs
<code>Secure</code>, a cookie stays away from other sites' pages. So on plain HTTP today's browsers send us nothing; over TLS many still do.</p>`;
}

export interface ProfileParts {
  readonly id: string;
  readonly visits: readonly PageVisit[];
  readonly optedOut: boolean;
  readonly token: string;
}

export function profile({ id, visits, optedOut, token }: ProfileParts): Markup {
  const field = html`<input type="hidden" name="token" value="${token}">`;
  if (optedOut) {
    return html`<p>You have opted out: we gave your browser a cookie that says no more than that, the same for everybody, and keep nothing about you.</p>
<form action="/opt-in" method="post"><button>Opt in again</button></form>`;
  }
  if (visits.length === 0) {
    return html`<p>We know nothing about you. Either you have not seen our pictures yet, or your browser does not send our cookie from other sites' pages.</p>
${optOut()}`;
  }
  const sites = [...new Set(visits.map(({ site }) => site))];
  const wants = interests(visits);
  return html`<p>You are number <code>${id}</code>. We saw you on <strong>${sites.join(' and ')}</strong>.
${wants.length > 0 && html`You seem to want: <strong>${wants.slice(0, 3).join(', ')}</strong>.`}</p>
<div class="scroll" tabindex="0" role="region" aria-label="Pages"><table><thead><tr><th scope="col">When</th><th scope="col">Site</th><th scope="col">Page</th></tr></thead>
<tbody>${visits.map(({ at, site, path }) => html`<tr><td>${timeText(at)}</td><td>${site}</td><td>${path}</td></tr>`)}</tbody></table></div>
<form action="/forget" method="post">${field}<button>Forget me</button></form>
${optOut()}`;
}

function optOut(): Markup {
  return html`<form action="/opt-out" method="post"><button class="plain">Opt out</button></form>`;
}

/** 468 by 60: the size of a banner since 1994. */
export function banner(visits: readonly PageVisit[], sites: number): string {
  const [want] = interests(visits);
  const seen = `We saw you on ${counted(visits.length, 'page')} of ${counted(sites, 'site')}`;
  const [big, small] = want
    ? [`Still thinking about: ${want}?`, seen]
    : ['Advertise here', visits.length > 1 ? seen : 'ads.com: we find your readers'];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 468 60" width="468" height="60" role="img" aria-label="${escapeHtml(big)}"><rect width="468" height="60" rx="6" fill="#3d2a78"/><circle cx="32" cy="30" r="18" fill="#ffd166"/><circle cx="32" cy="30" r="8" fill="#3d2a78"/><text x="64" y="29" font-family="sans-serif" font-size="19" font-weight="700" fill="#fff">${escapeHtml(big)}</text><text x="64" y="48" font-family="sans-serif" font-size="13" fill="#ffd166">${escapeHtml(small)}</text></svg>`;
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#3d2a78"/><circle cx="16" cy="16" r="9" fill="#ffd166"/><circle cx="16" cy="16" r="4" fill="#3d2a78"/></svg>`;

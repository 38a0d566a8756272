/** The pages of signing in, which say what happens. */
import { PROOF_ITERATIONS } from '../defaults.ts';
import { html, type Markup } from '../markup.ts';
import { DEMO_USERS, REALM } from './users.ts';

function token(value: string): Markup {
  return html`<input type="hidden" name="token" value="${value}">`;
}

export function signInPage(challenge: string, formToken: string, name = ''): Markup {
  return html`<div class="two"><section><h2>With a challenge</h2>
<form action="/account/login" method="post" data-challenge="${challenge}" data-iterations="${PROOF_ITERATIONS}" data-realm="${REALM}">
${token(formToken)}<input type="hidden" name="proof">
<label>User <input name="name" value="${name}" required autocomplete="username" autocapitalize="none"></label>
<label>Password <input id="password" type="password" required autocomplete="current-password"></label>
<button disabled>Sign in</button></form>
<noscript><p>This way needs a script; the other one does not.</p></noscript>
<p>Your password stays in this page. Its script stretches it, and answers our challenge</p>
<pre>${challenge}</pre>
<p>with a proof that is good for this challenge and no other (the sums of RFC 5802). What we keep is enough to check a proof, not to make one.
Watch the request: there is no password in it.</p></section>
<section><h2>With Digest</h2>
<p><a href="/account/digest">Let the browser ask</a>, or try <code>toplayer get --digest -u 'alice:correct horse' -c jar -b jar http://www.shop.com/account/digest</code>.</p>
<p>The server sends a nonce; the browser answers with a SHA-256 sum over name, password, nonce, count and address of the page (RFC 7616).</p>
</section></div>
<section><h2>Users of this demonstration</h2><div class="scroll" tabindex="0" role="region" aria-label="Users"><table>
<thead><tr><th scope="col">User</th><th scope="col">Password</th></tr></thead>
<tbody>${DEMO_USERS.map((user) => html`<tr><td>${user.name}</td><td><code>${user.password}</code></td></tr>`)}</tbody></table></div></section>`;
}

export interface CodeHelp {
  readonly uri: string;
  readonly secret: string;
}

export function codePage(name: string, { uri, secret }: CodeHelp, formToken: string): Markup {
  return html`<p>The password of ${name} is proved. Now the second factor: what you know was asked for, what you have comes now.</p>
<form action="/account/code" method="post">${token(formToken)}
<label>Code <input name="code" required inputmode="numeric" autocomplete="one-time-code" pattern="[0-9 ]{6,8}" maxlength="8"></label>
<button>Go on</button></form>
<section><h2>For the class</h2>
<p>An authenticator on a telephone learns its secret from a code like this, drawn as squares:</p><pre>${uri}</pre>
<p>It then computes six digits from the secret <code>${secret}</code> and the time, anew every 30 seconds (RFC 6238). No telephone at hand?
<a href="/account/code-now">See the code of now.</a> A code is good once.</p></section>`;
}

export function codeNowPage(code: string, seconds: number): Markup {
  return html`<p>The code of now is <strong><code>${code}</code></strong>, for ${seconds} more seconds. <a href="/account/code">Type it.</a></p>
<p>A real site never shows it: whoever has the password would have the second factor too.</p>`;
}

export function accountPage(name: string, formToken: string): Markup {
  return html`<p>You are ${name}: the password was proved without being sent, and the code came from your authenticator.
Your visitor's number was changed when you signed in, so that whoever knew the old one knows nothing now. Your basket stayed.</p>
<form action="/account/logout" method="post">${token(formToken)}<button>Sign out</button></form>`;
}

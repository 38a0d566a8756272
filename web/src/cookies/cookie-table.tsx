/** All cookies of all users as a table. */
import type { JSX } from 'preact';
import type {
  CookiesView,
  CookieView,
  UserCookiesView,
} from '../../../src/internet/dashboard/api-web.ts';
import { texts } from '../texts.ts';
import { lifeText } from './jar.tsx';
import { cookieKey, flagsOf, scopeText, setByText, shortId, shortValue } from './tell.ts';

const words = texts.web.cookies;

export function CookieTable({
  view,
  elapsed,
}: {
  view: CookiesView;
  elapsed: number;
}): JSX.Element {
  const held = view.users.flatMap((user) => user.cookies.map((cookie) => ({ user, cookie })));
  return (
    <div class="scroll-x">
      <table class="grid">
        <thead>
          <tr>
            {words.columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {held.map(({ user, cookie }) => (
            <Row
              key={cookieKey(user, cookie)}
              user={user}
              cookie={cookie}
              now={view.now + elapsed}
            />
          ))}
        </tbody>
      </table>
      {held.length === 0 && <p class="note soft">{words.noCookies}</p>}
    </div>
  );
}

function Row(props: { user: UserCookiesView; cookie: CookieView; now: number }): JSX.Element {
  const { user, cookie, now } = props;
  const { name, value, entry } = cookie;
  return (
    <tr>
      <td>{user.host}</td>
      <th scope="row">{name}</th>
      <td>
        <code title={value}>{shortValue(value)}</code>
      </td>
      <td>{scopeText(cookie)}</td>
      <td>{lifeText(cookie, now)}</td>
      <td>{flagsOf(cookie).join(', ') || words.noFlags}</td>
      <td>{setByText(cookie)}</td>
      <td>{entry === undefined ? words.noEntry : <code>{shortId(entry)}</code>}</td>
    </tr>
  );
}

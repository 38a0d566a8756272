/** What servers wanted to be kept, and what became of it: refusals with their reasons. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { HeardCookieView, UserCookiesView } from '../../../src/internet/dashboard/api-web.ts';
import { Spec } from '../message/rfc.tsx';
import { internet } from '../state/store.ts';
import { timeText } from '../state/units.ts';
import { texts } from '../texts.ts';
import { hostOf, isThirdParty } from './tell.ts';

const words = texts.web.cookies;

/** The latest of all; who wants more filters for refusals. */
const SHOWN = 20;

export function Heard({ users }: { users: readonly UserCookiesView[] }): JSX.Element | null {
  const [refusedOnly, setRefusedOnly] = useState(false);
  const all = users
    .flatMap(({ host, heard }) => heard.map((one) => ({ ...one, user: host })))
    .filter(({ outcome }) => !refusedOnly || outcome === 'refused')
    .sort((a, b) => b.at - a.at);
  return (
    <section class="heard" aria-label={words.heard.title}>
      <div class="panel-bar">
        <h3>{words.heard.title}</h3>
        <label class="inline">
          <input
            type="checkbox"
            checked={refusedOnly}
            onChange={(event) => setRefusedOnly(event.currentTarget.checked)}
          />
          {words.heard.refusedOnly}
        </label>
      </div>
      {all.length === 0 ? (
        <p class="soft note-line">{refusedOnly ? words.heard.noRefusals : words.heard.none}</p>
      ) : (
        <div class="scroll-x">
          <table class="grid heard-table">
            <thead>
              <tr>
                {words.heard.columns.map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {all.slice(0, SHOWN).map((one) => (
                <Line
                  key={`${one.user} ${one.at} ${one.name} ${one.url}`}
                  heard={one}
                  user={one.user}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Line({ heard, user }: { heard: HeardCookieView; user: string }): JSX.Element {
  const { at, name, url, page, outcome, why, spec } = heard;
  const third = page !== undefined && isThirdParty({ url, page });
  return (
    <tr>
      <td class="number">{timeText(Math.max(0, at - (internet.value?.epoch ?? 0)))}</td>
      <td>{user}</td>
      <th scope="row">{name}</th>
      <td>{third ? words.setOn(hostOf(url), hostOf(page)) : hostOf(url)}</td>
      <td class={outcome === 'refused' ? 'bad why-not' : 'why-not'}>
        {words.heard.outcomes[outcome]}
        {why !== undefined && `: ${why}`} {spec && <Spec spec={spec} />}
      </td>
    </tr>
  );
}

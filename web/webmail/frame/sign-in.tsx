/** Who are you? */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { getJson, messageOf, signIn } from '../jmap/client.ts';
import { enter } from '../state/start.ts';
import { texts } from '../texts.ts';

const words = texts.signIn;

interface Offer {
  readonly accounts: readonly string[];
  readonly password: string;
}

export function SignIn(): JSX.Element {
  const [why, setWhy] = useState('');
  const [isWorking, setWorking] = useState(false);
  const offer = useOffer();
  const go = async (name: string, password: string): Promise<void> => {
    setWorking(true);
    setWhy('');
    try {
      await signIn(name, password);
      await enter();
    } catch (error) {
      setWhy(messageOf(error));
    } finally {
      setWorking(false);
    }
  };
  const onSubmit = (event: SubmitEvent & { currentTarget: HTMLFormElement }): void => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    void go(String(fields.get('name')), String(fields.get('password')));
  };
  return (
    <main class="sign-in">
      <form class="card" onSubmit={onSubmit}>
        <span class="mark">
          top<i>layer</i>
        </span>
        <h1>{words.title}</h1>
        <p class="soft">{words.server(location.hostname)}</p>
        <label>
          {words.name}
          <input name="name" autocomplete="username" autocapitalize="none" required />
        </label>
        <label>
          {words.password}
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        <p class="trouble" role="alert">
          {why}
        </p>
        <button type="submit" class="button main" disabled={isWorking}>
          {isWorking ? words.working : words.go}
        </button>
      </form>
      {offer.accounts.length > 0 && (
        <section class="card offer" aria-labelledby="offer">
          <h2 id="offer">{words.offer}</h2>
          <p class="soft">{words.offerAbout}</p>
          <ul>
            {offer.accounts.map((name) => (
              <li key={name}>
                <button type="button" class="button" onClick={() => void go(name, offer.password)}>
                  {name}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </main>
  );
}

function useOffer(): Offer {
  const [offer, setOffer] = useState<Offer>({ accounts: [], password: '' });
  useEffect(() => {
    getJson<Offer>('/mail/offer')
      .then(setOffer)
      .catch((error: unknown) => console.info('nothing is offered', error));
  }, []);
  return offer;
}

/** Pings a host, and draws the round-trip times. */
import type { JSX } from 'preact';
import type { PingView } from '../../../src/internet/dashboard/api.ts';
import { api } from '../state/api.ts';
import { internet } from '../state/store.ts';
import { durationText } from '../state/units.ts';
import { texts } from '../texts.ts';
import { AskingForm, SeeMessages } from './asking-form.tsx';
import { Dialog, HostSelect } from './dialog.tsx';
import { field, useAsking } from './use-asking.ts';

const words = texts.dialogs.ping;
const COUNT = 10;

type Summary = PingView['summary'];

function result({ received, sent, loss }: Summary): string {
  return words.done(received, sent, `${Math.round(loss * 100)} %`);
}

export function PingDialog(): JSX.Element {
  const asking = useAsking(
    (form) =>
      api.ping({
        host: field(form, 'host'),
        to: field(form, 'to'),
        count: Number(field(form, 'count')),
      }),
    ({ summary }) => result(summary),
  );
  const hosts = internet.value?.hosts ?? [];
  const target = hosts.find(({ role }) => role === 'ping') ?? hosts[0];
  return (
    <Dialog title={words.title} about={words.about}>
      <AskingForm asking={asking} go={words.go}>
        <HostSelect />
        <label>
          {words.to}
          <select name="to">
            {hosts.map(({ name, title }) => (
              <option key={name} value={name} selected={name === target?.name}>
                {name} ({title})
              </option>
            ))}
          </select>
        </label>
        <label>
          {words.count}
          <input name="count" type="number" min={1} max={100} value={COUNT} required />
        </label>
      </AskingForm>
      {asking.answer && <Result view={asking.answer} />}
    </Dialog>
  );
}

function Result({ view }: { view: PingView }): JSX.Element {
  const { summary } = view;
  const { minimum, mean, maximum } = summary;
  const time = (seconds: number) => durationText(seconds * 1000);
  return (
    <section class="result" aria-label={words.title}>
      <p class="soft">
        {minimum !== undefined &&
          mean !== undefined &&
          maximum !== undefined &&
          words.times(time(minimum), time(mean), time(maximum))}
      </p>
      <Chart times={summary.times} most={maximum ?? 0} />
      <div class="actions">
        <SeeMessages after={view.after} />
      </div>
    </section>
  );
}

function Chart({ times, most }: { times: readonly (number | null)[]; most: number }): JSX.Element {
  return (
    <ol class="chart">
      {times.map((seconds, index) => {
        const text =
          seconds === null
            ? words.lost(index + 1)
            : words.reply(index + 1, durationText(seconds * 1000));
        return (
          // The place in the row is what a message of a ping is known by.
          <li key={text} title={text} class={seconds === null ? 'lost' : ''}>
            <i style={{ height: `${seconds === null ? 0 : 8 + (seconds / (most || 1)) * 92}%` }} />
            <span class="unseen">{text}</span>
            <small aria-hidden="true">{seconds === null ? '✕' : index + 1}</small>
          </li>
        );
      })}
    </ol>
  );
}

/** The ways of loading a page on one path: the course's formulas beside a simulation of the real client and server. */

import { type Signal, signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type {
  PageTimesRequest,
  PageTimesRowView,
} from '../../../src/internet/dashboard/api-web.ts';
import { api, sentence } from '../state/api.ts';
import { texts } from '../texts.ts';
import { PATH_FIELDS, type PathField, pathOf } from './path.ts';

const words = texts.web.times;

interface Result {
  readonly request: PageTimesRequest;
  readonly rows: readonly PageTimesRowView[];
}

const result: Signal<Result | undefined> = signal(undefined);
const problem: Signal<string | undefined> = signal(undefined);
const busy: Signal<boolean> = signal(false);

async function compute(form: HTMLFormElement): Promise<void> {
  if (busy.value || !form.reportValidity()) return;
  const request = pathOf(new FormData(form));
  busy.value = true;
  try {
    result.value = { request, ...(await api.pageTimes(request)) };
    problem.value = undefined;
  } catch (error) {
    problem.value = sentence(error);
  } finally {
    busy.value = false;
  }
}

export function TimesPanel(): JSX.Element {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (!result.value && form.current) compute(form.current);
  }, []);
  return (
    <>
      <form
        class="panel-bar path"
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          compute(event.currentTarget);
        }}
      >
        {PATH_FIELDS.map((field) => (
          <PathInput key={field.name} field={field} />
        ))}
        <label class="inline">
          <input
            type="checkbox"
            name="slowStart"
            defaultChecked={result.value?.request.slowStart ?? false}
          />
          {words.slowStart}
        </label>
        <button type="submit" class="button main" aria-disabled={busy.value}>
          {words.go}
        </button>
      </form>
      {problem.value !== undefined && (
        <p class="note trouble" role="alert">
          {problem.value}
        </p>
      )}
      {result.value && <Times {...result.value} />}
    </>
  );
}

function PathInput({ field }: { field: PathField }): JSX.Element {
  const { name, sign, unit, least, most, step, value } = field;
  const held = result.value?.request;
  return (
    <label title={words.fields[name]}>
      <var>{sign}</var>
      <span class="unseen">{words.fields[name]}</span>
      <input
        type="number"
        name={name}
        required
        min={least}
        max={most}
        step={step}
        defaultValue={String(held ? held[name] / field.factor : value)}
      />
      {unit}
    </label>
  );
}

function Times({ request, rows }: Result): JSX.Element {
  const longest = Math.max(...rows.map(({ measuredMs }) => measuredMs));
  const { size, rate } = request;
  return (
    <div class="times-view">
      <table class="grid times">
        <thead>
          <tr>
            <th scope="col">{words.columns.way}</th>
            {(['computed', 'heads', 'measured'] as const).map((column) => (
              <th key={column} scope="col" class="number" title={words.titles[column]}>
                {words.columns[column]}
              </th>
            ))}
            <th scope="col" class="bar-column">
              <span class="unseen">{words.columns.bar}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Way key={row.mode} row={row} longest={longest} />
          ))}
        </tbody>
      </table>
      <p class="soft">{words.legend(seconds((size * 8_000) / rate))}</p>
      <p class="soft">{request.slowStart ? words.slowStartNote : words.headsNote}</p>
    </div>
  );
}

function Way({ row, longest }: { row: PageTimesRowView; longest: number }): JSX.Element {
  const { mode, formula, withHeadsMs, measuredMs } = row;
  const share = (ms: number) => `${(ms / longest) * 100}%`;
  return (
    <tr>
      <th scope="row">
        {texts.dialogs.load.modes[mode]}
        {formula ? <Formula text={formula.text} /> : <small>{words.none}</small>}
      </th>
      <td class="number">{seconds(formula?.ms)}</td>
      <td class="number">{seconds(withHeadsMs)}</td>
      <td class="number measured">{seconds(measuredMs)}</td>
      <td class="bar-column" aria-hidden="true">
        <span class="compared">
          <i style={{ width: share(measuredMs) }} />
          {formula && <b style={{ left: share(formula.ms) }} />}
        </span>
      </td>
    </tr>
  );
}

/** Single letters are quantities, as in a book. */
function Formula({ text }: { text: string }): JSX.Element {
  return (
    <span class="formula">
      {text
        .replaceAll(' - ', ' − ')
        .split(/([RONCPWk])/)
        .map((part, index) => (index % 2 === 1 ? <var key={`${index}${part}`}>{part}</var> : part))}
    </span>
  );
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? '–' : `${(ms / 1_000).toFixed(4)} s`;
}

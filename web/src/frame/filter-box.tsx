/** The filter, written or clicked together. */
import type { JSX } from 'preact';
import { setFilter } from '../state/actions.ts';
import { filterProblem, filterText } from '../state/store.ts';
import { texts } from '../texts.ts';

export const FILTER_ID = 'filter';

export function FilterBox(): JSX.Element {
  const problem = filterProblem.value;
  return (
    <search class="find">
      <input
        id={FILTER_ID}
        type="search"
        aria-label={texts.filter.label}
        placeholder={texts.filter.placeholder}
        spellcheck={false}
        autocomplete="off"
        value={filterText.value}
        aria-invalid={problem !== undefined}
        aria-describedby="filter-problem"
        onInput={(event) => setFilter(event.currentTarget.value)}
      />
      <p id="filter-problem" role="status">
        {problem !== undefined && texts.filter.problem(problem)}
      </p>
    </search>
  );
}

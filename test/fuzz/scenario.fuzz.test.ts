/** Scenario files: any text gives a scenario or a UsageError. */
import { it } from 'vitest';
import { parseScenario } from '../../src/internet/index.ts';
import { fromLatin1 } from '../../src/lib/bytes.ts';
import { UsageError } from '../../src/lib/errors.ts';
import { fuzz, ROUNDS } from './mutate.ts';

const TIME = 240_000;

function allowed(act: () => unknown): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
  }
}

it('scenarios', { timeout: TIME }, () => {
  const small =
    'title: a\nnetwork: 127.1.0.0/16\nplaces: {p: {title: b, at: [0,0]}}\nhosts: {h: {place: p, address: 127.1.0.1}}\n';
  fuzz(
    [small],
    ['{', '}', '[', ':', '- ', '\n', '"', '&a', '*a', '|\n', '!!x ', '127.1.0.1', 'up: 1 s'],
    (bytes) => {
      allowed(() => parseScenario(fromLatin1(bytes), 'f'));
    },
    // Nine tenths of each go to the library that reads YAML.
    ROUNDS / 4,
  );
});

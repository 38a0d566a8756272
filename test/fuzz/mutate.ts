/**
 * Random and mutated inputs, from a seed that is printed with every failure. What is checked 100,000 times is
 * checked with node:assert: expect is slower than most of our parsers.
 */
import { concat, latin1 } from '../../src/lib/bytes.ts';
import { below, seededRandom } from '../../src/net/index.ts';

export const SEED: number = Number(process.env['FUZZ_SEED'] ?? 20_261_122);
export const ROUNDS: number = Number(process.env['FUZZ_ROUNDS'] ?? 100_000);

/**
 * So many inputs: one in four noise, the others made of the examples by cutting, doubling and putting
 * in what breaks parsers oftener than even luck does.
 */
export function* inputs(
  examples: readonly Uint8Array[],
  spice: readonly Uint8Array[],
  rounds: number = ROUNDS,
): Generator<Uint8Array> {
  const random = seededRandom(SEED);
  const pick = <T>(from: readonly T[]): T => from[below(random, from.length)] as T;
  const mutate = (bytes: Uint8Array): Uint8Array => {
    const at = below(random, bytes.length + 1);
    const cut = at + below(random, 5) * below(random, 3);
    const more = below(random, 3) === 0 ? random.bytes(below(random, 4)) : pick(spice);
    return concat([bytes.subarray(0, at), more, bytes.subarray(cut)]);
  };
  for (let round = 0; round < rounds; round++) {
    let input = round % 4 === 0 ? random.bytes(below(random, 48)) : pick(examples);
    for (let times = below(random, 4); times > 0; times--) input = mutate(input);
    yield input;
  }
}

/** Calls `check` for so many inputs. */
export function fuzz(
  examples: readonly string[],
  spice: readonly string[],
  check: (bytes: Uint8Array) => void,
  rounds: number = ROUNDS,
): void {
  let round = 0;
  for (const input of inputs(examples.map(latin1), spice.map(latin1), rounds)) {
    if (!passes(check, input)) {
      const shown = JSON.stringify(String.fromCharCode(...input));
      throw new Error(`seed ${SEED}, round ${round}: ${shown}`, { cause: failure(check, input) });
    }
    round++;
  }
}

function passes(check: (bytes: Uint8Array) => void, input: Uint8Array): boolean {
  return withoutTraces(() => {
    try {
      check(input);
      return true;
    } catch {
      return false;
    }
  });
}

/** Most inputs end in an error, as they should, and most of its price is the trace of the stack. */
export function withoutTraces<T>(act: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return act();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** What the check said, with its stack. */
function failure(check: (bytes: Uint8Array) => void, input: Uint8Array): unknown {
  try {
    check(input);
    return 'it failed once, and then no more';
  } catch (error) {
    return error;
  }
}

/** What the page of the test runs: a scenario, from its text, in the browser. */

import { parseScenario, SimulatedInternet, type SimulatedRun } from '../../src/internet/index.ts';
import { fromBase64 } from '../../src/lib/base64.ts';
import { memoryFiles } from '../../src/net/index.ts';

/** `files` are the sites: paths with their bytes in base64. */
export async function simulate(
  text: string,
  files: readonly (readonly [string, string])[],
  seed: string,
): Promise<SimulatedRun & { readonly messages: number }> {
  const content = memoryFiles({ epoch: 0, now: () => 0 }, { crashable: false });
  for (const [path, bytes] of files) {
    const names = path.split('/').slice(1, -1);
    for (let depth = 1; depth <= names.length; depth++) {
      await content.makeDirectory(`/${names.slice(0, depth).join('/')}`).catch(() => undefined);
    }
    await content.write(path, fromBase64(bytes) ?? new Uint8Array());
  }
  const simulated = new SimulatedInternet(
    { scenario: parseScenario(text, 'internet.yaml'), content },
    seed,
  );
  const outcome = await simulated.run();
  return { ...outcome, messages: simulated.internet.recorder.messages().length };
}

import type { Host } from '../net/index.ts';
import { realHost } from '../net/real/index.ts';
import type { CliTools } from './tools.ts';

/** Where a server runs: on this machine alone, unless --expose asks for more; that is warned about. */
export function hostFor(tools: CliTools, expose: boolean | undefined): Host {
  if (!expose) return tools.host();
  tools.note('exposed: whoever reaches this address can use this server');
  return realHost({ name: 'command line', expose: true });
}

import type { Command } from 'commander';
import { formatRecord, parseName, transferZone } from '../../../dns/index.ts';
import { UsageError } from '../../../lib/errors.ts';
import { endpointOf } from '../../name-server.ts';
import type { CliTools } from '../../tools.ts';

export function registerAxfr(dns: Command, tools: CliTools): void {
  dns
    .command('axfr')
    .description('fetch a whole zone from its server, as a zone file')
    .argument('<zone>', 'the name of the zone')
    .argument('<server>', '@ADDRESS or @NAME, with #PORT where it is not 53')
    .addHelpText(
      'after',
      '\nExamples:\n  toplayer dns axfr campus.edu @127.0.0.1#5353 > campus.edu.zone',
    )
    .action(async (zone: string, server: string) => {
      if (!server.startsWith('@')) {
        throw new UsageError(
          `the server is written with an @, as in @127.0.0.1#5353, not ${server}`,
        );
      }
      const at = await endpointOf(server.slice(1), 53, tools);
      const { signal } = tools;
      const records = await transferZone(tools.host(), at, parseName(zone), { signal });
      tools.out(records.map((record) => `${formatRecord(record)}\n`).join(''));
      tools.note(`; ${records.length} records`);
    });
}

import type { Command } from 'commander';
import { plainName } from '../../../dns/index.ts';
import type { CliTools } from '../../tools.ts';
import { loadZone, problemText, zoneSource } from './zones.ts';

export function registerCheck(dns: Command, tools: CliTools): void {
  dns
    .command('check')
    .description('say what is wrong, or odd, in zone files')
    .argument('<zones...>', 'FILE that is called as its zone, or NAME=FILE')
    .addHelpText('after', '\nExits with 1 when a zone has errors; warnings are only told.')
    .action(async (zones: string[]) => {
      let faulty = false;
      for (const zone of zones) faulty = !(await check(tools, zone)) || faulty;
      if (faulty) process.exitCode = 1;
    });
}

async function check(tools: CliTools, text: string): Promise<boolean> {
  const source = zoneSource(text);
  const { records, problems } = await loadZone(tools.host().files, source);
  for (const problem of problems) tools.out(`${problemText(problem)}\n`);
  const faults = problems.filter(({ severity }) => severity === 'error').length;
  const soa = records.find((record) => record.type === 'SOA');
  const serial = soa?.type === 'SOA' ? `, serial ${soa.serial}` : '';
  const verdict = faults === 0 ? 'in order' : faults === 1 ? '1 error' : `${faults} errors`;
  tools.out(`${plainName(source.origin)}: ${records.length} records${serial}: ${verdict}\n`);
  return faults === 0;
}

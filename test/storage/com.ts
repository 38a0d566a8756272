import { parseZoneFile, type ResourceRecord } from '../../src/dns/index.ts';

export const COM: ResourceRecord[] = parseZoneFile(
  '$TTL 60\n@ SOA a.nic hostmaster.nic 1 2 3 4 1\n  NS a.nic\na.nic A 127.0.0.1\n',
  { origin: 'com.' },
);

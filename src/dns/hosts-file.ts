import type { Address } from '../lib/endpoint.ts';
import { parseIPv4, parseIPv6, reverseName } from './address.ts';
import { nameKey, parseName } from './name.ts';
import type { Name } from './types.ts';

/** The names of one machine, which come before DNS: lines of an address and its names. */
export class HostsFile {
  private readonly addresses = new Map<string, Address[]>();
  private readonly names = new Map<string, Name>();

  /** Reads `ADDRESS NAME...` lines; `#` begins a comment, and lines that are none are passed over. */
  constructor(text: string) {
    for (const line of text.split('\n')) {
      const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
      if (!parseIPv4(address) && !parseIPv6(address)) continue;
      const reverse = reverseName(address);
      const [first] = names;
      if (first && reverse && !this.names.has(reverse)) this.names.set(reverse, parseName(first));
      for (const name of names) this.add(nameKey(parseName(name)), address);
    }
  }

  /** The addresses of a name, of one family; undefined when the file does not name it. */
  get(name: Name, type: 'A' | 'AAAA'): readonly Address[] | undefined {
    const all = this.addresses.get(nameKey(name));
    return all?.filter((address) => address.includes(':') === (type === 'AAAA'));
  }

  /** The first name of the address that a name of the reverse tree stands for. */
  nameOf(reverse: Name): Name | undefined {
    return this.names.get(nameKey(reverse));
  }

  private add(key: string, address: Address): void {
    const known = this.addresses.get(key);
    if (known) known.push(address);
    else this.addresses.set(key, [address]);
  }
}

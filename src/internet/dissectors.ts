import { dnsDissector } from '../dns/index.ts';
import { httpDissector } from '../http/index.ts';
import { imapDissector } from '../imap/index.ts';
import { pingDissector } from '../ping/index.ts';
import { pop3Dissector } from '../pop3/index.ts';
import { smtpDissector } from '../smtp/index.ts';
import { telnetDissector } from '../telnet/index.ts';
import { DissectorRegistry } from '../trace/index.ts';
import { whoisDissector } from '../whois/index.ts';

/** All protocols that this project can read from the wire. */
export function allDissectors(): DissectorRegistry {
  return new DissectorRegistry([
    dnsDissector,
    httpDissector,
    imapDissector,
    pingDissector,
    pop3Dissector,
    smtpDissector,
    telnetDissector,
    whoisDissector,
  ]);
}

import type { Command } from 'commander';
import type { CliTools } from '../tools.ts';

type Register = (program: Command, tools: CliTools) => void;

/** In the order in which --help shows them. The code of a command is loaded when it is called. */
const COMMANDS: Readonly<Record<string, () => Promise<Register>>> = {
  up: async () => (await import('./up.ts')).registerUp,
  sim: async () => (await import('./sim.ts')).registerSim,
  trace: async () => (await import('./trace.ts')).registerTrace,
  get: async () => (await import('./get/get.ts')).registerGet,
  page: async () => (await import('./get/page.ts')).registerPage,
  mime: async () => (await import('./mime.ts')).registerMime,
  dig: async () => (await import('./dig.ts')).registerDig,
  nslookup: async () => (await import('./nslookup.ts')).registerNslookup,
  dns: async () => (await import('./dns.ts')).registerDns,
  whois: async () => (await import('./whois.ts')).registerWhois,
  ping: async () => (await import('./ping.ts')).registerPing,
  telnet: async () => (await import('./telnet.ts')).registerTelnet,
  hosts: async () => (await import('./hosts.ts')).registerHosts,
  ports: async () => (await import('./ports.ts')).registerPorts,
  ca: async () => (await import('./ca.ts')).registerCa,
  proxy: async () => (await import('./proxy.ts')).registerProxy,
  http: async () => (await import('./http.ts')).registerHttp,
  mail: async () => (await import('./mail/mail.ts')).registerMail,
  smtp: async () => (await import('./smtp/smtp.ts')).registerSmtp,
  imap: async () => (await import('./imap/imap.ts')).registerImap,
  pop3: async () => (await import('./pop3/pop3.ts')).registerPop3,
  experiment: async () => (await import('./experiment.ts')).registerExperiment,
};

/** Registers the command that is called; all of them where it is none, for help and suggestions. */
export async function registerCommands(
  program: Command,
  tools: CliTools,
  called: string | undefined,
): Promise<void> {
  const one = called === undefined ? undefined : COMMANDS[called];
  for (const load of one ? [one] : Object.values(COMMANDS)) (await load())(program, tools);
}

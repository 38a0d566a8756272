import type { Command } from 'commander';
import { type Commands, registerCalled } from '../called.ts';
import type { CliTools } from '../tools.ts';

const COMMANDS: Commands = {
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

/** Registers the command that these words call. */
export function registerCommands(
  program: Command,
  tools: CliTools,
  words: readonly string[],
): Promise<void> {
  return registerCalled(program, tools, COMMANDS, words);
}

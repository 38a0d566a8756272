/** Registration of names: registries, registrars, and what WHOIS and RDAP tell of them. */
export * from './defaults.ts';
export { RegistrationError, type RegistrationErrorCode } from './errors.ts';
export { Hosting, type HostingOptions } from './hosting.ts';
export { hostName, registrableName, unicodeName } from './machine/names.ts';
export {
  commandHandler,
  provisioning,
  RegistrationClient,
  type RegistrationClientOptions,
} from './provisioning.ts';
export { bootstrapFile, rdap } from './rdap.ts';
export { Registrar, type RegistrarOptions, type RegistryDoor } from './registrar.ts';
export { REGISTRY_ACCOUNT, Registry, type RegistryOptions } from './registry.ts';
export { registrarSite, type SiteOptions } from './site.ts';
export { type HostedZone, type HostingStore, memoryHostingStore } from './store/hosting.ts';
export { memoryRegistryStore } from './store/memory.ts';
export type { RegistryChange, RegistryState, RegistryStore } from './store/types.ts';
export type * from './types.ts';
export { type Referral, referralAnswer, whoisAnswer } from './whois.ts';
export { parseAnswer, statusOf } from './wire/answer.ts';
export { encodeCommand, parseCommand } from './wire/command.ts';

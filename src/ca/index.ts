/** The internet's own certification authority (RFC 5280). */
export { Authority, type AuthorityKeys, newAuthority } from './authority.ts';
export { authorityFolder, CERTIFICATE_FILE, keptAuthority, renewAuthority } from './folder.ts';

/** Who is it: Digest, Basic, codes that are good once, sealed values, passwords. */
export { Credentials, type CredentialsOptions, type ProvedRequest, requestAs } from './client.ts';
export * from './defaults.ts';
export { type BasicAuthOptions, basicAuth } from './handlers/basic-auth.ts';
export { type DigestAuthOptions, digestAuth } from './handlers/digest-auth.ts';
export { identityOf } from './handlers/identity.ts';
export { Attempts, type AttemptsOptions } from './machine/attempts.ts';
export { sameBytes, sameSecret } from './machine/compare.ts';
export { credentialHash, digestUsers } from './machine/digest.ts';
export {
  checkHotp,
  checkTotp,
  hotp,
  type OneTimeOptions,
  otpauthUri,
  type TotpOptions,
  totp,
  totpStep,
} from './machine/one-time.ts';
export { hashPassword, verifyPassword } from './machine/passwords.ts';
export {
  checkProof,
  makeProof,
  type ProofKeys,
  proofKeys,
  type ScramKeys,
  scramKeys,
  serverSignature,
} from './machine/proof.ts';
export {
  type Opened,
  Sealer,
  type SealerOptions,
  type SealKey,
  type SealRefusal,
} from './machine/sealed.ts';
export type * from './types.ts';
export { parseChallenges, parseCredentials } from './wire/auth-field.ts';

/** The limits of SASL, each with its reason. */

/** RFC 7677 §4 asks for 4,096 at least. */
export const SCRAM_ITERATIONS = 4_096;

/** A server that asks for more wants to keep the client busy. */
export const SCRAM_ITERATIONS_LIMIT = 1_000_000;

/** 144 bits: no nonce comes twice. */
export const NONCE_BYTES = 18;

export const SALT_BYTES = 16;

/** Names and passwords: more is no person's. */
export const NAME_LIMIT = 255;
export const PASSWORD_LIMIT = 1_024;

import { argon2id as hashArgon2id } from 'hash-wasm';

/** The cost of one password guess, as RFC 9106 names it. */
export interface Argon2idParameters {
  /** Memory in KiB; at least 8 for each lane. */
  readonly memoryKiB: number;
  /** Times the memory is gone over. */
  readonly passes: number;
  /** Lanes that could be filled at once. */
  readonly parallelism: number;
  /** Bytes of the result. */
  readonly length: number;
}

/**
 * Argon2id, version 1.3, without secret and associated data (RFC 9106). The caller has checked the parameters and
 * gives a password of at least one byte and a salt of at least eight. Rejects when the memory cannot be had.
 */
export type Argon2id = (
  password: Uint8Array,
  salt: Uint8Array,
  parameters: Argon2idParameters,
) => Promise<Uint8Array>;

/** Argon2id in WebAssembly, for browsers; runs on the calling thread, so a page calls it from a worker. */
export const argon2idWasm: Argon2id = (password, salt, { memoryKiB, passes, parallelism, length }) =>
  hashArgon2id({
    password,
    salt,
    memorySize: memoryKiB,
    iterations: passes,
    parallelism,
    hashLength: length,
    outputType: 'binary',
  });

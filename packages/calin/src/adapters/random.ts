import { randomBytes } from 'node:crypto';

/** 32 bytes from the system's generator: the seed of what must differ between nodes, and of keys. */
export function randomSeed(): Uint8Array {
  return new Uint8Array(randomBytes(32));
}

import { randomBytes } from 'node:crypto';
import type { RandomBytes } from '@calin/client/keys/mnemonic.ts';

/** Unpredictable bytes from the system's generator: for keys, salts and what must differ between nodes. */
export const systemRandom: RandomBytes = (length) => new Uint8Array(randomBytes(length));

import { concatBytes, fromHex } from '@calin/core/base/bytes.ts';
import { keyedHash } from '@calin/core/crypto/hash.ts';
import type { RandomBytes } from '../keys/mnemonic.ts';
import type { Argon2id } from './argon2id.ts';
import type { SealOptions } from './keystore.ts';
import type { KdfCost } from './seal.ts';

/** The least that RFC 9106 allows: for tests of everything but the cost. */
const CHEAP_KDF: KdfCost = { memoryKiB: 8, passes: 1, parallelism: 1 };

/** The secret key of TEST 1 of RFC 8032, section 7.1. */
export const SECRET_KEY = fromHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');

/** Bytes that repeat from run to run: 0, 1, 2 and so on. Never outside tests. */
function countingBytes(): RandomBytes {
  let next = 0;
  return (length) => Uint8Array.from({ length }, () => next++ & 0xff);
}

/** Stands in for Argon2id where a test wants thousands of openings: depends on every input, costs nothing. */
export const hashInPlaceOfArgon2id: Argon2id = (password, salt, { memoryKiB, passes, parallelism }) => {
  const numbers = Uint8Array.from(
    new Uint32Array([memoryKiB, passes, parallelism, salt.length]),
    (n) => n & 255,
  );
  return Promise.resolve(keyedHash(new Uint8Array(32), concatBytes(numbers, salt, password)));
};

/** Options that differ from the real ones only in cost and in chance. */
export function testOptions(argon2id: Argon2id): SealOptions {
  return { prefix: 'dcal', random: countingBytes(), argon2id, kdf: CHEAP_KDF };
}

import { assert } from '@calin/core/base/assert.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { PublicKey, SecretKey } from '@calin/core/crypto/signature.ts';
import { HARDENED_OFFSET, HDKey } from 'micro-key-producer/slip10.js';
import { refuseKeys } from './rules.ts';

/**
 * The coin type of the paths. SLIP-0044 has no number for Calin, and taking one that is not registered would share
 * keys with whoever registers it. Number 1 is set aside there for the test networks of all coins, so nobody's
 * money stands on it. The same phrase may give the same key on another chain's test network; that does no harm,
 * since what is signed here is keyed by the chain.
 *
 * @see https://github.com/satoshilabs/slips/blob/master/slip-0044.md
 */
const COIN_TYPE = 1;

/** Steps of a path. BIP-44 uses five; every step costs a hash and a curve multiplication. */
const DEPTH_MAX = 10;
/** Bytes of a seed that SLIP-0010 takes. */
const SEED_BYTES_MIN = 16;
const SEED_BYTES_MAX = 64;

/** A key pair and the path it came from. */
export interface DerivedKey {
  readonly path: string;
  readonly secretKey: SecretKey;
  readonly publicKey: PublicKey;
}

/** The path of account `index`, an integer from 0 to 2^31 − 1: `m/44'/1'/index'/0'`. */
export function accountPath(index: number): string {
  assert(Number.isInteger(index) && index >= 0 && index < HARDENED_OFFSET, `no account ${index}`);
  return `m/44'/${COIN_TYPE}'/${index}'/0'`;
}

/** The key of account `index` of a seed; see {@link accountPath}. */
export function accountKey(seed: Uint8Array, index: number): DerivedKey {
  const derived = deriveKey(seed, accountPath(index));
  assert(derived.ok, 'the path of an account is well formed');
  return derived.value;
}

/**
 * The Ed25519 key at a path, by SLIP-0010. Every step is hardened: on this curve there are no others, so a public
 * key alone derives nothing. Refuses a malformed path by `keys/path`.
 *
 * @param seed - 16 to 64 bytes; see {@link ./mnemonic.ts}
 * @param path - `m`, or `m/` and up to ten numbers below 2^31, each with an apostrophe
 * @see https://github.com/satoshilabs/slips/blob/master/slip-0010.md
 */
export function deriveKey(seed: Uint8Array, path: string): Result<DerivedKey> {
  assert(seed.length >= SEED_BYTES_MIN && seed.length <= SEED_BYTES_MAX, `a seed of ${seed.length} bytes`);
  const steps = parsePath(path);
  if (!steps.ok) return steps;
  let key = HDKey.fromMasterSeed(seed);
  for (const step of steps.value) key = key.deriveChild(step + HARDENED_OFFSET);
  return ok({ path, secretKey: key.privateKey, publicKey: key.publicKeyRaw });
}

function parsePath(path: string): Result<number[]> {
  const [root, ...parts] = path.split('/', DEPTH_MAX + 2);
  if (root !== 'm') return refuseKeys('keys/path', { why: 'does not start with m', got: path.slice(0, 80) });
  if (parts.length > DEPTH_MAX) return refuseKeys('keys/path', { why: 'too many steps', max: DEPTH_MAX });
  const steps: number[] = [];
  for (const part of parts) {
    // One spelling for every number, so that equal paths are equal texts.
    const digits = /^(0|[1-9][0-9]{0,9})'$/.exec(part)?.[1];
    const step = Number(digits);
    if (digits === undefined || step >= HARDENED_OFFSET) {
      return refuseKeys('keys/path', { why: 'a step is malformed', got: part.slice(0, 80) });
    }
    steps.push(step);
  }
  return ok(steps);
}
